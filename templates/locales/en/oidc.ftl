# Pages that an application leads to when a sign-in cannot go on.
oidc-error-title = The application sent a request that cannot be answered
oidc-error-text = You were not sent back, because it is not certain that the request came from the application. Tell its support team what stands below.
oidc-refused-title = You do not have access to this application yet
oidc-refused-text = You are signed in, but none of your groups opens { $application }.
oidc-refused-ask = These administrators of your organisation can give you access:
oidc-refused-nobody = Your organisation has no administrator for this application. Ask your help desk.
# Back to an application by a form.
oidc-form-post-title = Back to the application
oidc-form-post-text = You are being led back to { $application }. If nothing happens, press the button.
oidc-form-post-continue = Continue
# Consent for an application of somebody else.
consent-title = Allow { $application }?
consent-lead = { $application } ({ $address }) is not run by this institution. It asks for your permission.
consent-lead-own = { $application } ({ $address }) asks for your permission.
consent-person = You are signed in as { $person }.
consent-what = The application wants to
consent-later = You can take this permission back at any time under Your account, Permissions.
consent-allow = Allow
consent-deny = Deny
# What scopes mean, as ends of the sentence "The application wants to …".
scope-openid = know that it is you, by an identifier
scope-profile = know your name, user name and language
scope-email = know your e-mail address
scope-phone = know your phone number
scope-groups = know your groups in this application
scope-organisation = know your organisation
scope-roles = know which administrator roles you hold
scope-offline-access = keep this access after you have signed out
scope-users-read = see the people whom you may see
scope-users-write = create, change and delete people in your name
scope-memberships-read = see who is in which group
scope-memberships-write = change who is in which group in your name
scope-groups-write = change groups in your name
scope-roles-write = grant and take away roles in your name
scope-organisations-read = see the levels that you may see
scope-organisations-write = change levels in your name
scope-audit-read = read the audit log as far as you may
scope-scim = administer people, groups and levels in your name
# Permissions given to applications.
menu-permissions = Permissions
permissions-text = What you have allowed applications to know and do. Taking it back ends their access; they ask again when you return.
permissions-none = You have not given any permission.
consent-may = The application may
permissions-given = Given on { $when }
permissions-withdraw = Take back
done-permission-withdrawn = The permission was taken back.
client-third-party = Run by somebody else
client-third-party-hint = People are asked for their permission before anything is told to it.
