# Levels and scopes.
done-level-saved = Die { -place-de } wurde gespeichert.
scope-allows = Erlaubt
scope-levels = { -place-de(form: "many") }, die Sie sehen
permission-user-read = Benutzer sehen
permission-user-read-contact = E-Mail-Adressen und Telefonnummern sehen
permission-user-create = Benutzer anlegen
permission-user-update = Benutzer ändern
permission-user-delete = Benutzer löschen
permission-user-reset-credentials = Wiederherstellungen anstoßen
permission-user-block = Benutzer sperren
permission-membership-read = Mitgliedschaften sehen
permission-membership-assign = Mitgliedschaften zuweisen
permission-role-read = Rollen sehen
permission-role-grant = Rollen erteilen
permission-role-confirm = Rollen bestätigen
permission-organisation-read = { -place-de(form: "many") } sehen
permission-organisation-create = { -place-de(form: "many") } anlegen
permission-organisation-update = { -place-de(form: "many") } ändern
permission-application-manage = Anwendungen verwalten
permission-group-manage = Gruppen verwalten
permission-client-manage = OIDC-Clients verwalten
permission-audit-read = Prüfprotokoll lesen
permission-key-manage = Schlüssel verwalten
permission-system-read = Systemzustand sehen
levels-title = { -place-de(form: "many") }
level-new = { -place-de } anlegen
level-name = Name
level-country = Land
level-country-hint = Zwei Buchstaben (ISO 3166), zum Beispiel DE
level-lei = LEI
level-external-id = Externe Kennung
level-parent = Unter
level-move = Verschieben
level-move-title = { -place-de } verschieben
level-move-text = „{ $level }“ zieht mit allem darunter um. Wer die jetzigen übergeordneten { -place-de(form: "many") } verwaltet, kann sie verlieren; wer die neuen verwaltet, gewinnt sie.
level-move-confirm = Jetzt verschieben
level-move-preview = Vorschau
level-loses = Verlieren sie
level-move-deputy = { $right } (in Vertretung)
level-gains = Gewinnen sie
level-nobody = Niemand
level-deactivate = Deaktivieren
level-reactivate = Reaktivieren
level-deactivate-text = Niemand in „{ $level }“ oder darunter kann sich anmelden, und dort kann nichts erteilt werden, bis die { -place-de } reaktiviert wird.
level-users = Benutzer
level-taken = Hier gibt es schon eine { -place-de } mit diesem Namen
level-cannot-move = Dorthin kann sie nicht verschoben werden
scope-below = { $count ->
    [0] (keine { -place-de(form: "many") } darunter)
    [one] und { $count } { -place-de(form: "sub") }
   *[other] und { $count } { -place-de(form: "subs") }
}
level-outside = eine { -place-de } außerhalb Ihres Bereichs
levels-back = Zurück zu den { -place-de(form: "many") }
levels-caption = { $count ->
    [one] { $count } { -place-de }
   *[other] { $count } { -place-de(form: "many") }
}
levels-none = Keine { -place-de } passt.
level-edit = { -place-de } bearbeiten
level-new-below = { -place-de(form: "sub") } anlegen
level-place = Ort
level-people-below = Benutzer hier und darunter
level-sub-levels = { -place-de(form: "subs") }
level-no-sub-levels = Es gibt keine { -place-de(form: "subs") }.
level-administrators = Administratoren dieser { -place-de }
level-no-administrators = Niemand, den Sie sehen, verwaltet genau diese { -place-de }; Administratoren übergeordneter { -place-de(form: "many") } können sie erreichen.
level-lei-hint = 20 Buchstaben und Ziffern (ISO 17442)
level-lei-wrong = Das ist kein gültiger LEI: prüfen Sie die 20 Zeichen
level-country-wrong = Geben Sie zwei Buchstaben ein, zum Beispiel DE
level-external-id-hint = Der Schlüssel, unter dem Ihre eigenen Systeme sie kennen.
level-deactivate-title = { -place-de } deaktivieren
level-reactivate-title = { -place-de } reaktivieren
level-reactivate-text = Personen in „{ $level }“ und darunter können sich wieder anmelden.
level-people-affected = Betroffen: { $people }
level-move-to = Verschieben nach { $place }
level-move-below = { $count ->
    [one] { $count } { -place-de(form: "sub") } zieht mit um.
   *[other] { $count } { -place-de(form: "subs") } ziehen mit um.
}
level-move-changed = Seit der Vorschau hat sich eine Befugnis geändert. Sehen Sie sie noch einmal an.
level-others = { $count ->
    [one] { $count } weitere Person, die Sie nicht sehen können
   *[other] { $count } weitere Personen, die Sie nicht sehen können
}
scope-levels-some = { -place-de(form: "many") }, die Sie sehen, die ersten von vielen
scope-text = Was Sie verwalten, und durch welche Rolle. Listen und Suchen zeigen nichts darüber hinaus.

# The roles of the installation and who grants them.
pattern-title = Rollen und wer sie vergibt
pattern-text = Jede Rolle dieser Installation: was sie erlaubt, wer sie vergibt und wer sie entzieht.
pattern-scope = Gilt für
pattern-holders = Inhaber
pattern-confirmation = Bestätigung
pattern-granted-by = Vergeben durch
pattern-revoked-by = Entzogen durch
pattern-grants = Vergibt
pattern-nobody = niemand
pattern-entitlements = In Anwendungen
pattern-requires = Nur zusammen mit
pattern-given = Wie sie entsteht
pattern-nominated = Jemand wird mit E-Mail-Adresse dafür benannt und nimmt an.
pattern-dormant = Für sich allein gibt sie kein Recht; eine andere Rolle setzt sie voraus.
pattern-revocation = Entzug beantragt durch
pattern-holders-any = beliebig viele
pattern-holders-min = { $count ->
    [one] mindestens ein Inhaber je Bereich
   *[other] mindestens { $count } Inhaber je Bereich
}
pattern-holders-max = { $count ->
    [one] höchstens ein Inhaber je Bereich
   *[other] höchstens { $count } Inhaber je Bereich
}
role-scope-system = die ganze Installation
role-scope-organisation = eine { -place-de }
role-scope-organisation-applications = eine { -place-de } und Anwendungen
confirmation-none = wirkt sofort
confirmation-first-in-scope = der Betreiber bestätigt den ersten Inhaber eines Bereichs
confirmation-always = der Betreiber bestätigt immer
relation-same-organisation = derselben { -place-de }
relation-covering = mit einem Bereich, der ihn enthält
relation-any = überall
level-tab = { -place-de }
level-users-below = Benutzer hier und darunter
level-classification = Einordnung
level-classification-none = Es ist nichts darüber gesagt, was sie tut.
level-vocabulary = Liste
level-classes = Was zutrifft
level-users-caption = { $count ->
    [one] { $count } Benutzer dieser { -place-de }
   *[other] { $count } Benutzer dieser { -place-de }
}
level-no-users = Zu dieser { -place-de } selbst gehört niemand.
level-move-duties = Durch diese Verschiebung hätte jemand Rollen für eine { -place-de }, die nicht zusammen gehalten werden dürfen. Entziehen Sie zuerst eine davon
level-sign-in = Anmeldung
level-sign-in-title = Wie sich Personen dieser { -place-de } anmelden
level-sign-in-text = Was hier verlangt wird, gilt für die Personen von { $level } und aller { -place-de(form: "many") } darunter. Wer sich schwächer anmeldet, behält sein Konto, hat aber keine Rollen und betritt keine Anwendung, bis er sich wie verlangt anmeldet.
second-factor = Art der Anmeldung
second-factor-any = Jede mit zwei Faktoren
second-factor-app = Authentifizierungs-App oder Passkey
second-factor-passkey = Passkey
second-factor-wrong = Wählen Sie eine der Arten.
second-factor-level-hint = { -place-de(form: "many") } darunter dürfen mehr verlangen, nicht weniger. Sie müssen selbst so angemeldet sein.
second-factor-environment-hint = Wer sich bei dieser Umgebung schwächer anmeldet, wird gebeten, sich erneut anzumelden. { -place-de(form: "many") } dürfen von ihren Personen mehr verlangen.
second-factor-from-above = { $asked } (von einer übergeordneten { -place-de } verlangt)
second-factor-own-app = Melden Sie sich zuerst selbst mit einer Authentifizierungs-App oder einem Passkey an.
second-factor-own-passkey = Melden Sie sich zuerst selbst mit einem Passkey an.
password-set = Regeln für Passwörter
password-set-hint = Die Regeln dieser { -place-de } und aller darunter, ab dem nächsten Passwort.
password-set-standard = Die des Profils
password-set-above = Die der übergeordneten { -place-de } ({ $set })
password-set-wrong = Wählen Sie Regeln des Profils.
level-status-active = Aktiv
level-status-deactivated = Deaktiviert
