# L’annuaire général des organisations.
directory-title = Annuaire des organisations
directory-text = Trouvez qui est compétent pour quoi. Les organisations qui ne sont plus actives n’y figurent pas.
directory-name = Les mots d’un nom commencent par
directory-any = Toutes
directory-module = Module
directory-modules = Modules
directory-as = En tant que
directory-changed = Dernière modification
directory-none = Aucune organisation trouvée.
directory-back = Retour à l’annuaire
directory-suspended = { $module } (suspendu)
directory-caption = { $count ->
    [one] 1 organisation
   *[other] { $count } organisations
}
menu-directory = Annuaire
