# Applications, environments, groups, OIDC clients.
done-application-saved = The application has been saved.
done-group-saved = The group has been saved.
done-client-saved = The client has been saved.
applications-title = Applications and groups
application-new = Create an application
application-code = Code
application-code-hint = Upper-case letters, digits and _; never changes
application-name = Name
application-description = Description
application-documentation = Link to the manual
environment-new = Add an environment
environment-title = Title
environment-code = Environment
environment-prefix = Prefix of its group codes
environment-launch = Address that the tile opens
environment-requires = Only people with a group may sign in to it
group-new = Add a group
group-code = Code
group-name = Name
group-sensitive = Sensitive: credential changes of its members need a second person
groups = Groups
code-taken = This code is in use already
error-url = Enter an address that starts with https://
clients-title = OIDC clients
client-new = Create a client
client-id = Client ID
client-kind = Type
client-kind-web = Web server
client-kind-spa = Single-page application
client-kind-native = Installed application
client-kind-machine = Service (acts for itself)
client-environment = Application and environment
client-organisation = Organisation of the service
client-redirects = Redirect addresses
client-redirects-hint = One per line; compared exactly, character by character.
client-logout-redirects = Addresses after logout
client-auth = Client authentication
client-advanced = Advanced
client-alg = Signature of ID tokens
client-no-pkce = Allow sign-ins without PKCE (insecure)
client-cors = Origins allowed to call from a browser
client-company-id = Release the company ID
client-secret-title = Client secret
client-secret-once = Shown only now. Store it where the application reads its secrets.
client-rotate = New secret
client-rotate-text = The present secret works for another 24 hours.
client-disable = Disable
client-enable = Enable
client-inactive = Disabled
client-settings-for = Settings for { $program }
client-error-redirect = This is not an absolute address without fragment: { $address }
client-error-redirects = Enter at least one redirect address
copy = Copy
all-applications = all applications
url-hint = Starts with https://
other-applications = { $count ->
    [one] { $count } other application
   *[other] { $count } other applications
}
done-environment-saved = The environment has been saved.
done-environment-deleted = The environment has been deleted.
done-application-deleted = The application has been deleted.
done-group-deleted = The group has been deleted.
applications-back = Back to applications
applications-caption = { $count ->
    [one] { $count } application
   *[other] { $count } applications
}
applications-none = There is no application yet.
application-edit = Edit application
application-description-hint = One or two sentences, shown on the tile.
application-delete-title = Delete application
application-delete-text = “{ $name }” has neither environments nor administrators and will be deleted.
environments = Environments
environments-none = There is no environment yet; add one before its groups and clients.
environment-edit = Edit environment
environment-code-hint = For example production or pre-production; never changes.
environment-prefix-hint = For example A- for pre-production; empty for production. Never changes.
environment-title-hint = Shown on the tile.
environment-launch-hint = The application’s address that starts a sign-in.
environment-requires-short = Group required
environment-delete-title = Delete environment
environment-delete-text = “{ $name }” has neither groups nor clients and will be deleted.
environment-in-use = “{ $name }” still has groups or clients. Delete or move them first.
groups-none = There are no groups yet.
group-edit = Edit group
group-code-hint = Upper-case letters, digits and _, without the prefix; never changes.
group-description-hint = What members may do; shown where access is given.
group-sensitive-short = Sensitive
group-delete-title = Delete group
group-delete-text = “{ $name }” will be deleted, and what it allows is lost at once.
group-delete-members = { $count ->
    [one] { $count } membership ends.
   *[other] { $count } memberships end.
}
clients-back = Back to OIDC clients
clients-caption = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
clients-none = There are no clients yet.
client-name = Name
client-name-hint = Shown on the sign-in page.
client-id-hint = Letters, digits, dot, _ and -; never changes.
client-environment-hint = For everything that people sign in to.
client-organisation-hint = For a service that acts for itself.
client-settings = Settings
client-secrets = Secrets
client-secret-since = Valid since { $since }
client-secret-until = Valid since { $since }, replaced, ends { $until }
client-end-former = End the replaced secret now
client-access-lifetime = Lifetime of access tokens, in seconds
client-access-lifetime-hint = 60 to 3600
client-refresh = Refresh tokens
client-refresh-lifetime = Lifetime of a refresh family, in seconds
client-refresh-lifetime-hint = 60 to 2592000 (30 days)
client-scopes = Scopes it may ask for
client-scopes-hint = One per line. groups gives the groups of its own environment only.
client-cors-hint = One per line, for example https://app.example.org
client-credentials = Client credentials: the application may also act for itself
client-copy-title = Copy settings
client-copy-text = Ready to paste. The secret is not part of it: it was shown once, when it was made.
client-disable-title = Disable client
client-disable-text = Nobody can sign in to “{ $name }” any more, and its tokens stop working at once.
client-enable-title = Enable client
client-enable-text = “{ $name }” can be signed in to again. Tokens that were stopped stay stopped.
client-error-id = Use 1 to 100 letters, digits, dots, _ and -, but no UUID
client-error-place = Choose an environment, or for a service an organisation; not both
client-error-many = At most 50 addresses
client-error-grant = This kind of client cannot use this grant
client-error-pkce = A public client cannot go without PKCE
client-error-lifetime = Enter whole seconds within the limits
client-error-origin = This is not an origin like https://app.example.org: { $address }
client-error-scope = This cannot be a scope: { $scope }
client-logo-title = Logo
