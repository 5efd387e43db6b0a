# Pages vers lesquelles mène une application lorsqu’une connexion ne peut pas se poursuivre.
oidc-error-title = L’application a envoyé une demande à laquelle il est impossible de répondre
oidc-error-text = Vous n’avez pas été renvoyé, car il n’est pas certain que la demande provienne de l’application. Communiquez à son support ce qui figure ci-dessous.
oidc-refused-title = Vous n’avez pas encore accès à cette application
oidc-refused-text = Vous êtes connecté, mais aucun de vos groupes n’ouvre { $application }.
oidc-refused-ask = Ces administrateurs de votre organisation peuvent vous donner accès :
oidc-refused-nobody = Votre organisation n’a pas d’administrateur pour cette application. Adressez-vous à votre service d’assistance.
# Retour vers une application par un formulaire.
oidc-form-post-title = Retour à l’application
oidc-form-post-text = Vous allez revenir à { $application }. Si rien ne se passe, appuyez sur le bouton.
oidc-form-post-continue = Continuer
# Consentement pour une application tierce.
consent-title = Autoriser { $application } ?
consent-lead = { $application } ({ $address }) n’est pas gérée par cette institution et demande votre autorisation.
consent-lead-own = { $application } ({ $address }) demande votre autorisation.
consent-person = Vous êtes connecté en tant que { $person }.
consent-what = L’application souhaite
consent-later = Vous pouvez retirer cette autorisation à tout moment sous Votre compte, Autorisations.
consent-allow = Autoriser
consent-deny = Refuser
# Ce que signifient les portées, à la fin de la phrase « L’application souhaite … ».
scope-openid = savoir que c’est vous, par un identifiant
scope-profile = connaître votre nom, votre nom d’utilisateur et votre langue
scope-email = connaître votre adresse e-mail
scope-phone = connaître votre numéro de téléphone
scope-groups = connaître vos groupes dans cette application
scope-organisation = connaître votre organisation
scope-roles = savoir quels rôles d’administration vous avez
scope-offline-access = garder cet accès après votre déconnexion
scope-users-read = voir les personnes que vous pouvez voir
scope-users-write = créer, modifier et supprimer des personnes en votre nom
scope-memberships-read = voir qui est dans quel groupe
scope-memberships-write = modifier en votre nom qui est dans quel groupe
scope-groups-write = modifier des groupes en votre nom
scope-roles-write = accorder et retirer des rôles en votre nom
scope-organisations-read = voir les niveaux que vous pouvez voir
scope-organisations-write = modifier des niveaux en votre nom
scope-audit-read = lire le journal dans la limite de vos droits
scope-scim = administrer des personnes, des groupes et des niveaux en votre nom
# Permissions given to applications.
menu-permissions = Autorisations
permissions-text = Ce que vous avez autorisé des applications à connaître et à faire. Si vous le retirez, leur accès prend fin ; elles demandent à nouveau à votre retour.
permissions-none = Vous n’avez donné aucune autorisation.
consent-may = L’application peut
permissions-given = Donnée le { $when }
permissions-withdraw = Retirer
done-permission-withdrawn = L’autorisation a été retirée.
client-third-party = Gérée par un tiers
client-third-party-hint = Les personnes sont invitées à donner leur autorisation avant que quoi que ce soit lui soit communiqué.
