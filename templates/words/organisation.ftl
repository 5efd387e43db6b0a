# What an organisation is called, in all forms that texts need: the word for one, one with its article, several, and those below it.
# The same terms with the same forms stand in each file of this folder; a profile chooses the file.

## English

-place-en = { $form ->
   *[one] organisation
    [a] an organisation
    [many] organisations
    [sub] sub-organisation
    [subs] sub-organisations
    [One] Organisation
    [A] An organisation
    [Many] Organisations
    [Subs] Sub-organisations
 }

## German: each of the words is feminine, and has one form for all cases of the singular and one for those of the plural.

-place-de = { $form ->
   *[one] Organisation
    [many] Organisationen
    [sub] Unterorganisation
    [subs] Unterorganisationen
 }

## French: the words differ in gender and in how articles run into them.

-place-fr = { $form ->
   *[one] organisation
    [many] organisations
    [sub] sous-organisation
    [subs] sous-organisations
    [a] une organisation
    [the] l’organisation
    [of] d’organisation
    [of_the] de l’organisation
    [this] cette organisation
    [of_a] d’une organisation
    [of_many] d’organisations
    [a_sub] une sous-organisation
    [One] Organisation
    [Many] Organisations
    [Subs] Sous-organisations
    [A] Une organisation
    [The] L’organisation
    [This] Cette organisation
 }
    .gender = feminine
