# What an organisation is called, in all forms that texts need: the word for one, one with its article, several, and those below it.
# The same terms with the same forms stand in each file of this folder; a profile chooses the file.

## English

-place-en = { $form ->
   *[one] authority
    [a] an authority
    [many] authorities
    [sub] sub-authority
    [subs] sub-authorities
    [One] Authority
    [A] An authority
    [Many] Authorities
    [Subs] Sub-authorities
 }

## German: each of the words is feminine, and has one form for all cases of the singular and one for those of the plural.

-place-de = { $form ->
   *[one] Behörde
    [many] Behörden
    [sub] Unterbehörde
    [subs] Unterbehörden
 }

## French: the words differ in gender and in how articles run into them.

-place-fr = { $form ->
   *[one] autorité
    [many] autorités
    [sub] sous-autorité
    [subs] sous-autorités
    [a] une autorité
    [the] l’autorité
    [of] d’autorité
    [of_the] de l’autorité
    [this] cette autorité
    [of_a] d’une autorité
    [of_many] d’autorités
    [a_sub] une sous-autorité
    [One] Autorité
    [Many] Autorités
    [Subs] Sous-autorités
    [A] Une autorité
    [The] L’autorité
    [This] Cette autorité
 }
    .gender = feminine
