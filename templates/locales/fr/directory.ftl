# L’annuaire général des organisations.
directory-title = Annuaire des { -place-fr(form: "many") }
directory-text = Trouvez qui est compétent pour quoi. Les { -place-fr(form: "many") } { -place-fr.gender ->
    [feminine] désactivées
   *[masculine] désactivés
 } n’y figurent pas.
directory-name = Les mots d’un nom commencent par
directory-any = Toutes
directory-module = Module
directory-modules = Modules
directory-as = En tant que
directory-changed = Dernière modification
directory-none = { -place-fr.gender ->
    [feminine] Aucune
   *[masculine] Aucun
 } { -place-fr } ne correspond.
directory-back = Retour à l’annuaire
directory-suspended = { $module } (suspendu)
directory-caption = { $count ->
    [one] 1 { -place-fr }
   *[other] { $count } { -place-fr(form: "many") }
}
menu-directory = Annuaire
