# Levels and scopes.
done-level-saved = Die Ebene wurde gespeichert.
scope-allows = Erlaubt
scope-levels = Ebenen, die Sie sehen
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
permission-organisation-read = Ebenen sehen
permission-organisation-create = Ebenen anlegen
permission-organisation-update = Ebenen ändern
permission-application-manage = Anwendungen verwalten
permission-group-manage = Gruppen verwalten
permission-client-manage = OIDC-Clients verwalten
permission-audit-read = Prüfprotokoll lesen
permission-key-manage = Schlüssel verwalten
permission-system-read = Systemzustand sehen
levels-title = Ebenen
level-new = Ebene anlegen
level-name = Name
level-country = Land
level-country-hint = Zwei Buchstaben (ISO 3166), zum Beispiel DE
level-lei = LEI
level-external-id = Externe Kennung
level-parent = Unter
level-move = Verschieben
level-move-title = Ebene verschieben
level-move-text = „{ $level }“ zieht mit allem darunter um. Wer die jetzigen oberen Ebenen verwaltet, kann sie verlieren; wer die neuen verwaltet, gewinnt sie.
level-move-confirm = Jetzt verschieben
level-move-preview = Vorschau
level-loses = Verlieren sie
level-gains = Gewinnen sie
level-nobody = Niemand
level-deactivate = Deaktivieren
level-reactivate = Reaktivieren
level-deactivate-text = Niemand in „{ $level }“ oder darunter kann sich anmelden, und dort kann nichts erteilt werden, bis die Ebene reaktiviert wird.
level-users = Benutzer
level-taken = Hier gibt es schon eine Ebene mit diesem Namen
level-cannot-move = Dorthin kann sie nicht verschoben werden
scope-below = { $count ->
    [0] (keine Ebenen darunter)
    [one] und { $count } Unterebene
   *[other] und { $count } Unterebenen
}
level-outside = eine Ebene außerhalb Ihres Bereichs
levels-back = Zurück zu den Ebenen
levels-caption = { $count ->
    [one] { $count } Ebene
   *[other] { $count } Ebenen
}
levels-none = Keine Ebene passt.
level-edit = Ebene bearbeiten
level-new-below = Unterebene anlegen
level-place = Ort
level-people-below = Benutzer hier und darunter
level-sub-levels = Unterebenen
level-no-sub-levels = Es gibt keine Unterebenen.
level-administrators = Administratoren dieser Ebene
level-no-administrators = Niemand verwaltet genau diese Ebene; Administratoren oberer Ebenen können sie erreichen.
level-lei-hint = 20 Buchstaben und Ziffern (ISO 17442)
level-lei-wrong = Das ist kein gültiger LEI: prüfen Sie die 20 Zeichen
level-country-wrong = Geben Sie zwei Buchstaben ein, zum Beispiel DE
level-external-id-hint = Der Schlüssel, unter dem Ihre eigenen Systeme sie kennen.
level-deactivate-title = Ebene deaktivieren
level-reactivate-title = Ebene reaktivieren
level-reactivate-text = Personen in „{ $level }“ und darunter können sich wieder anmelden.
level-people-affected = Betroffen: { $people }
level-move-to = Verschieben nach { $place }
level-move-below = { $count ->
    [one] { $count } Unterebene zieht mit um.
   *[other] { $count } Unterebenen ziehen mit um.
}
level-move-changed = Seit der Vorschau hat sich eine Befugnis geändert. Sehen Sie sie noch einmal an.
level-others = { $count ->
    [one] { $count } weitere Person, die Sie nicht sehen können
   *[other] { $count } weitere Personen, die Sie nicht sehen können
}
scope-levels-some = Ebenen, die Sie sehen, die ersten von vielen
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
role-scope-organisation = eine Ebene
role-scope-organisation-applications = eine Ebene und Anwendungen
confirmation-none = wirkt sofort
confirmation-first-in-scope = der Betreiber bestätigt den ersten Inhaber eines Bereichs
confirmation-always = der Betreiber bestätigt immer
relation-same-organisation = derselben Ebene
relation-covering = mit einem Bereich, der ihn enthält
relation-any = überall
level-tab = Ebene
level-users-below = Benutzer hier und darunter
level-classification = Einordnung
level-classification-none = Es ist nichts darüber gesagt, was sie tut.
level-vocabulary = Liste
level-classes = Was zutrifft
level-users-caption = { $count ->
    [one] { $count } Benutzer dieser Ebene
   *[other] { $count } Benutzer dieser Ebene
}
level-no-users = Auf dieser Ebene selbst ist niemand.
level-move-duties = Durch diese Verschiebung hätte jemand Rollen über eine Ebene, die nicht zusammen gehalten werden dürfen. Entziehen Sie zuerst eine davon
level-sign-in = Anmeldung
level-sign-in-title = Wie sich Personen dieser Ebene anmelden
level-sign-in-text = Was hier verlangt wird, gilt für die Personen von { $level } und aller Ebenen darunter. Wer sich schwächer anmeldet, behält sein Konto, hat aber keine Rollen und betritt keine Anwendung, bis er sich wie verlangt anmeldet.
second-factor = Art der Anmeldung
second-factor-any = Jede mit zwei Faktoren
second-factor-app = Authentifizierungs-App oder Passkey
second-factor-passkey = Passkey
second-factor-wrong = Wählen Sie eine der Arten.
second-factor-level-hint = Ebenen darunter dürfen mehr verlangen, nicht weniger. Sie müssen selbst so angemeldet sein.
second-factor-environment-hint = Wer sich bei dieser Umgebung schwächer anmeldet, wird gebeten, sich erneut anzumelden. Ebenen dürfen von ihren Personen mehr verlangen.
second-factor-from-above = { $asked } (von einer Ebene darüber verlangt)
second-factor-own-app = Melden Sie sich zuerst selbst mit einer Authentifizierungs-App oder einem Passkey an.
second-factor-own-passkey = Melden Sie sich zuerst selbst mit einem Passkey an.
password-set = Regeln für Passwörter
password-set-hint = Die Regeln dieser Ebene und aller darunter, ab dem nächsten Passwort.
password-set-standard = Die des Profils
password-set-above = Die der Ebene darüber ({ $set })
password-set-wrong = Wählen Sie Regeln des Profils.
