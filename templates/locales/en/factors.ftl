# Passkeys, authenticator apps, recovery codes.
channel-app = Authenticator app: no code is sent
passkeys-title = Passkeys and security keys
passkeys-text = Sign in with your fingerprint, face or device PIN, without password and code. A passkey works on this site only, so nobody can lure it out of you.
passkey-new = Add a passkey
passkey-title = Add a passkey
passkey-text = Your device asks for your fingerprint, face or PIN and keeps the passkey. You can also use a security key.
passkey-script = This needs JavaScript, as browsers offer passkeys to scripts only. Without it, use an authenticator app.
passkey-create = Create passkey
passkey-name-first = My passkey
passkey-stopped = No passkey was used. It was cancelled, took too long, or this device has none for this site.
passkey-wrong = The answer of the device was not right or came too late. Try again
passkey-known = This passkey is registered already
passkey-copies = Copies
passkey-synced = It can be copied to your other devices
passkey-bound = It stays on one device
apps-title = Authenticator apps
apps-text = An app on your phone or computer shows a new code every half minute, also without a network.
app-new = Add an authenticator app
app-title = Add an authenticator app
app-text = Use any app for time-based codes (TOTP).
app-scan = In the app, add an account and scan this picture.
app-picture = QR code with the key for your app; the same key is written below
app-type = If you cannot scan it, type this key:
app-open = Open in an app on this device
app-enter = Enter the code that the app shows now.
app-name-first = My phone
app-code = Code of the app
app-code-hint = 6 digits
app-wrong = The code is not right. Check that the clock of your device is right, and enter the code that is shown now
app-over = The key was not used in time or its code was wrong too often. Begin again.
app-finish = Finish
factor-title = Way to sign in
factor-name = Name
factor-name-hint = By which you recognise it
factor-added = Added
factor-used = Last used
factor-added-on = added { $day }
factor-used-on = last used { $moment }
factor-never-used = not used yet
factor-remove = Remove
factor-remove-text = It can then no longer be used to sign in. Remove at once what is lost.
factor-step-up = To remove it, confirm first that it is you.
factor-last = This is the last way to sign in to your account. Add another one first
factors-many = You have as many as there can be. Remove one first.
recovery-codes-title = Recovery codes
recovery-codes-text = Each code replaces the code by phone or app once, when you have lost both.
recovery-codes-none = You have none.
recovery-codes-left = You have { $left } of { $count } left, made on { $made }.
recovery-codes-new = Make new recovery codes
recovery-codes-once = Print these codes or keep them in a safe place. They are shown only now; older ones no longer work. Each works once.
recovery-codes-file = Download as a text file
recovery-codes-kept = I have kept them
done-app-added = The authenticator app has been added. From now on sign-in asks for its code.
done-passkey-added = The passkey has been added. You can sign in with it from now on.
done-factor-renamed = The name has been saved.
done-factor-removed = It has been removed.
login-passkey = Sign in with a passkey
login-passkey-refused = This passkey cannot be used to sign in. Use another way.
login-passkey-unknown = This passkey is not known here, or was removed. Use another way.
login-passkey-over = The page was open for too long. Try again.
otp-other = Do you use an authenticator app? Then enter the code that it shows; if it is what you used last, none is sent. A recovery code works, too.
otp-code-hint-any = 6 digits, or the 12 digits of a recovery code
otp-lead-app = Enter the code that your authenticator app shows.
message-factor-added-subject = A way to sign in to the { $service } was added
message-factor-added-text =
    Hello { $name },

    “{ $factor }” can now be used to sign in to your account at the { $service }.

    If you do not know of it, remove it at once and change your password: { $link }
message-factor-removed-subject = A way to sign in to the { $service } was removed
message-factor-removed-text =
    Hello { $name },

    “{ $factor }” can no longer be used to sign in to your account at the { $service }.

    If you do not know of it, tell your administrator at once. Your ways to sign in: { $link }
message-factors-taken-subject = Your ways to sign in to the { $service } were taken away
message-factors-taken-text =
    Hello { $name },

    An administrator has taken away all authenticator apps, passkeys and recovery codes of your account at the { $service }, and you have been signed out. You sign in with your password and a code to your phone, and can add new ones then: { $link }

    If you did not ask for it, tell your administrator at once.
message-recovery-codes-made-subject = New recovery codes for the { $service }
message-recovery-codes-made-text =
    Hello { $name },

    new recovery codes were made for your account at the { $service }; older ones no longer work.

    If you do not know of it, change your password at once: { $link }
message-recovery-code-used-subject = A recovery code was used at the { $service }
message-recovery-code-used-text =
    Hello { $name },

    a recovery code of your account at the { $service } was used. { $left } are left.

    If it was not you, change your password and make new codes at once: { $link }
link-lead-app = For your security we ask for a code, too: the one that your authenticator app shows.
strength-reminder-app = Your role { $role } has effect only when you sign in with an authenticator app or a passkey.
strength-reminder-passkey = Your role { $role } has effect only when you sign in with a passkey.
strength-add = Ways to sign in
nudge-passkey = With a passkey you sign in without waiting for a code.
nudge-app = With an authenticator app you sign in without waiting for a message.
step-up-passkey = Confirm with a passkey
message-device-remembered-subject = The { $service } will ask for no code in a browser
message-device-remembered-text =
    Hello { $name },

    after a sign-in with both factors somebody chose that your account at the { $service } is asked for no code in that browser for { $lasts }. The password is still asked for.

    If that was not you, change your password at once, which ends it, and look through your sessions: { $link }
