# Seiten, auf die eine Anwendung führt, wenn eine Anmeldung nicht weitergehen kann.
oidc-error-title = Die Anwendung hat eine Anfrage gesendet, die nicht beantwortet werden kann
oidc-error-text = Sie wurden nicht zurückgeleitet, weil nicht sicher ist, dass die Anfrage von der Anwendung kam. Teilen Sie ihrem Support mit, was unten steht.
oidc-refused-title = Sie haben noch keinen Zugang zu dieser Anwendung
oidc-refused-text = Sie sind angemeldet, aber keine Ihrer Gruppen öffnet { $application }.
oidc-refused-ask = Diese Administratoren Ihrer Organisation können Ihnen Zugang geben:
oidc-refused-nobody = Ihre Organisation hat für diese Anwendung keinen Administrator. Fragen Sie Ihren Helpdesk.
# Zurück zu einer Anwendung mit einem Formular.
oidc-form-post-title = Zurück zur Anwendung
oidc-form-post-text = Sie werden zu { $application } zurückgeführt. Wenn nichts geschieht, drücken Sie die Schaltfläche.
oidc-form-post-continue = Weiter
# Einwilligung für eine fremde Anwendung.
consent-title = { $application } zulassen?
consent-lead = { $application } ({ $address }) wird nicht von dieser Institution betrieben und bittet um Ihre Erlaubnis.
consent-lead-own = { $application } ({ $address }) bittet um Ihre Erlaubnis.
consent-person = Sie sind angemeldet als { $person }.
consent-what = Die Anwendung möchte
consent-later = Sie können diese Erlaubnis jederzeit unter Ihr Konto, Erlaubnisse zurücknehmen.
consent-allow = Zulassen
consent-deny = Ablehnen
# Was Scopes bedeuten, als Ende des Satzes „Die Anwendung möchte …“.
scope-openid = an einer Kennung erkennen, dass Sie es sind
scope-profile = Ihren Namen, Benutzernamen und Ihre Sprache kennen
scope-email = Ihre E-Mail-Adresse kennen
scope-phone = Ihre Telefonnummer kennen
scope-groups = Ihre Gruppen in dieser Anwendung kennen
scope-organisation = Ihre Organisation kennen
scope-roles = wissen, welche Verwaltungsrollen Sie haben
scope-offline-access = diesen Zugang behalten, nachdem Sie sich abgemeldet haben
scope-users-read = die Personen sehen, die Sie sehen dürfen
scope-users-write = in Ihrem Namen Personen anlegen, ändern und löschen
scope-memberships-read = sehen, wer in welcher Gruppe ist
scope-memberships-write = in Ihrem Namen ändern, wer in welcher Gruppe ist
scope-groups-write = in Ihrem Namen Gruppen ändern
scope-roles-write = in Ihrem Namen Rollen vergeben und entziehen
scope-organisations-read = die Ebenen sehen, die Sie sehen dürfen
scope-organisations-write = in Ihrem Namen Ebenen ändern
scope-audit-read = das Protokoll lesen, soweit Sie es dürfen
scope-scim = in Ihrem Namen Personen, Gruppen und Ebenen verwalten
# Permissions given to applications.
menu-permissions = Erlaubnisse
permissions-text = Was Anwendungen mit Ihrer Erlaubnis wissen und tun dürfen. Wenn Sie sie zurücknehmen, endet ihr Zugang; sie fragen erneut, wenn Sie wiederkommen.
permissions-none = Sie haben keine Erlaubnis gegeben.
consent-may = Die Anwendung darf
permissions-given = Gegeben am { $when }
permissions-withdraw = Zurücknehmen
done-permission-withdrawn = Die Erlaubnis wurde zurückgenommen.
client-third-party = Von jemand anderem betrieben
client-third-party-hint = Personen werden um Erlaubnis gefragt, bevor ihr etwas mitgeteilt wird.
