# Applications, environments, groups, OIDC clients.
done-application-saved = L’application a été enregistrée.
done-group-saved = Le groupe a été enregistré.
done-client-saved = Le client a été enregistré.
applications-title = Applications et groupes
application-new = Créer une application
application-code = Code
application-code-hint = Majuscules, chiffres et _ ; ne change jamais
application-name = Nom
application-description = Description
application-documentation = Lien vers le manuel
environment-new = Ajouter un environnement
environment-title = Titre
environment-code = Environnement
environment-prefix = Préfixe des codes de groupe
environment-launch = Adresse ouverte par la tuile
environment-requires = Seules les personnes ayant un groupe peuvent s’y connecter
group-new = Ajouter un groupe
group-code = Code
group-name = Nom
group-sensitive = Sensible : les changements d’identifiants de ses membres exigent une seconde personne
groups = Groupes
code-taken = Ce code est déjà utilisé
error-url = Saisissez une adresse commençant par https://
clients-title = Clients OIDC
client-new = Créer un client
client-id = Identifiant du client
client-kind = Type
client-kind-web = Serveur web
client-kind-spa = Application monopage
client-kind-native = Application installée
client-kind-machine = Service (agit pour lui-même)
client-environment = Application et environnement
client-organisation = Organisation du service
client-redirects = Adresses de redirection
client-redirects-hint = Une par ligne ; comparées exactement, caractère par caractère.
client-logout-redirects = Adresses après la déconnexion
client-auth = Authentification du client
client-advanced = Avancé
client-alg = Signature des jetons d’identité
client-no-pkce = Autoriser les connexions sans PKCE (non sûr)
client-cors = Origines autorisées à appeler depuis un navigateur
client-company-id = Transmettre le matricule
client-secret-title = Secret du client
client-secret-once = Affiché seulement maintenant. Conservez-le là où l’application lit ses secrets.
client-rotate = Nouveau secret
client-rotate-text = Le secret actuel reste valable 24 heures.
client-disable = Désactiver
client-enable = Activer
client-inactive = Désactivé
client-settings-for = Paramètres pour { $program }
client-error-redirect = Ce n’est pas une adresse absolue sans fragment : { $address }
client-error-redirects = Saisissez au moins une adresse de redirection
copy = Copier
all-applications = toutes les applications
url-hint = Commence par https://
other-applications = { $count ->
    [one] { $count } autre application
   *[other] { $count } autres applications
}
done-environment-saved = L’environnement a été enregistré.
done-environment-deleted = L’environnement a été supprimé.
done-application-deleted = L’application a été supprimée.
done-group-deleted = Le groupe a été supprimé.
applications-back = Retour aux applications
applications-caption = { $count ->
    [one] { $count } application
   *[other] { $count } applications
}
applications-none = Il n’y a pas encore d’application.
application-edit = Modifier l’application
application-description-hint = Une ou deux phrases, affichées sur la tuile.
application-delete-title = Supprimer l’application
application-delete-text = « { $name } » n’a ni environnements ni administrateurs et sera supprimée.
environments = Environnements
environments-none = Il n’y a pas encore d’environnement ; ajoutez-en un avant ses groupes et clients.
environment-edit = Modifier l’environnement
environment-code-hint = Par exemple production ou pre-production ; ne change jamais.
environment-prefix-hint = Par exemple A- pour la préproduction ; vide pour la production. Ne change jamais.
environment-title-hint = Affiché sur la tuile.
environment-launch-hint = L’adresse de l’application qui lance une connexion.
environment-requires-short = Groupe exigé
environment-delete-title = Supprimer l’environnement
environment-delete-text = « { $name } » n’a ni groupes ni clients et sera supprimé.
environment-in-use = « { $name } » a encore des groupes ou des clients. Supprimez-les ou déplacez-les d’abord.
groups-none = Il n’y a pas encore de groupes.
group-edit = Modifier le groupe
group-code-hint = Majuscules, chiffres et _, sans le préfixe ; ne change jamais.
group-description-hint = Ce que les membres peuvent faire ; affiché lors de l’attribution.
group-sensitive-short = Sensible
group-delete-title = Supprimer le groupe
group-delete-text = « { $name } » sera supprimé, et ce qu’il permet est perdu immédiatement.
group-delete-members = { $count ->
    [one] { $count } appartenance prend fin.
   *[other] { $count } appartenances prennent fin.
}
clients-back = Retour aux clients OIDC
clients-caption = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
clients-none = Il n’y a pas encore de clients.
client-name = Nom
client-name-hint = Affiché sur la page de connexion.
client-id-hint = Lettres, chiffres, point, _ et - ; ne change jamais.
client-environment-hint = Pour tout ce à quoi des personnes se connectent.
client-organisation-hint = Pour un service qui agit pour lui-même.
client-settings = Paramètres
client-secrets = Secrets
client-secret-since = Valable depuis { $since }
client-secret-until = Valable depuis { $since }, remplacé, prend fin { $until }
client-end-former = Mettre fin au secret remplacé
client-access-lifetime = Durée des jetons d’accès, en secondes
client-access-lifetime-hint = 60 à 3600
client-refresh = Jetons d’actualisation
client-refresh-lifetime = Durée d’une famille d’actualisation, en secondes
client-refresh-lifetime-hint = 60 à 2592000 (30 jours)
client-scopes = Portées qu’il peut demander
client-scopes-hint = Une par ligne. groups ne donne que les groupes de son propre environnement.
client-cors-hint = Une par ligne, par exemple https://app.example.org
client-credentials = Client credentials : l’application peut aussi agir pour elle-même
client-copy-title = Copier les paramètres
client-copy-text = Prêt à coller. Le secret n’y figure pas : il n’a été montré qu’à sa création.
client-disable-title = Désactiver le client
client-disable-text = Plus personne ne peut se connecter à « { $name } », et ses jetons cessent immédiatement de fonctionner.
client-enable-title = Activer le client
client-enable-text = On peut de nouveau se connecter à « { $name } ». Les jetons arrêtés le restent.
client-error-id = Utilisez 1 à 100 lettres, chiffres, points, _ et -, mais pas un UUID
client-error-place = Choisissez un environnement, ou pour un service une organisation ; pas les deux
client-error-many = 50 adresses au plus
client-error-grant = Ce type de client ne peut pas utiliser cet octroi
client-error-pkce = Un client public ne peut pas se passer de PKCE
client-error-lifetime = Saisissez des secondes entières dans les limites
client-error-origin = Ce n’est pas une origine comme https://app.example.org : { $address }
client-error-scope = Ceci ne peut pas être une portée : { $scope }
client-logo-title = Logo
