# Projets, nominations, demandes de révocation.
event-nomination-made = Une personne a été désignée pour un rôle
event-nomination-accepted = Désignation acceptée
event-nomination-declined = Désignation refusée
event-nomination-withdrawn = Désignation retirée
event-nomination-lapsed = Désignation caduque : elle ne pourrait plus être faite
event-user-self-registered = Compte créé par son titulaire sur invitation
event-role-revocation-requested = Révocation d’un rôle demandée
event-role-revocation-declined = Demande de révocation d’un rôle refusée
event-project-created = Projet créé
event-project-phase = Le projet a changé de phase
event-project-joined = { -place-fr(form: "A") } a rejoint un projet
event-project-left = { -place-fr(form: "A") } a quitté un projet
subject-nomination = une désignation
subject-project = un projet

message-nomination-subject = { $service } : vous êtes désigné pour un rôle
message-nomination-text =
    Bonjour,

    vous êtes désigné comme { $role } pour { $organisation }.
    Ouvrez ce lien pour répondre ; si vous n’avez pas encore de compte, vous pourrez en créer un et accepter :

    { $link }

    Le lien est valable { $lasts }. Si vous n’êtes pas au courant, vous n’avez rien à faire.

menu-projects = Mes projets
menu-organisations = Mes { -place-fr(form: "many") }
menu-tasks = Mes tâches

projects-title = Mes projets
projects-caption = Projets, par code
projects-none = Vous n’avez de rôle dans aucun projet.
projects-all-none = Il n’y a pas encore de projet.
project-new = Créer un projet
project-back = Retour à « Mes projets »
project-code = Code
project-code-hint = L’acronyme ou le numéro sous lequel on le connaît, sans espace
project-name = Titre
project-phase = Phase
project-coordinator = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] coordinatrice
   *[masculine] coordinateur
 }
project-participants = { -place-fr(form: "Many") } { -place-fr.gender ->
    [feminine] participantes
   *[masculine] participants
 }
project-roles = Rôles
project-table-cut = Seules les { $count } premières lignes sont affichées ici.
project-roles-none = Personne n’a encore de rôle ici.
project-nominations = Désignés, en attente de réponse
project-nominations-none = Aucune réponse n’est attendue.
project-created = Créé
project-over = Terminé
project-coordinates = Coordonne
project-takes-part = Participe
project-next = Passer à une autre phase
project-next-title = Passer à une autre phase
project-next-text = { $project } est dans la phase « { $phase } ». Les rôles qui attendent la nouvelle phase prennent effet. On ne revient pas en arrière ; dans la dernière phase le projet est terminé et plus personne ne reçoit de rôle.
project-to-phase = Nouvelle phase
project-add = Ajouter { -place-fr(form: "a") }
project-add-title = Ajouter { -place-fr(form: "a") } à { $project }
project-remove = Retirer
project-remove-title = Retirer { $organisation } de { $project }
project-remove-text = Tout ce qui est détenu ou proposé pour { -place-fr(form: "this") } dans ce projet prend fin aussitôt.
project-error-code = Utilisez un code sans espace
project-error-code-taken = Un projet porte déjà ce code
project-error-organisation = Choisissez { -place-fr(form: "a") } { -place-fr.gender ->
    [feminine] active
   *[masculine] actif
 }
project-error-takes-part = { -place-fr(form: "This") } participe déjà
project-error-many = Au plus 200 { -place-fr(form: "many") } participent à un projet
project-error-phase = Choisissez une phase ultérieure
done-project-created = Le projet a été créé.
done-project-changed = Le projet a été modifié.

organisations-title = Mes { -place-fr(form: "many") }
organisations-none = Vous ne représentez { -place-fr.gender ->
    [feminine] aucune
   *[masculine] aucun
 } { -place-fr }.
organisations-caption = { -place-fr(form: "Many") } que vous représentez
organisation-roles-back = Retour à « Mes { -place-fr(form: "many") } »
organisation-own-roles = Rôles { -place-fr(form: "of_the") }
organisation-project-roles = Rôles dans ses projets

nominate = Désigner
nominate-title = Désigner pour un rôle
nominate-text = Le titulaire de l’adresse reçoit un lien pour accepter. S’il n’a pas encore de compte, il pourra en créer un. On vous dit la même chose dans les deux cas.
nominate-role = Rôle et { -place-fr }
nominate-email = E-mail de la personne
nominate-email-hint = L’adresse professionnelle avec laquelle elle se connecte
nominate-until = Jusqu’au (facultatif)
nominate-nothing = Il n’y a ici aucun rôle pour lequel vous pouvez désigner.
nominate-error-oneself = Vous ne pouvez pas vous désigner vous-même
nominate-error-already = Cette adresse est déjà désignée pour ce rôle
nominate-error-full = Au plus { $max } peuvent avoir ce rôle ici, désignés compris
nominate-error-many = Vous avez désigné beaucoup de personnes en une heure ; continuez plus tard
nominate-error-requires = Cette personne doit d’abord avoir le rôle { $role } { -place-fr.gender ->
    [feminine] de la même
   *[masculine] du même
 } { -place-fr }
nominate-error-held = Cette personne a déjà ce rôle
nominate-error-not-now = Vous ne pouvez pas désigner pour ce rôle ici
nominate-error-too-long = Votre propre rôle se termine avant
done-nominated = La désignation a été envoyée.
done-assigned = Le rôle a été donné.

assign-signatory = Affecter
assign-title = Affecter { $role }
assign-text = Seules les personnes qui sont { $required } { -place-fr.gender ->
    [feminine] de la même
   *[masculine] du même
 } { -place-fr } peuvent être choisies.
assign-person = Personne
assign-nobody = Personne de votre { -place-fr } n’est encore { $required }.

withdraw = Retirer
withdraw-title = Retirer la désignation
withdraw-text = { $email } est désigné comme { $role }. Le lien envoyé ne mènera plus nulle part.
done-withdrawn = La désignation a été retirée.

revoke = Révoquer
revoke-title = Révoquer un rôle
revoke-text = { $person } perd aussitôt le rôle { $role }.
revoke-along = { $role } dans un projet prend fin avec lui
revoke-last = C’est le dernier { $role } ici. Désignez d’abord quelqu’un d’autre.
revoke-reason = Motif
revoke-reason-last = C’est le dernier { $role } ici : dites pourquoi il est retiré malgré tout
done-revoked = Le rôle a été révoqué.

ask-revoke = Demander la révocation
ask-title = Demander la révocation d’un rôle
ask-text = Vous ne pouvez pas révoquer ce rôle vous-même. Ceux qui le peuvent sont prévenus ; vous verrez leur réponse sous Mes tâches.
ask-already = Quelqu’un l’a déjà demandé
done-asked = Votre demande a été envoyée.

tasks-title = Mes tâches
tasks-nominations = Vous êtes désigné
tasks-nominations-none = Personne ne vous a désigné.
tasks-asked-by = Demandé par
tasks-requests = Demandes de révocation auxquelles vous pouvez répondre
tasks-requests-none = Rien n’attend votre réponse.
tasks-asked = Ce que vous avez demandé
tasks-asked-none = Vous n’avez rien demandé.
tasks-from = Pour
tasks-until = Réponse avant le
tasks-answer = Réponse
task-accept = Répondre
task-decline = Refuser
decline-title = Refuser la demande
decline-text = Le rôle reste. Le demandeur lira votre motif.
done-declined = La demande a été refusée.
tasks-proposed = Rôles qui attendent votre confirmation
tasks-proposed-by = Proposé par
task-confirm = Confirmer
task-reject = Refuser
confirm-title = Confirmer un rôle
confirm-text = Quelqu’un d’autre a proposé ce rôle. Il prend effet dès que vous le confirmez.
done-role-confirmed = Le rôle a été confirmé.
reject-title = Refuser un rôle
reject-text = Le rôle ne sera pas donné. Votre motif est conservé avec lui.
done-role-rejected = Le rôle a été refusé.
request-open = En attente
request-granted = Révoqué
request-declined = Refusé

nomination-title = Vous êtes désigné
nomination-text = Vous êtes désigné comme { $role } pour { $organisation }.
nomination-project = Dans le projet { $project }.
nomination-by = Désigné par { $name }.
nomination-accept = Accepter
nomination-decline = Refuser
nomination-sign-in = Se connecter pour répondre
nomination-sign-in-text = Il existe un compte avec cette adresse. Connectez-vous avec lui pour accepter ou refuser.
nomination-other = Vous êtes connecté avec une autre adresse. Déconnectez-vous et ouvrez de nouveau le lien.
nomination-over-title = Ce lien n’est plus valable
nomination-over-text = La désignation a reçu une réponse, a été retirée ou a expiré. Demandez-en une nouvelle à la personne qui vous a désigné.
nomination-refused-title = Vous avez refusé
nomination-refused-text = Merci de votre réponse. Aucun compte n’a été créé, et il n’y a plus rien à faire.
nomination-register = Créer un compte et accepter
nomination-register-text = Vous n’avez pas encore de compte. Saisissez vos coordonnées ; vous choisirez ensuite un mot de passe et confirmerez votre numéro de téléphone.
nomination-lapsed = La personne qui vous a désigné ne peut plus donner ce rôle. Adressez-vous à elle.
done-nomination-accepted = Vous avez accepté.
done-nomination-declined = Vous avez refusé.

permission-project-read = voir les projets et qui y a un rôle
permission-project-manage = créer des projets et les mener d’une phase à l’autre
role-scope-project = un projet
role-scope-project-organisation = { -place-fr(form: "a") } dans un projet
relation-same-project = dans le même projet
relation-same-project-and-organisation = dans le même projet, { -place-fr.gender ->
    [feminine] de la même
   *[masculine] du même
 } { -place-fr }
organisation-column = { -place-fr(form: "One") }
project-column = Projet

message-revocation-asked-subject = { $service } : une demande vous attend
message-revocation-asked-text =
    Bonjour { $name },

    quelqu’un demande la révocation d’un rôle, que vous pouvez accorder. Le motif figure sous Mes tâches ; révoquez-y le rôle ou refusez :

    { $link }
message-revocation-answered-subject = { $service } : votre demande a reçu une réponse
message-revocation-answered-text =
    Bonjour { $name },

    votre demande de révocation d’un rôle a reçu une réponse. Elle figure sous Mes tâches :

    { $link }
message-role-proposed-subject = { $service } : un rôle attend votre confirmation
message-role-proposed-text =
    Bonjour { $name },

    quelqu’un a proposé un rôle. Il ne prend effet que si une autre personne le confirme, ce que vous pouvez faire. Il figure sous Mes tâches ; confirmez-le ou refusez-le :

    { $link }
message-role-gained-subject = { $service } : vous avez reçu un rôle
message-role-gained-text =
    Bonjour { $name },

    vous avez reçu le rôle « { $role } » de « { $organisation } ». Ce qu’il vous permet figure ici :

    { $link }

    Si vous ne savez pas pourquoi, demandez à votre administrateur.
message-role-lost-subject = { $service } : vous n’avez plus un rôle
message-role-lost-text =
    Bonjour { $name },

    vous n’avez plus le rôle « { $role } » de « { $organisation } ». Si vous ne savez pas pourquoi, demandez à votre administrateur :

    { $link }
message-nomination-accepted-subject = { $service } : un rôle que vous avez proposé à quelqu’un a été accepté
message-nomination-accepted-text =
    Bonjour { $name },

    une personne que vous avez désignée pour le rôle « { $role } » de « { $organisation } » l’a accepté. Les titulaires de ce rôle figurent ici :

    { $link }
message-nomination-declined-subject = { $service } : un rôle que vous avez proposé à quelqu’un a été décliné
message-nomination-declined-text =
    Bonjour { $name },

    une personne que vous avez désignée pour le rôle « { $role } » de « { $organisation } » l’a décliné. Les titulaires de ce rôle figurent ici :

    { $link }
message-role-confirmed-subject = { $service } : un rôle que vous avez proposé a été confirmé
message-role-confirmed-text =
    Bonjour { $name },

    une autre personne a confirmé le rôle « { $role } » de « { $organisation } » que vous avez proposé. Son titulaire figure ici :

    { $link }
message-role-refused-subject = { $service } : un rôle que vous avez proposé a été refusé
message-role-refused-text =
    Bonjour { $name },

    une autre personne a refusé le rôle « { $role } » de « { $organisation } » que vous avez proposé ; il n’a pas été donné. Si vous ne connaissez pas le motif, demandez-le aux personnes qui confirment ces rôles. La personne concernée figure ici :

    { $link }
nominate-error-duties = Cette personne a ici, ou doit recevoir, un rôle qui exclut celui-ci
project-contact = Personne de contact { -place-fr(form: "of_the") } qui coordonne
project-contact-hint = L’adresse électronique indiquée dans la proposition ; son titulaire est prié d’accepter
project-error-oneself = Vous ne pouvez pas vous désigner vous-même
project-offered-more = Seuls les { $count } premiers résultats sont proposés ici. Cherchez une partie du nom.
project-offered-none = Aucun résultat actif pour ce nom.
