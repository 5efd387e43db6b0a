# Inviter des autorités à s’enregistrer elles-mêmes, ce qu’elles saisissent, et en décider.
menu-invitations = Invitations
invitations-title = Invitations à s’enregistrer
invitations-back = Retour aux invitations
invitations-caption = { $count ->
    [one] { $count } invitation
   *[other] { $count } invitations
}
invitations-none = Il n’y a aucune invitation de ce type.
invitation-new = Inviter { -place-fr(form: "a") }
invitation-text = { -place-fr(form: "The") } reçoit un lien par courriel, y saisit ses données et n’existe qu’une fois celles-ci validées.
invitation-name = Nom { -place-fr(form: "of_the") }
invitation-name-hint = Pour autant que vous le connaissiez ; le nom officiel est saisi par { -place-fr(form: "the") }.
invitation-email-hint = Le lien vaut pour la personne qui lit le courrier de cette adresse ; elle devient aussi le premier utilisateur.
invitation-language = Langue du courriel
invitation-message = Message
invitation-message-hint = { -place-fr(form: "The") } le lit sur sa page.
invitation-send = Envoyer maintenant
invitation-send-hint = Sinon elle reste un brouillon qui peut être envoyé plus tard.
invitation-invite = Enregistrer l’invitation
invitation-already = Cette adresse est déjà invitée à cet endroit
invitation-many = Il y a trop d’invitations de votre part, ou à cette adresse. Continuez plus tard.
invitation-by = Invitation de
invitation-at = Invitation du
invitation-sent = Dernier lien envoyé
invitation-until = Lien valable jusqu’au
invitation-registered = Transmise
invitation-send-now = Envoyer maintenant
invitation-again = Envoyer un nouveau lien
invitation-withdraw-title = Retirer l’invitation
invitation-withdraw-text = Le lien de « { $name } » ({ $email }) ne fonctionnera plus.
done-invitation-sent = L’invitation a été envoyée.
done-invitation-kept = L’invitation est gardée comme brouillon.
done-invitation-withdrawn = L’invitation a été retirée.
registration-state-draft = Brouillon
registration-state-sent = Envoyée
registration-state-opened = Commencée
registration-state-registered = Transmise
registration-state-approved = Validée par une personne sur deux
registration-state-returned = Rendue
registration-state-validated = Validée
registration-state-refused = Refusée
registration-state-withdrawn = Retirée
registration-state-expired = Expirée
registration-progress = Avancement de l’enregistrement
registration-stage-invite = Inviter { -place-fr(form: "the") } à s’enregistrer
registration-stage-register = { -place-fr(form: "The") } s’enregistre
registration-stage-validate = Valider l’enregistrement
registration-stage-modules = Donner accès aux modules
registration-stage-done = fait
registration-title = Enregistrez votre { -place-fr }
registration-text = Vous êtes invité à enregistrer « { $name } » sous « { $place } ».
registration-until = Ce que vous saisissez est gardé partie par partie. Vous avez jusqu’au { $until }.
registration-known = Un compte existe déjà avec cette adresse ; elle ne peut donc pas devenir celle du premier utilisateur. Demandez une invitation à une autre adresse de votre { -place-fr }.
registration-message = Message de la personne qui vous invite
registration-correct = Veuillez corriger ceci
registration-answer = Motif
registration-done = Fait
registration-open = À faire
registration-blocked = Après les autres parties
registration-step-authority = { -place-fr(form: "The") }
registration-step-classification = Responsabilités
registration-step-first-user = Premier utilisateur
registration-step-check = Vérifier et transmettre
registration-step-of = Partie { $number } sur { $all }.
registration-address = Le compte sera celui de { $email }.
registration-no-classes = Il n’y a rien à choisir ici ; enregistrez et continuez.
registration-no-choice = aucun choix
registration-save = Enregistrer et continuer
registration-back = Retour aux parties
registration-check-title = Vérifiez vos réponses
registration-check-text = Une fois transmises, la personne qui vous a invité décide, et le lien ne fonctionne plus.
registration-submit = Transmettre
registration-over-title = Ce lien ne fonctionne plus
registration-over-text = Il a été utilisé, remplacé ou retiré. Si vous avez transmis un enregistrement, le courriel reçu alors montre où il en est ; sinon demandez à la personne qui vous a invité.
registration-expired-title = Ce lien a expiré
registration-expired-text = Vous pouvez en demander un nouveau à la personne qui vous a invité.
registration-ask = Demander un nouveau lien
registration-asked-title = Nous l’avons transmis
registration-asked-text = Si cette invitation peut encore recevoir une réponse, la personne qui l’a envoyée sait que vous avez besoin d’un nouveau lien. Il arrive à la même adresse.
registration-track-title = Votre enregistrement
registration-now-draft = Rien n’a encore été transmis.
registration-now-sent = Rien n’a encore été transmis.
registration-now-opened = Rien n’a encore été transmis.
registration-now-registered = Vos données sont arrivées et attendent une décision. Vous recevrez un courriel.
registration-now-approved = Vos données sont arrivées et attendent une seconde décision. Vous recevrez un courriel.
registration-now-returned = Quelque chose est à corriger : utilisez le lien du courriel que vous avez reçu.
registration-now-validated = L’enregistrement de votre { -place-fr } est validé. Le premier utilisateur a reçu un lien qui active son compte ; l’accès aux modules est donné ensuite.
registration-now-refused = Votre enregistrement a été refusé.
registration-now-withdrawn = L’invitation a été retirée.
registration-alike = Il existe déjà { -place-fr(form: "a") } au nom similaire : comparez avant de valider.
done-registration-submitted = Votre enregistrement a été transmis. Nous vous avons envoyé l’adresse de cette page.
validations-title = Validations en attente
validations-caption = Validations en attente ({ $count })
validations-none = Rien n’attend de décision.
validations-all = Toutes les validations en attente
validations-older = Plus anciennes que … jours
validations-back = Retour aux validations en attente
validation-what = Enregistrement de
validation-since = Attend
validation-age = { $count ->
    [0] depuis aujourd’hui
    [one] { $count } jour
   *[other] { $count } jours
}
validation-invited = sur invitation d’une autre personne
validation-invited-by-you = sur votre invitation
validation-review = Examiner
validation-open = Ouvrir { -place-fr(form: "the") }
validation-decision = Décision
validation-validate = Valider
validation-return = Rendre pour correction
validation-refuse = Refuser
validation-reason = Motif
validation-reason-hint = { -place-fr(form: "The") } le lit. Nécessaire pour rendre et pour refuser.
validation-confirm = Confirmer la décision
validation-text = Valider crée { -place-fr(form: "the") } et son premier utilisateur. L’accès aux modules est donné ensuite.
validation-needs-second = Deux personnes valident : après vous, une autre doit le faire aussi.
validation-is-second = Quelqu’un a déjà validé. Votre validation crée { -place-fr(form: "the") } et son premier utilisateur.
case-stopped = L’endroit où elle se trouverait est désactivé : rien n’y est envoyé, retiré ou décidé avant sa réactivation.
validation-not-yours = Une autre personne doit décider : vous êtes le demandeur ou avez déjà validé.
validation-first = Première validation par
validation-by = Décision de
validation-done = { -place-fr(form: "The") } et son premier utilisateur existent. Donnez-lui ensuite accès à ses modules.
validation-wrong = L’enregistrement n’est pas possible ainsi : rendez-le pour correction
validation-address = L’adresse du premier utilisateur ne peut pas être utilisée : refusez et invitez une autre adresse
done-registration-validated = L’enregistrement a été validé.
done-registration-approved = Vous avez validé ; une autre personne doit le faire aussi.
done-registration-returned = L’enregistrement a été rendu.
done-registration-refused = L’enregistrement a été refusé.
event-registration-invited = Invitation { -place-fr(form: "of_a") } à s’enregistrer
event-registration-sent = Nouveau lien d’invitation envoyé à { -place-fr(form: "a") }
event-registration-withdrawn = Invitation { -place-fr(form: "of_a") } retirée
event-registration-submitted = Enregistrement { -place-fr(form: "of_a") } transmis sur invitation
event-registration-approved = Enregistrement validé par la première de deux personnes
event-registration-validated = Enregistrement validé
event-registration-returned = Enregistrement rendu
event-registration-refused = Enregistrement refusé
message-authority-invited-subject = Enregistrez votre { -place-fr } auprès du { $service }
message-authority-invited-text =
    Bonjour,

    « { $name } » invite votre { -place-fr } à s’enregistrer auprès du { $service }. Ouvrez ce lien pour saisir ses données et celles de son premier utilisateur :

    { $link }

    Le lien fonctionne pendant { $lasts }. Si vous ne l’attendiez pas, ignorez ce message.
message-registration-received-subject = Votre enregistrement auprès du { $service }
message-registration-received-text =
    Bonjour,

    votre enregistrement auprès du { $service } est arrivé et attend une décision. Ce lien montre où il en est :

    { $link }
message-registration-returned-subject = Veuillez corriger votre enregistrement auprès du { $service }
message-registration-returned-text =
    Bonjour,

    quelque chose est à corriger dans votre enregistrement auprès du { $service }. Ouvrez ce lien pour voir quoi, et le faire :

    { $link }

    Le lien fonctionne pendant { $lasts }.
message-registration-refused-subject = Votre enregistrement auprès du { $service }
message-registration-refused-text =
    Bonjour,

    votre enregistrement auprès du { $service } a été refusé. Le lien de notre courriel précédent montre pourquoi.
message-registration-waits-subject = Enregistrement { -place-fr(form: "of_a") } auprès du { $service }
message-registration-waits-text =
    Bonjour { $name },

    à votre invitation, { -place-fr(form: "a") } a transmis son enregistrement auprès du { $service }. Examinez ses données et décidez :

    { $link }
message-invitation-asked-subject = { -place-fr(form: "A") } demande un nouveau lien vers le { $service }
message-invitation-asked-text =
    Bonjour { $name },

    le lien de votre invitation à { -place-fr(form: "a") } auprès du { $service } a expiré, et un nouveau vous est demandé. Vous pouvez l’envoyer ici :

    { $link }
subject-registration = un enregistrement
validation-representative = Le premier utilisateur devient { $role } { -place-fr(form: "of_the") } par la même décision.
