# Confirmation renforcée, nouvelles adresses et nouveaux numéros.
otp-lead = Si votre adresse et votre mot de passe sont corrects, un code à 6 chiffres est en route vers le numéro se terminant par { $ending }, par le moyen utilisé la dernière fois.
otp-sent-sms = Nous avons envoyé un code à 6 chiffres par SMS au numéro se terminant par { $ending }.
otp-sent-voice = Nous appelons le numéro se terminant par { $ending } avec un code à 6 chiffres.
step-up-title = Confirmez que c’est bien vous
step-up-text = Cette modification demande votre mot de passe et un nouveau code. Vous restez connecté.
step-up-expired = Le code a expiré. Saisissez à nouveau votre mot de passe.
step-up-weaker-any = Reconnectez-vous.
step-up-weaker-app = Vous vous êtes connecté avec une application d’authentification. Utilisez-la ici aussi, ou une clé d’accès.
step-up-weaker-passkey = Vous vous êtes connecté avec une clé d’accès. Utilisez-la ici aussi.
contact-title = Nouvelle adresse ou nouveau numéro
contact-text = Un administrateur a demandé de changer vos coordonnées de connexion. D’ici là, vous vous connectez comme avant. Si vous n’en savez rien, refusez.
contact-email = Nouvelle adresse électronique
contact-phone = Nouveau numéro de téléphone
contact-agree = Accepter
contact-refuse = Refuser
contact-approve = Approuver
contact-agreed = Vous avez accepté. Désormais vous vous connectez avec les nouvelles coordonnées.
contact-refused = Vous avez refusé. Rien n’a changé.
contact-approval = Vous avez accepté. La modification prendra effet dès qu’un second administrateur l’aura approuvée.
done-contact-agreed = La modification a pris effet.
done-contact-refused = La modification a été refusée. Rien n’a changé.
done-contact-approval = Vous avez accepté. Un second administrateur doit approuver la modification.
done-contact-approved = La modification est approuvée. Elle prendra effet dès l’accord de la personne, ou après le délai.
user-pending-approval = Cette personne administre d’autres personnes ou appartient à un groupe sensible : un second administrateur doit approuver la modification. D’ici là, les anciennes coordonnées restent en vigueur.
security-credentials-title = Mot de passe, adresse e-mail et numéro de téléphone
security-step-up = Pour changer votre mot de passe, votre adresse e-mail ou votre numéro, confirmez votre identité par votre mot de passe et un code.
security-phone-refused = Nous ne pouvons pas envoyer de codes à ce numéro. Utilisez un numéro d’un pays autorisé ici
security-phone-same = C’est déjà votre numéro de téléphone
event-user-contact-agreed = Changement d’adresse ou de téléphone accepté par la personne
event-user-contact-approved = Changement d’adresse ou de téléphone approuvé
event-user-contact-refused = Changement d’adresse ou de téléphone refusé
event-session-stepped-up = Les deux facteurs confirmés à nouveau
event-session-code-sent = Code de sécurité envoyé
message-contact-pending-subject = Vos coordonnées sur le { $service } vont changer
message-contact-pending-text =
    Bonjour { $name },

    un administrateur a demandé de changer l’adresse ou le numéro avec lequel vous vous connectez au { $service }. Ouvrez ce lien pour voir ce qui va changer, et pour accepter ou refuser :

    { $link }

    Si vous ne faites rien, la modification prendra effet après un certain temps ; là où un second administrateur doit l’approuver, pas avant cela. Si vous n’en savez rien, refusez et prévenez l’administration de votre { -place-fr }.
message-contact-notice-subject = Nouvelles coordonnées sur le { $service }
message-contact-notice-text =
    Bonjour { $name },

    un administrateur a indiqué cette adresse comme nouveau contact d’un compte sur le { $service }. Elle n’est pas encore en vigueur ; vous n’avez rien à faire.

    Si vous n’en savez rien, ignorez ce message.{ $link }
message-contact-notice-phone = { $service } : un administrateur a demandé de changer le numéro d’un compte. Si vous n’en savez rien, prévenez votre administrateur.
message-contact-changed-phone = { $service } : le numéro d’un compte a été changé. Si vous n’en savez rien, prévenez tout de suite votre administrateur.
security-email-title = Adresse e-mail
security-email-text = Vous vous connectez avec { $email }.
security-email-none = Il n’y a pas encore d’adresse e-mail.
security-email-new = Nouvelle adresse e-mail
security-email-hint = Nous y envoyons un lien et prévenons votre adresse actuelle.
security-email-send = Envoyer le lien
security-email-same = C’est déjà votre adresse e-mail
security-email-often = Vous l’avez demandé trop souvent. Attendez un quart d’heure
done-email-asked = Si cette adresse peut devenir la vôtre, un lien lui est envoyé. Tant que vous ne l’avez pas ouvert, vous vous connectez comme avant.
email-confirm-title = Confirmez votre nouvelle adresse e-mail
email-confirm-text = Désormais, vous vous connectez avec { $email }.
email-confirm-now = Utiliser cette adresse
done-email-changed = Votre adresse e-mail a été modifiée.
event-user-email-asked = Changement de sa propre adresse e-mail demandé
event-user-email-changed = Propre adresse e-mail modifiée
message-email-confirm-subject = Confirmez votre nouvelle adresse e-mail pour le { $service }
message-email-confirm-text =
    Bonjour { $name },

    vous avez donné cette adresse comme nouvelle adresse de votre compte sur le { $service }. Ouvrez ce lien, une fois connecté, pour l’utiliser désormais :

    { $link }

    Le lien est utilisable une fois, pendant { $lasts }. Si ce n’était pas vous, ignorez ce message : rien n’a changé.
message-email-asked-subject = Votre adresse e-mail sur le { $service } va changer
message-email-asked-text =
    Bonjour { $name },

    une personne connectée à votre compte sur le { $service } demande à utiliser une autre adresse e-mail. Elle sera en vigueur dès qu’elle aura été confirmée.

    Si ce n’était pas vous, changez votre mot de passe et prévenez aussitôt votre administrateur.{ $link }
