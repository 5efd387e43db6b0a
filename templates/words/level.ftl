# What an organisation is called, in all forms that texts need: the word for one, one with its article, several, and those below it.
# The same terms with the same forms stand in each file of this folder; a profile chooses the file.

## English

-place-en = { $form ->
   *[one] level
    [a] a level
    [many] levels
    [sub] sub-level
    [subs] sub-levels
    [One] Level
    [A] A level
    [Many] Levels
    [Subs] Sub-levels
 }

## German: each of the words is feminine, and has one form for all cases of the singular and one for those of the plural.

-place-de = { $form ->
   *[one] Ebene
    [many] Ebenen
    [sub] Unterebene
    [subs] Unterebenen
 }

## French: the words differ in gender and in how articles run into them.

-place-fr = { $form ->
   *[one] niveau
    [many] niveaux
    [sub] sous-niveau
    [subs] sous-niveaux
    [a] un niveau
    [the] le niveau
    [of] de niveau
    [of_the] du niveau
    [this] ce niveau
    [of_a] d’un niveau
    [of_many] de niveaux
    [a_sub] un sous-niveau
    [One] Niveau
    [Many] Niveaux
    [Subs] Sous-niveaux
    [A] Un niveau
    [The] Le niveau
    [This] Ce niveau
 }
    .gender = masculine
