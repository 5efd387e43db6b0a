# Inviter des autorités à s’enregistrer elles-mêmes, ce qu’elles saisissent, et en décider.
menu-invitations = Invitations
invitations-title = Invitations à s’enregistrer
invitations-back = Retour aux invitations
invitations-caption = { $count ->
    [one] { $count } invitation
   *[other] { $count } invitations
}
invitations-none = Il n’y a aucune invitation de ce type.
invitation-new = Inviter une autorité
invitation-text = L’autorité reçoit un lien par courriel, saisit elle-même ses données et n’existe qu’une fois celles-ci validées.
invitation-name = Nom de l’autorité
invitation-name-hint = Pour autant que vous le connaissiez ; l’autorité saisit elle-même son nom officiel.
invitation-email-hint = Le lien vaut pour la personne qui lit le courrier de cette adresse ; elle devient aussi le premier utilisateur.
invitation-language = Langue du courriel
invitation-message = Message
invitation-message-hint = L’autorité le lit sur sa page.
invitation-send = Envoyer maintenant
invitation-send-hint = Sinon elle reste un brouillon qui peut être envoyé plus tard.
invitation-invite = Enregistrer l’invitation
invitation-already = Cette adresse est déjà invitée à cet endroit
invitation-many = Il y a trop d’invitations de votre part, ou à cette adresse. Continuez plus tard.
invitation-by = Invitée par
invitation-at = Invitée
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
registration-stage-invite = Inviter l’autorité à s’enregistrer
registration-stage-register = L’autorité s’enregistre elle-même
registration-stage-validate = Valider l’enregistrement
registration-stage-modules = Donner accès aux modules
registration-stage-done = fait
registration-title = Enregistrez votre autorité
registration-text = Vous êtes invité à enregistrer « { $name } » sous « { $place } ».
registration-until = Ce que vous saisissez est gardé partie par partie. Vous avez jusqu’au { $until }.
registration-known = Un compte existe déjà avec cette adresse ; elle ne peut donc pas devenir celle du premier utilisateur. Demandez une invitation à une autre adresse de votre autorité.
registration-message = Message de la personne qui vous invite
registration-correct = Veuillez corriger ceci
registration-answer = Motif
registration-done = Fait
registration-open = À faire
registration-blocked = Après les autres parties
registration-step-authority = L’autorité
registration-step-classification = Ce dont elle est responsable
registration-step-first-user = Premier utilisateur
registration-step-check = Vérifier et transmettre
registration-step-of = Partie { $number } sur { $all }.
registration-address = Le compte sera celui de { $email }.
registration-no-classes = Il n’y a rien à choisir ici ; enregistrez et continuez.
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
registration-now-validated = Votre autorité est enregistrée. Le premier utilisateur a reçu un lien qui active son compte ; l’accès aux modules est donné ensuite.
registration-now-refused = Votre enregistrement a été refusé.
registration-now-withdrawn = L’invitation a été retirée.
registration-alike = Un niveau au nom similaire est déjà enregistré : comparez avant de valider.
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
validation-invited = invitée par une autre personne
validation-invited-by-you = invitée par vous
validation-review = Examiner
validation-open = Ouvrir le niveau
validation-decision = Décision
validation-validate = Valider
validation-return = Rendre pour correction
validation-refuse = Refuser
validation-reason = Motif
validation-reason-hint = L’autorité le lit. Nécessaire pour rendre et pour refuser.
validation-confirm = Confirmer la décision
validation-text = Valider crée le niveau et son premier utilisateur. L’accès aux modules est donné ensuite.
validation-needs-second = Deux personnes valident : après vous, une autre doit le faire aussi.
validation-is-second = Quelqu’un a déjà validé. Votre validation crée le niveau et son premier utilisateur.
validation-not-yours = Une autre personne doit décider : vous êtes le demandeur ou avez déjà validé.
validation-first = D’abord validée par
validation-by = Décidée par
validation-done = Le niveau et son premier utilisateur existent. Donnez-lui ensuite accès à ses modules.
validation-wrong = Elle ne peut pas être enregistrée ainsi : rendez-la pour correction
validation-address = L’adresse du premier utilisateur ne peut pas être utilisée : refusez et invitez une autre adresse
done-registration-validated = L’enregistrement a été validé.
done-registration-approved = Vous avez validé ; une autre personne doit le faire aussi.
done-registration-returned = L’enregistrement a été rendu.
done-registration-refused = L’enregistrement a été refusé.
event-registration-invited = Autorité invitée à s’enregistrer
event-registration-sent = Nouveau lien envoyé à une autorité invitée
event-registration-withdrawn = Invitation d’une autorité retirée
event-registration-submitted = Autorité invitée enregistrée par elle-même
event-registration-approved = Enregistrement validé par la première de deux personnes
event-registration-validated = Enregistrement validé
event-registration-returned = Enregistrement rendu
event-registration-refused = Enregistrement refusé
message-authority-invited-subject = Enregistrez votre autorité auprès de { $service }
message-authority-invited-text =
    Bonjour,

    « { $name } » invite votre autorité à s’enregistrer auprès de { $service }. Ouvrez ce lien pour saisir ses données et celles de son premier utilisateur :

    { $link }

    Le lien fonctionne pendant { $lasts }. Si vous ne l’attendiez pas, ignorez ce message.
message-registration-received-subject = Votre enregistrement auprès de { $service }
message-registration-received-text =
    Bonjour,

    votre enregistrement auprès de { $service } est arrivé et attend une décision. Ce lien montre où il en est :

    { $link }
message-registration-returned-subject = Veuillez corriger votre enregistrement auprès de { $service }
message-registration-returned-text =
    Bonjour,

    quelque chose est à corriger dans votre enregistrement auprès de { $service }. Ouvrez ce lien pour voir quoi, et le faire :

    { $link }

    Le lien fonctionne pendant { $lasts }.
message-registration-refused-subject = Votre enregistrement auprès de { $service }
message-registration-refused-text =
    Bonjour,

    votre enregistrement auprès de { $service } a été refusé. Le lien de notre courriel précédent montre pourquoi.
message-registration-waits-subject = Une autorité s’est enregistrée auprès de { $service }
message-registration-waits-text =
    Bonjour { $name },

    une autorité que vous avez invitée auprès de { $service } s’est enregistrée. Examinez ses données et décidez :

    { $link }
message-invitation-asked-subject = Une autorité demande un nouveau lien vers { $service }
message-invitation-asked-text =
    Bonjour { $name },

    le lien d’une autorité que vous avez invitée auprès de { $service } a expiré, et elle en demande un nouveau. Vous pouvez l’envoyer ici :

    { $link }
subject-registration = un enregistrement
validation-representative = Le premier utilisateur devient { $role } de l’organisation par la même décision.
