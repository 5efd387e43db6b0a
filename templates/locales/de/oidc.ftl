# Seiten, auf die eine Anwendung führt, wenn eine Anmeldung nicht weitergehen kann.
oidc-error-title = Die Anwendung hat eine Anfrage gesendet, die nicht beantwortet werden kann
oidc-error-text = Sie wurden nicht zurückgeleitet, weil nicht sicher ist, dass die Anfrage von der Anwendung kam. Teilen Sie ihrem Support mit, was unten steht.
oidc-refused-title = Sie haben noch keinen Zugang zu dieser Anwendung
oidc-refused-text = Sie sind angemeldet, aber keine Ihrer Gruppen öffnet { $application }.
oidc-refused-ask = Diese Administratoren Ihrer Organisation können Ihnen Zugang geben:
oidc-refused-nobody = Ihre Organisation hat für diese Anwendung keinen Administrator. Fragen Sie Ihren Helpdesk.
