# Pages that an application leads to when a sign-in cannot go on.
oidc-error-title = The application sent a request that cannot be answered
oidc-error-text = You were not sent back, because it is not certain that the request came from the application. Tell its support team what stands below.
oidc-refused-title = You do not have access to this application yet
oidc-refused-text = You are signed in, but none of your groups opens { $application }.
oidc-refused-ask = These administrators of your organisation can give you access:
oidc-refused-nobody = Your organisation has no administrator for this application. Ask your help desk.
