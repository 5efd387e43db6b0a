# Layout, notices and words used on every page.
skip-to-content = Skip to main content
brand = Identity Portal
menu-label = Main
menu-apps = My Apps
menu-users = Users
menu-scope = My scope
menu-levels = { -place-en(form: "Many") }
menu-applications = Applications
menu-services = Services
menu-clients = OIDC clients
menu-audit = Audit log
menu-account = My account
menu-profile = Profile
menu-security = Security
menu-sessions = Sessions
menu-tokens = Tokens
menu-history = History
menu-access = My access
menu-data = Your data
sign-out = Sign out
signed-in-as = Signed in as
language = Language
footer-help = Help and contact
footer-privacy = Privacy
footer-accessibility = Accessibility statement
footer-terms = Terms of use
dev-banner = Development mode. Nothing here is real; messages are shown on a page instead of being sent.
dev-messages = Show messages
problem-title = There is a problem
save = Save
cancel = Cancel
back = Back
search = Search
reset = Reset
edit = Edit
view = View
delete = Delete
yes = Yes
no = No
none = None
any = Any
optional = optional
never = Never
page-previous = Previous
page-next = Next
page-range = { $from } to { $to } of { $total }
page-size = Rows per page
pages-label = Pages
required-hint = All fields are required unless marked optional.
changed-meanwhile = Somebody else changed this in the meantime. What you see now is the latest state; please make your change again.
count-users = { $count ->
    [one] { $count } user
   *[other] { $count } users
}

# Errors of fields
error-empty = Enter a value for “{ $field }”
error-too-long = “{ $field }” is too long
error-character = “{ $field }” holds a character that is not allowed
error-web-address = “{ $field }” must not hold a web address
error-email = Enter an email address in the format name@example.org
error-phone = Enter a phone number in international format, for example +49 69 123456
error-date = Enter a date in the format 2027-03-31
error-date-past = Enter a date in the future
error-choice = Choose one of the offered values for “{ $field }”
error-password = The password is not right
error-stale-form = This form had expired. Nothing was changed; please send it again.

# Error pages
error-not-found-title = Page not found
error-not-found-text = There is nothing at this address, or it is not yours to see.
error-forbidden-title = Not allowed
error-forbidden-text = Your roles do not allow this. “My scope” shows what you may do.
error-bad-request-title = The request could not be read
error-bad-request-text = Something was missing or not in the right form. Go back and try again.
error-too-many-title = Too many requests
error-too-many-text = Please wait { $seconds } seconds and try again.
error-too-large-title = Too much data
error-too-large-text = What was sent is larger than this page accepts.
error-csrf-title = This form could not be accepted
error-csrf-text = It came from another site, or your session has changed since the page was opened. Go back, reload the page and try again.
error-conflict-title = Changed in the meantime
error-conflict-text = Somebody else changed this at the same moment. Nothing was saved; go back and try again.
error-step-up-title = Please sign in again
error-step-up-text = This change needs a recent sign-in with your second factor. Sign out, sign in again and repeat the change.
error-internal-title = Something went wrong
error-internal-text = The fault is ours and has been recorded. Please try again in a moment.
error-request-id = If you ask for help, quote this number:
error-go-home = Go to the start page

# Help, privacy, accessibility
help-title = Help and contact
privacy-title = Privacy
privacy-text = This portal stores what is needed to sign you in and to decide which applications you may use: your name, email address and phone number, the { -place-en } that you belong to, your memberships, and a log of sign-ins and changes. It sets only the cookies needed for that, and passes to an application only what the application is registered for.
accessibility-title = Accessibility statement
accessibility-text = This portal is built to meet WCAG 2.2, level AA. Every page works by keyboard, without JavaScript, and when enlarged to 400 %. If something is hard to use, tell us through the help page.
footer-support = Support:
lasting-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
lasting-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
lasting-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
conformance-banner = Conformance mode, for test suites. Nothing here is real; a password alone signs in to some applications.
