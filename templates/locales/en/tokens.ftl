# Tokens that delegates make for their scripts.
tokens-text = A token lets a script of yours do part of what you may do, by SCIM and by the JSON API. It ends with your role, with your account and on its last day.
tokens-none = You have no tokens.
tokens-new = Make a token
tokens-name = What it is for
tokens-lasts = It works for
tokens-days = { $count ->
    [one] one day
   *[other] { $count } days
}
tokens-actions = What it may do
tokens-where = Where
tokens-level = { -place-en(form: "One") }
tokens-level-all = wherever I hold it
tokens-applications = For which applications
tokens-applications-hint = Tick none for all that you give access to.
tokens-once = This is the token. It is shown only now: keep it in a safe place.
tokens-secret = Token
tokens-header = Sent with each request
tokens-json = JSON API
tokens-made = Made
tokens-expires = Works until
tokens-revoke = Revoke
tokens-below = { $level } and below
tokens-no-action = Choose at least one thing that it may do
tokens-nothing = You hold nothing of what you chose there
tokens-too-many = You have too many tokens. Revoke one first.
done-token-revoked = The token has been revoked.
action-users-read = See people
action-users-write = Create, change and delete people
action-memberships-read = See memberships
action-memberships-write = Assign and remove memberships
action-groups-write = Manage groups
action-roles-read = See roles
action-roles-write = Grant, confirm and revoke roles
action-organisations-read = See { -place-en(form: "many") }
action-organisations-write = Create, change and move { -place-en(form: "many") }
action-modules-write = Grant and suspend module access
action-audit-read = Read the audit log
