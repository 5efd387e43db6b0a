# Levels and scopes.
done-level-saved = Le niveau a été enregistré.
scope-allows = Permet
scope-levels = Niveaux que vous voyez
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
permission-organisation-read = voir les niveaux
permission-organisation-create = créer des niveaux
permission-organisation-update = modifier des niveaux
permission-application-manage = gérer les applications
permission-group-manage = gérer les groupes
permission-client-manage = gérer les clients OIDC
permission-audit-read = lire le journal d’audit
permission-key-manage = gérer les clés
permission-system-read = voir l’état du système
levels-title = Niveaux
level-new = Créer un niveau
level-name = Nom
level-country = Pays
level-country-hint = Deux lettres (ISO 3166), par exemple DE
level-lei = LEI
level-external-id = Identifiant externe
level-parent = Sous
level-move = Déplacer
level-move-title = Déplacer le niveau
level-move-text = « { $level } » est déplacé avec tout ce qui se trouve en dessous. Ceux qui administrent ses niveaux supérieurs actuels peuvent le perdre ; ceux qui administrent les nouveaux le gagnent.
level-move-confirm = Déplacer maintenant
level-move-preview = Aperçu
level-loses = Le perdent
level-gains = Le gagnent
level-nobody = Personne
level-deactivate = Désactiver
level-reactivate = Réactiver
level-deactivate-text = Personne dans « { $level } » ou en dessous ne peut se connecter et rien ne peut y être accordé jusqu’à sa réactivation.
level-users = Utilisateurs
level-taken = Il existe déjà ici un niveau de ce nom
level-cannot-move = Il ne peut pas être déplacé là
scope-below = { $count ->
    [0] (aucun niveau en dessous)
    [one] et { $count } sous-niveau
   *[other] et { $count } sous-niveaux
}
level-outside = un niveau hors de votre périmètre
levels-back = Retour aux niveaux
levels-caption = { $count ->
    [one] { $count } niveau
   *[other] { $count } niveaux
}
levels-none = Aucun niveau ne correspond.
level-edit = Modifier le niveau
level-new-below = Créer un sous-niveau
level-place = Emplacement
level-people-below = Utilisateurs ici et en dessous
level-sub-levels = Sous-niveaux
level-no-sub-levels = Il n’y a pas de sous-niveaux.
level-administrators = Administrateurs de ce niveau
level-no-administrators = Personne n’administre précisément ce niveau ; des administrateurs de niveaux supérieurs peuvent l’atteindre.
level-lei-hint = 20 lettres et chiffres (ISO 17442)
level-lei-wrong = Ce LEI n’est pas valide : vérifiez ses 20 caractères
level-country-wrong = Saisissez deux lettres, par exemple FR
level-external-id-hint = La clé sous laquelle vos propres systèmes le connaissent.
level-deactivate-title = Désactiver le niveau
level-reactivate-title = Réactiver le niveau
level-reactivate-text = Les personnes de « { $level } » et en dessous peuvent se reconnecter.
level-people-affected = Concernés : { $people }
level-move-to = Déplacer vers { $place }
level-move-below = { $count ->
    [one] { $count } sous-niveau est déplacé avec lui.
   *[other] { $count } sous-niveaux sont déplacés avec lui.
}
level-move-changed = Une habilitation a changé depuis l’aperçu. Consultez-le à nouveau.
level-others = { $count ->
    [one] { $count } autre, que vous ne pouvez pas voir
   *[other] { $count } autres, que vous ne pouvez pas voir
}
scope-levels-some = Niveaux visibles, les premiers d’une longue liste
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
role-scope-organisation = un niveau
role-scope-organisation-applications = un niveau et des applications
confirmation-none = prend effet immédiatement
confirmation-first-in-scope = l’opérateur confirme le premier titulaire d’un périmètre
confirmation-always = l’opérateur confirme toujours
relation-same-organisation = du même niveau
relation-covering = dont le périmètre le contient
relation-any = partout
level-tab = Niveau
level-users-below = Utilisateurs ici et en dessous
level-classification = Classification
level-classification-none = Rien n’est dit de ce qu’il fait.
level-vocabulary = Liste
level-classes = Ce qui s’applique
level-users-caption = { $count ->
    [one] { $count } utilisateur de ce niveau
   *[other] { $count } utilisateurs de ce niveau
}
level-no-users = Personne n’est à ce niveau même.
level-move-duties = Par ce déplacement, quelqu’un détiendrait sur un même niveau des rôles qui ne peuvent être détenus ensemble. Retirez-en un d’abord
level-sign-in = Connexion
level-sign-in-title = Comment les personnes de ce niveau se connectent
level-sign-in-text = Ce qui est exigé ici vaut pour les personnes de { $level } et de tous les niveaux inférieurs. Quiconque se connecte plus faiblement garde son compte, mais n’a aucun rôle et n’entre dans aucune application avant de se connecter comme exigé.
second-factor = Mode de connexion
second-factor-any = Tout mode à deux facteurs
second-factor-app = Application d’authentification ou clé d’accès
second-factor-passkey = Clé d’accès
second-factor-wrong = Choisissez l’un des modes.
second-factor-level-hint = Les niveaux inférieurs peuvent exiger plus, pas moins. Vous devez être vous-même connecté ainsi.
second-factor-environment-hint = Quiconque se connecte plus faiblement à cet environnement est prié de se reconnecter. Les niveaux peuvent exiger plus de leurs personnes.
second-factor-from-above = { $asked } (exigé par un niveau supérieur)
second-factor-own-app = Connectez-vous d’abord vous-même avec une application d’authentification ou une clé d’accès.
second-factor-own-passkey = Connectez-vous d’abord vous-même avec une clé d’accès.
password-set = Règles des mots de passe
password-set-hint = Les règles de ce niveau et de tous les niveaux inférieurs, à partir du prochain mot de passe.
password-set-standard = Celles du profil
password-set-above = Celles du niveau supérieur ({ $set })
password-set-wrong = Choisissez des règles du profil.
