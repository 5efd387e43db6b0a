# Registering an authority with its first user.
register-title = Register an authority
register-text = An authority is registered once. Look for it first; if it is there, do not register it again.
register-look-first = Enter the name of the authority.
register-none = No level that you see has a similar name. Register it yourself, or invite it to do so.
register-yourself = Register it yourself
register-invite = Invite it to register itself
register-step = Step 1 of 2: the authority and its first user. In step 2 you grant it access to its modules.
register-save = Register
done-authority-registered = The authority and its first user are registered. Next, grant it access to its modules.
