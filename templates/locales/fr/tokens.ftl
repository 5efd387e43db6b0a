# Jetons que les délégués créent pour leurs scripts.
tokens-text = Un jeton permet à un de vos scripts de faire, par SCIM et par l’interface JSON, une partie de ce que vous pouvez faire. Il prend fin avec votre rôle, avec votre compte et le dernier jour indiqué.
tokens-none = Vous n’avez pas de jeton.
tokens-new = Créer un jeton
tokens-name = À quoi il sert
tokens-lasts = Il est valable
tokens-days = { $count ->
    [one] un jour
   *[other] { $count } jours
}
tokens-actions = Ce qu’il peut faire
tokens-where = Où
tokens-level = { -place-fr(form: "One") }
tokens-level-all = partout où j’en ai le droit
tokens-applications = Pour quelles applications
tokens-applications-hint = N’en cochez aucune pour toutes celles dont vous donnez l’accès.
tokens-once = Voici le jeton. Il n’est montré que maintenant : conservez-le en lieu sûr.
tokens-secret = Jeton
tokens-header = À joindre à chaque requête
tokens-json = API JSON
tokens-made = Créé
tokens-expires = Valable jusqu’au
tokens-revoke = Révoquer
tokens-below = { $level } et au-dessous
tokens-no-action = Choisissez au moins une chose qu’il peut faire
tokens-nothing = Vous n’y détenez rien de ce que vous avez choisi
tokens-too-many = Vous avez trop de jetons. Révoquez-en d’abord un.
done-token-revoked = Le jeton a été révoqué.
action-users-read = Voir les personnes
action-users-write = Créer, modifier et supprimer des personnes
action-memberships-read = Voir les appartenances
action-memberships-write = Attribuer et retirer des appartenances
action-groups-write = Gérer les groupes
action-roles-read = Voir les rôles
action-roles-write = Attribuer, confirmer et retirer des rôles
action-organisations-read = Voir les { -place-fr(form: "many") }
action-organisations-write = Créer, modifier et déplacer des { -place-fr(form: "many") }
action-modules-write = Donner et suspendre l’accès aux modules
action-audit-read = Lire le journal
