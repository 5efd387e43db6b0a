# Levels and scopes.
done-level-saved = The { -place-en } has been saved.
scope-allows = Allows
scope-levels = { -place-en(form: "Many") } you can see
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
permission-organisation-read = see { -place-en(form: "many") }
permission-organisation-create = create { -place-en(form: "many") }
permission-organisation-update = change { -place-en(form: "many") }
permission-application-manage = manage applications
permission-group-manage = manage groups
permission-client-manage = manage OIDC clients
permission-audit-read = read the audit log
permission-key-manage = manage keys
permission-system-read = see the system’s state
levels-title = { -place-en(form: "Many") }
level-new = Create { -place-en(form: "a") }
level-name = Name
level-country = Country
level-country-hint = Two letters (ISO 3166), for example DE
level-lei = LEI
level-external-id = External ID
level-parent = Under
level-move = Move
level-move-title = Move { -place-en }
level-move-text = “{ $level }” with everything below it moves. Whoever administers the { -place-en(form: "many") } above it now may lose it, and whoever administers the new ones gains it.
level-move-confirm = Move now
level-move-preview = Preview
level-loses = Lose it
level-move-deputy = { $right } (as deputy)
level-gains = Gain it
level-nobody = Nobody
level-deactivate = Deactivate
level-reactivate = Reactivate
level-deactivate-text = Nobody in “{ $level }” or below it can sign in, and nothing can be granted there, until it is reactivated.
level-users = Users
level-taken = There is { -place-en(form: "a") } with this name here already
level-cannot-move = It cannot be moved there
scope-below = { $count ->
    [0] (no { -place-en(form: "many") } below it)
    [one] and { $count } { -place-en(form: "sub") }
   *[other] and { $count } { -place-en(form: "subs") }
}
level-outside = { -place-en(form: "a") } outside your scope
levels-back = Back to { -place-en(form: "many") }
levels-caption = { $count ->
    [one] { $count } { -place-en }
   *[other] { $count } { -place-en(form: "many") }
}
levels-none = No { -place-en } matches.
level-edit = Edit { -place-en }
level-new-below = Create a { -place-en(form: "sub") }
level-place = Place
level-people-below = Users here and below
level-sub-levels = { -place-en(form: "Subs") }
level-no-sub-levels = There are no { -place-en(form: "subs") }.
level-administrators = Administrators of this { -place-en }
level-no-administrators = Nobody whom you see administers exactly this { -place-en }; administrators of { -place-en(form: "many") } above it may reach it.
level-lei-hint = 20 letters and digits (ISO 17442)
level-lei-wrong = This is not a valid LEI: check its 20 characters
level-country-wrong = Enter two letters, for example DE
level-external-id-hint = The key by which your own systems know it.
level-deactivate-title = Deactivate { -place-en }
level-reactivate-title = Reactivate { -place-en }
level-reactivate-text = People in “{ $level }” and below it can sign in again.
level-people-affected = Affected: { $people }
level-move-to = Move to { $place }
level-move-below = { $count ->
    [one] { $count } { -place-en(form: "sub") } moves with it.
   *[other] { $count } { -place-en(form: "subs") } move with it.
}
level-move-changed = Somebody’s authority has changed since the preview. Look at it again.
level-others = { $count ->
    [one] { $count } more, whom you cannot see
   *[other] { $count } more, whom you cannot see
}
scope-levels-some = { -place-en(form: "Many") } you can see, the first of many
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
pattern-entitlements = In applications
pattern-requires = Only together with
pattern-given = How it comes
pattern-nominated = Somebody is named for it by e-mail address, and accepts.
pattern-dormant = It carries nothing by itself; another role asks for it.
pattern-revocation = Revocation asked for by
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
role-scope-organisation = { -place-en(form: "a") }
role-scope-organisation-applications = { -place-en(form: "a") } and applications
confirmation-none = takes effect at once
confirmation-first-in-scope = the operator confirms the first holder in a scope
confirmation-always = the operator always confirms
relation-same-organisation = of the same { -place-en }
relation-covering = with a scope that contains it
relation-any = anywhere
level-tab = { -place-en(form: "One") }
level-users-below = Users here and below
level-classification = Classification
level-classification-none = Nothing is said about what it does.
level-vocabulary = List
level-classes = What applies
level-users-caption = { $count ->
    [one] { $count } user of this { -place-en }
   *[other] { $count } users of this { -place-en }
}
level-no-users = Nobody is at this { -place-en } itself.
level-move-duties = By this move somebody would hold roles over one { -place-en } that one person may not hold together. Revoke one of them first
level-sign-in = Sign-in
level-sign-in-title = How people of this { -place-en } sign in
level-sign-in-text = What is asked for here holds for the people of { $level } and of all { -place-en(form: "many") } below it. Whoever signs in more weakly keeps their account, but has no roles and enters no application until they sign in as asked.
second-factor = Way to sign in
second-factor-any = Any way with two factors
second-factor-app = Authenticator app or passkey
second-factor-passkey = Passkey
second-factor-wrong = Choose one of the ways.
second-factor-level-hint = { -place-en(form: "Many") } below may ask for more, not for less. You have to be signed in that way yourself.
second-factor-environment-hint = Whoever signs in to this environment in a weaker way is asked to sign in again. { -place-en(form: "Many") } may ask their people for more.
second-factor-from-above = { $asked } (asked for by { -place-en(form: "a") } above)
second-factor-own-app = Sign in with an authenticator app or a passkey yourself first.
second-factor-own-passkey = Sign in with a passkey yourself first.
password-set = Rules for passwords
password-set-hint = The rules of this { -place-en } and of all below it, from the next password on.
password-set-standard = Those of the profile
password-set-above = Those of the { -place-en } above ({ $set })
password-set-wrong = Choose rules of the profile.
level-status-active = Active
level-status-deactivated = Deactivated
