# Messages to people: SMS, voice, mail.
message-code-sms = { $code } is your { $service } security code. It works for 3 minutes.
message-code-voice = Hello. This is the { $service }. Your security code is: { $digits }. I repeat: { $digits }. The code works for 3 minutes. Goodbye.
message-activation-subject = Activate your { $service } account
message-activation-text =
    Hello { $name },

    an account was created for you at the { $service }. Open this link to choose your password and confirm your phone:

    { $link }

    The link works once, for { $lasts }. If you did not expect it, ignore this message.
message-recovery-subject = Choose a new password for the { $service }
message-recovery-text =
    Hello { $name },

    somebody asked for a new password for your account at the { $service }. Open this link to choose one; you will need your phone:

    { $link }

    The link works once, for { $lasts }. If it was not you, ignore this message: nothing has changed.
message-password-changed-subject = Your { $service } password was changed
message-password-changed-text =
    Hello { $name },

    the password of your account at the { $service } was set or changed just now, and all other sessions were ended.

    If it was not you, tell your administrator at once.{ $link }
message-password-expires-subject = Your { $service } password expires soon
message-password-expires-text =
    Hello { $name },

    the password of your account at the { $service } can be used until { $ends }. Choose another one before: sign in as you always do and open “Security”. If you do not, you are asked for a new one at your next sign-in.

    This message has no link on purpose.
message-contact-changed-subject = Your { $service } contact details change
message-contact-changed-text =
    Hello { $name },

    the e-mail address or phone number of your account at the { $service } was changed, or will be.

    If you do not know of it, tell your administrator at once.{ $link }
message-access-ended-subject = The { $service } ended the access of an application
message-access-ended-text =
    Hello { $name },

    { $link } presented a sign-in of yours a second time that had been used already. That can be an error of the application, or a sign
    that somebody has copied it. Its access to your account at the { $service } was ended; you can simply sign in there again.

    If it happens again, tell your administrator.
message-support = Questions? Ask our support: { $contact }
