# Token, die Delegierte für ihre Skripte erstellen.
tokens-text = Mit einem Token darf eines Ihrer Skripte über SCIM und die JSON-Schnittstelle einen Teil dessen tun, was Sie dürfen. Es endet mit Ihrer Rolle, mit Ihrem Konto und an seinem letzten Tag.
tokens-none = Sie haben keine Token.
tokens-new = Token erstellen
tokens-name = Wofür es ist
tokens-lasts = Es gilt
tokens-days = { $count ->
    [one] einen Tag
   *[other] { $count } Tage
}
tokens-actions = Was es darf
tokens-where = Wo
tokens-level = { -place-de }
tokens-level-all = überall, wo ich es darf
tokens-applications = Für welche Anwendungen
tokens-applications-hint = Wählen Sie keine für alle, zu denen Sie Zugang geben.
tokens-once = Das ist das Token. Es wird nur jetzt gezeigt: Bewahren Sie es sicher auf.
tokens-secret = Token
tokens-header = Bei jeder Anfrage mitzusenden
tokens-json = JSON-API
tokens-made = Erstellt
tokens-expires = Gilt bis
tokens-revoke = Widerrufen
tokens-below = { $level } und darunter
tokens-no-action = Wählen Sie mindestens eines, das es darf
tokens-nothing = Nichts davon dürfen Sie dort selbst
tokens-too-many = Sie haben zu viele Token. Widerrufen Sie zuerst eines.
done-token-revoked = Das Token wurde widerrufen.
action-users-read = Personen sehen
action-users-write = Personen anlegen, ändern und löschen
action-memberships-read = Mitgliedschaften sehen
action-memberships-write = Mitgliedschaften zuweisen und entfernen
action-groups-write = Gruppen verwalten
action-roles-read = Rollen sehen
action-roles-write = Rollen vergeben, bestätigen und entziehen
action-organisations-read = { -place-de(form: "many") } sehen
action-organisations-write = { -place-de(form: "many") } anlegen, ändern und verschieben
action-modules-write = Modulzugang geben und aussetzen
action-audit-read = Das Protokoll lesen
