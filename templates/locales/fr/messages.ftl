# Messages aux personnes : SMS, appel, courriel.
message-code-sms = { $code } est votre code de sécurité pour le { $service }. Il est valable 3 minutes.
message-code-voice = Bonjour. Ici le { $service }. Votre code de sécurité est : { $digits }. Je répète : { $digits }. Le code est valable 3 minutes. Au revoir.
message-activation-subject = Activez votre compte sur le { $service }
message-activation-text =
    Bonjour { $name },

    un compte a été créé pour vous sur le { $service }. Ouvrez ce lien pour choisir votre mot de passe et confirmer votre téléphone :

    { $link }

    Le lien est utilisable une fois, pendant { $lasts }. Si vous ne l’attendiez pas, ignorez ce message.
message-recovery-subject = Choisissez un nouveau mot de passe pour le { $service }
message-recovery-text =
    Bonjour { $name },

    quelqu’un a demandé un nouveau mot de passe pour votre compte sur le { $service }. Ouvrez ce lien pour le choisir ; vous aurez besoin de votre téléphone :

    { $link }

    Le lien est utilisable une fois, pendant { $lasts }. Si ce n’était pas vous, ignorez ce message : rien n’a changé.
message-password-changed-subject = Votre mot de passe pour le { $service } a été modifié
message-password-changed-text =
    Bonjour { $name },

    le mot de passe de votre compte sur le { $service } vient d’être défini ou modifié, et toutes les autres sessions ont été fermées.

    Si ce n’était pas vous, prévenez immédiatement votre administration.{ $link }
message-password-expires-subject = Votre mot de passe pour le { $service } expire bientôt
message-password-expires-text =
    Bonjour { $name },

    le mot de passe de votre compte sur le { $service } est valable jusqu’au { $ends }. Choisissez-en un autre avant cette date : connectez-vous comme d’habitude et ouvrez « Sécurité ». Sinon, un nouveau mot de passe vous sera demandé à votre prochaine connexion.

    Ce message ne contient volontairement aucun lien.
message-contact-changed-subject = Vos coordonnées sur le { $service } changent
message-contact-changed-text =
    Bonjour { $name },

    l’adresse électronique ou le numéro de téléphone de votre compte sur le { $service } a été modifié ou va l’être.

    Si vous n’en êtes pas informé, prévenez immédiatement votre administration.{ $link }
message-access-ended-subject = Le { $service } a mis fin à l’accès d’une application
message-access-ended-text =
    Bonjour { $name },

    { $link } a présenté une seconde fois une connexion de votre part qui avait déjà été utilisée. Cela peut être une erreur de l’application ou
    le signe que quelqu’un l’a copiée. Son accès à votre compte sur le { $service } a pris fin ; vous pouvez simplement vous y reconnecter.

    Si cela se reproduit, prévenez votre administrateur.
message-support = Des questions ? Notre assistance vous répond : { $contact }
