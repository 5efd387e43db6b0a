# The audit log.
audit-title = Audit log
audit-when = When
audit-what = What
audit-who = Who
audit-whom = Whom or what
audit-where = { -place-en(form: "One") }
audit-channel = By
audit-details = Details
audit-kind = Event
audit-since = From
audit-until = To
audit-none = No event matches.
audit-older = Older events
filter-remove = Remove
audit-caption = Events, the newest first
audit-by = By { $name }
audit-about = About { $name }
audit-one-thing = one person or thing
audit-request = Request
audit-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
audit-times = { $count } times within an hour
by-nobody = nobody signed in
by-outside = somebody outside your scope
door-portal = Portal
door-scim = SCIM
door-api = JSON API
door-oidc = OpenID Connect
door-cli = Command line
door-job = Background job
subject-user = a person
subject-organisation = { -place-en(form: "a") }
subject-application = an application
subject-environment = an environment
subject-group = a group
subject-client = a client
subject-role-assignment = a role
subject-role-of = { $role } of { $name }
subject-session = a session
subject-sign-in = a sign-in
subject-family = tokens
subject-key = a signing key
