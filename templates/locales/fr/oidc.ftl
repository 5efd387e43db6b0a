# Pages vers lesquelles mène une application lorsqu’une connexion ne peut pas se poursuivre.
oidc-error-title = L’application a envoyé une demande à laquelle il est impossible de répondre
oidc-error-text = Vous n’avez pas été renvoyé, car il n’est pas certain que la demande provienne de l’application. Communiquez à son support ce qui figure ci-dessous.
oidc-refused-title = Vous n’avez pas encore accès à cette application
oidc-refused-text = Vous êtes connecté, mais aucun de vos groupes n’ouvre { $application }.
oidc-refused-ask = Ces administrateurs de votre organisation peuvent vous donner accès :
oidc-refused-nobody = Votre organisation n’a pas d’administrateur pour cette application. Adressez-vous à votre service d’assistance.
