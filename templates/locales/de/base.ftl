# Layout, notices and words used on every page.
skip-to-content = Zum Hauptinhalt springen
brand = Identitätsportal
menu-label = Hauptmenü
menu-apps = Meine Anwendungen
menu-users = Benutzer
menu-scope = Mein Bereich
menu-levels = { -place-de(form: "many") }
menu-applications = Anwendungen
menu-services = Dienste
menu-clients = OIDC-Clients
menu-audit = Prüfprotokoll
menu-account = Mein Konto
menu-profile = Profil
menu-security = Sicherheit
menu-sessions = Sitzungen
menu-tokens = Token
menu-history = Verlauf
menu-access = Meine Zugriffe
menu-data = Ihre Daten
sign-out = Abmelden
signed-in-as = Angemeldet als
language = Sprache
footer-help = Hilfe und Kontakt
footer-privacy = Datenschutz
footer-accessibility = Erklärung zur Barrierefreiheit
footer-terms = Nutzungsbedingungen
dev-banner = Entwicklungsmodus. Nichts hier ist echt; Nachrichten werden auf einer Seite gezeigt und nicht versandt.
dev-messages = Nachrichten zeigen
problem-title = Es gibt ein Problem
save = Speichern
cancel = Abbrechen
back = Zurück
search = Suchen
reset = Zurücksetzen
edit = Bearbeiten
view = Ansehen
delete = Löschen
yes = Ja
no = Nein
none = Keine
any = Alle
optional = freiwillig
never = Nie
page-previous = Zurück
page-next = Weiter
page-range = { $from } bis { $to } von { $total }
page-size = Zeilen pro Seite
pages-label = Seiten
required-hint = Alle Felder sind auszufüllen, sofern sie nicht als freiwillig bezeichnet sind.
changed-meanwhile = Jemand anders hat dies inzwischen geändert. Sie sehen jetzt den neuesten Stand; bitte ändern Sie erneut.
count-users = { $count ->
    [one] { $count } Benutzer
   *[other] { $count } Benutzer
}

# Errors of fields
error-empty = Füllen Sie „{ $field }“ aus
error-too-long = „{ $field }“ ist zu lang
error-character = „{ $field }“ enthält ein unzulässiges Zeichen
error-web-address = „{ $field }“ darf keine Internetadresse enthalten
error-email = Geben Sie eine E-Mail-Adresse in der Form name@example.org ein
error-phone = Geben Sie eine Telefonnummer im internationalen Format ein, zum Beispiel +49 69 123456
error-date = Geben Sie ein Datum in der Form 2027-03-31 ein
error-date-past = Geben Sie ein Datum in der Zukunft ein
error-choice = Wählen Sie für „{ $field }“ einen der angebotenen Werte
error-password = Das Passwort ist nicht richtig
error-stale-form = Dieses Formular war abgelaufen. Es wurde nichts geändert; bitte senden Sie es noch einmal.

# Error pages
error-not-found-title = Seite nicht gefunden
error-not-found-text = Unter dieser Adresse gibt es nichts, oder es ist nicht für Sie bestimmt.
error-forbidden-title = Nicht erlaubt
error-forbidden-text = Ihre Rollen erlauben das nicht. „Mein Bereich“ zeigt, was Sie dürfen.
error-bad-request-title = Die Anfrage war nicht lesbar
error-bad-request-text = Etwas fehlte oder hatte nicht die richtige Form. Gehen Sie zurück und versuchen Sie es noch einmal.
error-too-many-title = Zu viele Anfragen
error-too-many-text = Bitte warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
error-too-large-title = Zu viele Daten
error-too-large-text = Es wurde mehr gesendet, als diese Seite annimmt.
error-csrf-title = Dieses Formular konnte nicht angenommen werden
error-csrf-text = Es kam von einer anderen Website, oder Ihre Sitzung hat sich seit dem Öffnen der Seite geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
error-conflict-title = Inzwischen geändert
error-conflict-text = Jemand anders hat dies im selben Augenblick geändert. Es wurde nichts gespeichert; gehen Sie zurück und versuchen Sie es noch einmal.
error-step-up-title = Bitte melden Sie sich erneut an
error-step-up-text = Diese Änderung verlangt eine frische Anmeldung mit Ihrem zweiten Faktor. Melden Sie sich ab und wieder an und wiederholen Sie die Änderung.
error-internal-title = Etwas ist schiefgegangen
error-internal-text = Der Fehler liegt bei uns und wurde aufgezeichnet. Bitte versuchen Sie es gleich noch einmal.
error-request-id = Nennen Sie diese Nummer, wenn Sie um Hilfe bitten:
error-go-home = Zur Startseite

# Help, privacy, accessibility
help-title = Hilfe und Kontakt
privacy-title = Datenschutz
privacy-text = Dieses Portal speichert, was nötig ist, um Sie anzumelden und zu entscheiden, welche Anwendungen Sie nutzen dürfen: Name, E-Mail-Adresse, Telefonnummer, Ihre { -place-de }, Mitgliedschaften und ein Protokoll der Anmeldungen und Änderungen. Es setzt nur die dafür nötigen Cookies und gibt an eine Anwendung nur weiter, wofür sie registriert ist.
accessibility-title = Erklärung zur Barrierefreiheit
accessibility-text = Dieses Portal soll WCAG 2.2, Stufe AA, erfüllen. Jede Seite lässt sich mit der Tastatur, ohne JavaScript und bei 400 % Vergrößerung bedienen. Wenn etwas schwer zu bedienen ist, sagen Sie es uns über die Hilfeseite.
footer-support = Hilfe:
lasting-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
lasting-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
lasting-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
conformance-banner = Konformitätsmodus für Testprogramme. Nichts hier ist echt; bei manchen Anwendungen meldet ein Passwort allein an.
