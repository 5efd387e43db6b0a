# Registering an authority with its first user.
register-title = Register { -place-en(form: "a") }
register-text = { -place-en(form: "A") } is registered once. Look for it first; if it is there, do not register it again.
register-look-first = Enter the name of the { -place-en }.
register-none = No { -place-en } that you see has a similar name. Register it yourself, or invite it to do so.
register-yourself = Register it yourself
register-invite = Invite it to register itself
register-step = Step 1 of 2: the { -place-en } and its first user. In step 2 you grant it access to its modules.
register-save = Register
done-authority-registered = The { -place-en } and its first user are registered. Next, grant it access to its modules.
