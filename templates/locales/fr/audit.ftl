# The audit log.
audit-title = Journal d’audit
audit-when = Quand
audit-what = Quoi
audit-who = Qui
audit-whom = Qui ou quoi
audit-where = { -place-fr(form: "One") }
audit-channel = Par
audit-details = Détails
audit-kind = Événement
audit-since = Du
audit-until = Au
audit-none = Aucun événement ne correspond.
audit-older = Événements plus anciens
filter-remove = Retirer
audit-caption = Événements, les plus récents d’abord
audit-by = Par { $name }
audit-about = Au sujet de { $name }
audit-one-thing = une personne ou un objet
audit-request = Requête
audit-rows = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
audit-times = { $count } fois en une heure
by-nobody = personne de connecté
by-outside = quelqu’un hors de votre périmètre
door-portal = Portail
door-scim = SCIM
door-api = Interface JSON
door-oidc = OpenID Connect
door-cli = Ligne de commande
door-job = Tâche de fond
subject-user = une personne
subject-organisation = { -place-fr(form: "a") }
subject-application = une application
subject-environment = un environnement
subject-group = un groupe
subject-client = un client
subject-role-assignment = un rôle
subject-role-of = { $role } de { $name }
subject-session = une session
subject-sign-in = une connexion
subject-family = des jetons
subject-key = une clé de signature
