# Levels and scopes.
done-level-saved = The level has been saved.
scope-allows = Allows
scope-levels = Levels you can see
permission-user-read = see users
permission-user-read-contact = see email addresses and phone numbers
permission-user-create = create users
permission-user-update = change users
permission-user-delete = delete users
permission-user-reset-credentials = start recoveries
permission-user-block = block users
permission-membership-read = see memberships
permission-membership-assign = assign memberships
permission-role-read = see roles
permission-role-grant = grant roles
permission-role-confirm = confirm roles
permission-organisation-read = see levels
permission-organisation-create = create levels
permission-organisation-update = change levels
permission-application-manage = manage applications
permission-group-manage = manage groups
permission-client-manage = manage OIDC clients
permission-audit-read = read the audit log
permission-key-manage = manage keys
permission-system-read = see the system’s state
levels-title = Levels
level-new = Create a level
level-name = Name
level-country = Country
level-country-hint = Two letters (ISO 3166), for example DE
level-lei = LEI
level-external-id = External ID
level-parent = Under
level-move = Move
level-move-title = Move level
level-move-text = “{ $level }” with everything below it moves. Whoever administers its present upper levels may lose it, and whoever administers the new ones gains it.
level-move-confirm = Move now
level-move-preview = Preview
level-loses = Lose it
level-gains = Gain it
level-nobody = Nobody
level-deactivate = Deactivate
level-reactivate = Reactivate
level-deactivate-text = Nobody in “{ $level }” or below it can sign in, and nothing can be granted there, until it is reactivated.
level-users = Users
level-taken = There is a level with this name here already
level-cannot-move = It cannot be moved there
scope-below = { $count ->
    [0] (no levels below it)
    [one] and { $count } sub-level
   *[other] and { $count } sub-levels
}
level-outside = a level outside your scope
levels-back = Back to levels
levels-caption = { $count ->
    [one] { $count } level
   *[other] { $count } levels
}
levels-none = No level matches.
level-edit = Edit level
level-new-below = Create a sub-level
level-place = Place
level-people-below = Users here and below
level-sub-levels = Sub-levels
level-no-sub-levels = There are no sub-levels.
level-administrators = Administrators of this level
level-no-administrators = Nobody administers exactly this level; administrators of upper levels may reach it.
level-lei-hint = 20 letters and digits (ISO 17442)
level-lei-wrong = This is not a valid LEI: check its 20 characters
level-country-wrong = Enter two letters, for example DE
level-external-id-hint = The key by which your own systems know it.
level-deactivate-title = Deactivate level
level-reactivate-title = Reactivate level
level-reactivate-text = People in “{ $level }” and below it can sign in again.
level-people-affected = Affected: { $people }
level-move-to = Move to { $place }
level-move-below = { $count ->
    [one] { $count } sub-level moves with it.
   *[other] { $count } sub-levels move with it.
}
level-move-changed = Somebody’s authority has changed since the preview. Look at it again.
level-others = { $count ->
    [one] { $count } more, whom you cannot see
   *[other] { $count } more, whom you cannot see
}
scope-levels-some = Levels you can see, the first of many
scope-text = What you administer, and by which role. Lists and searches show nothing beyond it.

# The roles of the installation and who grants them.
pattern-title = Roles and who grants them
pattern-text = Every role of this installation: what it allows, who gives it and who takes it away.
pattern-scope = Applies to
pattern-holders = Holders
pattern-confirmation = Confirmation
pattern-granted-by = Granted by
pattern-revoked-by = Revoked by
pattern-grants = Grants
pattern-nobody = nobody
pattern-holders-any = any number
pattern-holders-min = { $count ->
    [one] at least one holder in each scope
   *[other] at least { $count } holders in each scope
}
pattern-holders-max = { $count ->
    [one] one holder at most in each scope
   *[other] at most { $count } holders in each scope
}
role-scope-system = the whole installation
role-scope-organisation = a level
role-scope-organisation-applications = a level and applications
confirmation-none = takes effect at once
confirmation-first-in-scope = the operator confirms the first holder in a scope
confirmation-always = the operator always confirms
relation-same-organisation = of the same level
relation-covering = with a scope that contains it
relation-any = anywhere
level-tab = Level
level-users-below = Users here and below
level-classification = Classification
level-classification-none = Nothing is said about what it does.
level-vocabulary = List
level-classes = What applies
level-users-caption = { $count ->
    [one] { $count } user of this level
   *[other] { $count } users of this level
}
level-no-users = Nobody is at this level itself.
level-move-duties = By this move somebody would hold roles over one level that one person may not hold together. Revoke one of them first
level-sign-in = Sign-in
level-sign-in-title = How people of this level sign in
level-sign-in-text = What is asked for here holds for the people of { $level } and of all levels below it. Whoever signs in more weakly keeps their account, but has no roles and enters no application until they sign in as asked.
second-factor = Way to sign in
second-factor-any = Any way with two factors
second-factor-app = Authenticator app or passkey
second-factor-passkey = Passkey
second-factor-wrong = Choose one of the ways.
second-factor-level-hint = Levels below may ask for more, not for less. You have to be signed in that way yourself.
second-factor-environment-hint = Whoever signs in to this environment in a weaker way is asked to sign in again. Levels may ask their people for more.
second-factor-from-above = { $asked } (asked for by a level above)
second-factor-own-app = Sign in with an authenticator app or a passkey yourself first.
second-factor-own-passkey = Sign in with a passkey yourself first.
password-set = Rules for passwords
password-set-hint = The rules of this level and of all below it, from the next password on.
password-set-standard = Those of the profile
password-set-above = Those of the level above ({ $set })
password-set-wrong = Choose rules of the profile.
