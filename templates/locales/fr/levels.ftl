# Levels and scopes.
done-level-saved = { -place-fr(form: "The") } a été { -place-fr.gender ->
    [feminine] enregistrée
   *[masculine] enregistré
 }.
scope-allows = Permet
scope-levels = { -place-fr(form: "Many") } que vous voyez
permission-user-read = voir les utilisateurs
permission-user-read-contact = voir les adresses électroniques et les numéros de téléphone
permission-user-create = créer des utilisateurs
permission-user-update = modifier des utilisateurs
permission-user-delete = supprimer des utilisateurs
permission-user-reset-credentials = lancer des récupérations
permission-user-block = bloquer des utilisateurs
permission-membership-read = voir les appartenances
permission-membership-assign = attribuer des appartenances
permission-role-read = voir les rôles
permission-role-grant = accorder des rôles
permission-role-confirm = confirmer des rôles
permission-organisation-read = voir les { -place-fr(form: "many") }
permission-organisation-create = créer des { -place-fr(form: "many") }
permission-organisation-update = modifier des { -place-fr(form: "many") }
permission-application-manage = gérer les applications
permission-group-manage = gérer les groupes
permission-client-manage = gérer les clients OIDC
permission-audit-read = lire le journal d’audit
permission-key-manage = gérer les clés
permission-system-read = voir l’état du système
levels-title = { -place-fr(form: "Many") }
level-new = Créer { -place-fr(form: "a") }
level-name = Nom
level-country = Pays
level-country-hint = Deux lettres (ISO 3166), par exemple DE
level-lei = LEI
level-external-id = Identifiant externe
level-parent = Sous
level-move = Déplacer
level-move-title = Déplacer { -place-fr(form: "the") }
level-move-text = « { $level } » change de place avec tout ce qui se trouve en dessous. Ceux qui administrent les { -place-fr(form: "many") } au-dessus peuvent en perdre l’administration ; ceux qui administrent les { -place-fr(form: "many") } au-dessus du nouvel emplacement la gagnent.
level-move-confirm = Déplacer maintenant
level-move-preview = Aperçu
level-loses = Perdent l’administration
level-move-deputy = { $right } (en suppléance)
level-gains = Gagnent l’administration
level-nobody = Personne
level-deactivate = Désactiver
level-reactivate = Réactiver
level-deactivate-text = Personne dans « { $level } » ou en dessous ne peut se connecter et rien ne peut y être accordé jusqu’à sa réactivation.
level-users = Utilisateurs
level-taken = Il existe déjà ici { -place-fr(form: "a") } de ce nom
level-cannot-move = Le déplacement à cet endroit est impossible
scope-below = { $count ->
    [0] (sans { -place-fr(form: "sub") })
    [one] et { $count } { -place-fr(form: "sub") }
   *[other] et { $count } { -place-fr(form: "subs") }
}
level-outside = { -place-fr(form: "a") } hors de votre périmètre
levels-back = Retour aux { -place-fr(form: "many") }
levels-caption = { $count ->
    [one] { $count } { -place-fr }
   *[other] { $count } { -place-fr(form: "many") }
}
levels-none = { -place-fr.gender ->
    [feminine] Aucune
   *[masculine] Aucun
 } { -place-fr } ne correspond.
level-edit = Modifier { -place-fr(form: "the") }
level-new-below = Créer { -place-fr(form: "a_sub") }
level-place = Emplacement
level-people-below = Utilisateurs ici et en dessous
level-sub-levels = { -place-fr(form: "Subs") }
level-no-sub-levels = Il n’y a pas de { -place-fr(form: "subs") }.
level-administrators = Administrateurs de { -place-fr(form: "this") }
level-no-administrators = Personne que vous puissiez voir n’administre précisément { -place-fr(form: "this") } ; des administrateurs placés plus haut peuvent l’atteindre.
level-lei-hint = 20 lettres et chiffres (ISO 17442)
level-lei-wrong = Ce LEI n’est pas valide : vérifiez ses 20 caractères
level-country-wrong = Saisissez deux lettres, par exemple FR
level-external-id-hint = La clé qu’utilisent vos propres systèmes.
level-deactivate-title = Désactiver { -place-fr(form: "the") }
level-reactivate-title = Réactiver { -place-fr(form: "the") }
level-reactivate-text = Les personnes de « { $level } » et en dessous peuvent se reconnecter.
level-people-affected = Concernés : { $people }
level-move-to = Déplacer vers { $place }
level-move-below = { $count ->
    [one] { $count } { -place-fr(form: "sub") } change aussi de place.
   *[other] { $count } { -place-fr(form: "subs") } changent aussi de place.
}
level-move-changed = Une habilitation a changé depuis l’aperçu. Consultez-le à nouveau.
level-others = { $count ->
    [one] { $count } autre, que vous ne pouvez pas voir
   *[other] { $count } autres, que vous ne pouvez pas voir
}
scope-levels-some = { -place-fr(form: "Many") } visibles, au début d’une longue liste
scope-text = Ce que vous administrez, et par quel rôle. Les listes et recherches ne montrent rien au-delà.

# The roles of the installation and who grants them.
pattern-title = Rôles et qui les attribue
pattern-text = Chaque rôle de cette installation : ce qu’il permet, qui l’attribue et qui le retire.
pattern-scope = Porte sur
pattern-holders = Titulaires
pattern-confirmation = Confirmation
pattern-granted-by = Attribué par
pattern-revoked-by = Retiré par
pattern-grants = Attribue
pattern-nobody = personne
pattern-entitlements = Dans les applications
pattern-requires = Seulement avec
pattern-given = Comment il s’obtient
pattern-nominated = Une personne est désignée par son adresse électronique, et accepte.
pattern-dormant = Seul, il ne donne aucun droit ; un autre rôle le requiert.
pattern-revocation = Retrait demandé par
pattern-holders-any = sans limite
pattern-holders-min = { $count ->
    [one] au moins un titulaire par périmètre
   *[other] au moins { $count } titulaires par périmètre
}
pattern-holders-max = { $count ->
    [one] un titulaire au plus par périmètre
   *[other] { $count } titulaires au plus par périmètre
}
role-scope-system = toute l’installation
role-scope-organisation = { -place-fr(form: "a") }
role-scope-organisation-applications = { -place-fr(form: "a") } et des applications
confirmation-none = prend effet immédiatement
confirmation-first-in-scope = l’opérateur confirme le premier titulaire d’un périmètre
confirmation-always = l’opérateur confirme toujours
relation-same-organisation = { -place-fr.gender ->
    [feminine] de la même
   *[masculine] du même
 } { -place-fr }
relation-covering = dont le périmètre le contient
relation-any = partout
level-tab = { -place-fr(form: "One") }
level-users-below = Utilisateurs ici et en dessous
level-classification = Classification
level-classification-none = Rien n’est dit de ce que fait { -place-fr(form: "this") }.
level-vocabulary = Liste
level-classes = Ce qui s’applique
level-users-caption = { $count ->
    [one] { $count } utilisateur de { -place-fr(form: "this") }
   *[other] { $count } utilisateurs de { -place-fr(form: "this") }
}
level-no-users = Personne n’appartient directement à { -place-fr(form: "this") }.
level-move-duties = Par ce déplacement, quelqu’un détiendrait sur { -place-fr(form: "a") } des rôles qui ne peuvent y être détenus ensemble. Retirez-en un d’abord
level-sign-in = Connexion
level-sign-in-title = Comment les personnes de { -place-fr(form: "this") } se connectent
level-sign-in-text = Ce qui est exigé ici vaut pour les personnes de { $level } et de tout ce qui se trouve en dessous. Quiconque se connecte plus faiblement garde son compte, mais n’a aucun rôle et n’entre dans aucune application avant de se connecter comme exigé.
second-factor = Mode de connexion
second-factor-any = Tout mode à deux facteurs
second-factor-app = Application d’authentification ou clé d’accès
second-factor-passkey = Clé d’accès
second-factor-wrong = Choisissez l’un des modes.
second-factor-level-hint = Les { -place-fr(form: "subs") } peuvent exiger plus, pas moins. Vous devez être vous-même connecté ainsi.
second-factor-environment-hint = Quiconque se connecte plus faiblement à cet environnement est prié de se reconnecter. Les { -place-fr(form: "many") } peuvent exiger plus de leurs personnes.
second-factor-from-above = { $asked } (exigé par { -place-fr(form: "a") } au-dessus)
second-factor-own-app = Connectez-vous d’abord vous-même avec une application d’authentification ou une clé d’accès.
second-factor-own-passkey = Connectez-vous d’abord vous-même avec une clé d’accès.
password-set = Règles des mots de passe
password-set-hint = Les règles de { -place-fr(form: "this") } et de ses { -place-fr(form: "subs") }, à partir du prochain mot de passe.
password-set-standard = Celles du profil
password-set-above = Celles { -place-fr(form: "of_the") } au-dessus ({ $set })
password-set-wrong = Choisissez des règles du profil.
level-status-active = { -place-fr.gender ->
    [feminine] Active
   *[masculine] Actif
}
level-status-deactivated = { -place-fr.gender ->
    [feminine] Désactivée
   *[masculine] Désactivé
}
