# Stepping up, new addresses and numbers.
otp-lead = If your email and password are right, a 6-digit code is on its way to the number ending in { $ending }, by the method you used last.
otp-sent-sms = We have sent a 6-digit code by SMS to the number ending in { $ending }.
otp-sent-voice = We are calling the number ending in { $ending } with a 6-digit code.
step-up-title = Confirm that it is you
step-up-text = This change needs your password and a new code. You stay signed in.
step-up-expired = The code has expired. Enter your password once more.
step-up-weaker-any = Sign in again.
step-up-weaker-app = You signed in with an authenticator app. Use it here, too, or a passkey.
step-up-weaker-passkey = You signed in with a passkey. Use it here, too.
contact-title = New email address or phone number
contact-text = An administrator asked to change how you sign in. Until it takes effect you sign in as before. If you do not know of it, refuse.
contact-email = New email address
contact-phone = New phone number
contact-agree = Agree
contact-refuse = Refuse
contact-approve = Approve
contact-agreed = You have agreed. From now on you sign in with the new details.
contact-refused = You have refused. Nothing has changed.
contact-approval = You have agreed. The change takes effect once a second administrator has approved it.
done-contact-agreed = The change has taken effect.
done-contact-refused = The change was refused. Nothing has changed.
done-contact-approval = You have agreed. A second administrator has to approve the change.
done-contact-approved = The change is approved. It takes effect once its owner agrees, or after the waiting time.
user-pending-approval = This person administers others or belongs to a sensitive group: a second administrator has to approve the change. Until then the old details are in force.
security-credentials-title = Password, email address and phone number
security-step-up = To change your password, email address or phone number, confirm with your password and a code that it is you.
security-phone-refused = We cannot send codes to this number. Use a number of a country that is allowed here
security-phone-same = This is your phone number already
event-user-contact-agreed = Owner agreed to a change of email or phone
event-user-contact-approved = Change of email or phone approved
event-user-contact-refused = Change of email or phone refused
event-session-stepped-up = Both factors confirmed again
event-session-code-sent = Security code sent
message-contact-pending-subject = Your { $service } contact details will change
message-contact-pending-text =
    Hello { $name },

    an administrator asked to change the e-mail address or phone number with which you sign in at the { $service }. Open this link to see what will change, and to agree or refuse:

    { $link }

    If you do nothing, it takes effect after a while; where a second administrator has to approve it, not before that. If you do not know of it, refuse and tell the administrators of your { -place-en }.
message-contact-notice-subject = New contact details at the { $service }
message-contact-notice-text =
    Hello { $name },

    an administrator named this address as the new contact of an account at the { $service }. It is not in force yet; you need not do anything.

    If you do not know of it, ignore this message.{ $link }
message-contact-notice-phone = { $service }: an administrator asked to change the phone number of an account. If you do not know of it, tell your administrator.
message-contact-changed-phone = { $service }: the phone number of an account was changed. If you do not know of it, tell your administrator at once.
security-email-title = Email address
security-email-text = You sign in with { $email }.
security-email-none = There is no email address yet.
security-email-new = New email address
security-email-hint = We send a link to it, and tell your present address.
security-email-send = Send link
security-email-same = This is your email address already
security-email-often = You have asked for this too often. Wait a quarter of an hour
done-email-asked = If this address can be yours, a link is on its way to it. Until you open it, you sign in as before.
email-confirm-title = Confirm your new email address
email-confirm-text = From now on you sign in with { $email }.
email-confirm-now = Use this address
done-email-changed = Your email address has been changed.
event-user-email-asked = Own email address asked to change
event-user-email-changed = Own email address changed
message-email-confirm-subject = Confirm your new email address for the { $service }
message-email-confirm-text =
    Hello { $name },

    you gave this address as the new one of your account at the { $service }. Open this link, signed in, to use it from now on:

    { $link }

    The link works once, for { $lasts }. If it was not you, ignore this message: nothing has changed.
message-email-asked-subject = Your { $service } email address is to change
message-email-asked-text =
    Hello { $name },

    somebody who is signed in to your account at the { $service } asked to use another email address. It is in force once they have confirmed that address.

    If it was not you, change your password and tell your administrator at once.{ $link }
