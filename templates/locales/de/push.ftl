push-title = Personen an diese Anwendung übertragen
push-intro = Personen und Gruppen von { $client } können an deren eigenen SCIM-Server übertragen werden: wer in einer ihrer Gruppen ist, mit den Angaben, die ihre Tokens enthalten.
push-to = Übertragen an { $address }
push-is-active = Änderungen werden sofort übertragen.
push-is-paused = Angehalten: Es wird nichts übertragen.
push-last = Zuletzt übertragen: { $at }
push-failing = Die Übertragung schlägt fehl ({ $answer }) und wird um { $at } wiederholt.
push-compared = Vollständiger Vergleich um { $at }: { $found }
push-found-nothing = noch nichts vorhanden
push-pause = Anhalten
push-resume = Übertragen
push-settings = Wohin und wie
push-preview = Vorschau
push-retry = Alles vergleichen und Fehlgeschlagenes wiederholen
push-retry-title = Alles vergleichen
push-retry-text = Alles, was { $client } enthält, wird mit dem verglichen, was es enthalten soll, und Fehlgeschlagenes wird wiederholt. Das geschieht innerhalb von Sekunden.
push-remove = Übertragung endgültig beenden
push-remove-title = Übertragung endgültig beenden
push-remove-text = An { $client } wird nichts mehr übertragen; Adresse und Token werden vergessen. Wer dort angelegt wurde, bleibt: Um sie zu entfernen, beenden Sie vorher ihre Mitgliedschaften und lassen Sie noch einmal übertragen.
push-settings-title = Wohin und wie Personen übertragen werden
push-url = Adresse des SCIM-Servers
push-url-hint = Ohne /Users, zum Beispiel https://app.example/scim/v2
push-token = Bearer-Token
push-token-hint = In der Anwendung erzeugt. Es wird verschlüsselt gespeichert und niemandem gezeigt.
push-token-kept = Leer: Das bisherige bleibt, solange die Adresse bleibt.
push-user-name = Benutzername dort
push-user-name-user-name = Der Benutzername
push-user-name-email = Die E-Mail-Adresse
push-user-name-subject = Das Subjekt (sub) ihrer Tokens
push-update = Änderungen werden gesendet als
push-update-patch = PATCH: Was die Anwendung selbst führt, bleibt
push-update-put = PUT: die ganze Person, für Server ohne PATCH
push-leavers = Wer keinen Zugang mehr hat
push-deleted = Wer hier gelöscht wurde
push-ending-deactivate = wird dort deaktiviert
push-ending-delete = wird dort gelöscht
push-with-groups = Auch Gruppen und ihre Mitglieder übertragen
push-with-organisation = Die { -place-de } der Personen mitteilen
push-adopt = Konten und Gruppen übernehmen, die dort denselben Namen haben
push-adopt-hint = Nur während der Umstellung einer Anwendung: Wer hier Personen benennen darf, könnte sonst dort ein gleichnamiges Konto übernehmen.
push-error-address = Diese Adresse kann nicht aufgerufen werden: { $why }
push-error-base = Die Adresse eines SCIM-Servers enthält weder „?“ noch „#“
push-error-token = Geben Sie das Token für diese Adresse ein: sichtbare Zeichen ohne Leerzeichen
push-error-scope = Dieser Client hat den Scope { $scope } nicht und darf diesen Namen nicht erfahren
push-error-third-party = Personen werden gefragt, bevor dieser Anwendung etwas mitgeteilt wird; deshalb wird ihr nichts übertragen
push-refused-what = Wer oder was
push-refused-kind = Art
push-kind-user = Person
push-kind-group = Gruppe
push-kind-organisation = { -place-de }
push-kind-members = Mitglieder einer Gruppe
push-refused-answer = Antwort der Anwendung
push-refused-again = Nächster Versuch
push-refused-none = Die Anwendung weist nichts zurück.
push-preview-title = Was übertragen würde
push-preview-groups = Gruppen: { $groups }.
push-preview-found = Vergleich mit der Anwendung jetzt: { $found }.
push-preview-failed = Die Anwendung kann nicht gelesen werden: { $answer }.
push-preview-samples = Einige der Personen, wie sie gesendet würden
push-preview-resource = Ressource
push-preview-nobody = Niemand ist in einer Gruppe dieser Anwendung.
done-push-saved = Gespeichert.
done-push-hurried = Innerhalb von Sekunden wird alles verglichen.
done-push-removed = An diese Anwendung wird nichts mehr übertragen.
push-waiting = { $count ->
    [0] Nichts wartet.
    [one] Eine Änderung wartet.
   *[other] { $count } Änderungen warten.
}
push-people = { $count ->
    [0] Dort ist niemand von uns angelegt.
    [one] Dort ist eine Person von uns angelegt.
   *[other] Dort sind { $count } Personen von uns angelegt.
}
push-groups = { $count ->
    [0] Dort ist keine unserer Gruppen.
    [one] Dort ist eine unserer Gruppen.
   *[other] Dort sind { $count } unserer Gruppen.
}
push-refused-caption = { $count ->
    [0] Nichts zurückgewiesen
    [one] Eine Zurückweisung
   *[other] { $count } Zurückweisungen
}
push-preview-people = { $count ->
    [0] Niemand ist in einer Gruppe dieser Anwendung.
    [one] Eine Person ist in einer Gruppe dieser Anwendung.
   *[other] { $count } Personen sind in einer Gruppe dieser Anwendung.
}
push-found-same = { $count ->
    [one] eine Person, wie sie sein soll
   *[other] { $count } Personen, wie sie sein sollen
}
push-found-missing = { $count ->
    [one] eine Person fehlt
   *[other] { $count } Personen fehlen
}
push-found-different = { $count ->
    [one] eine Person weicht ab
   *[other] { $count } Personen weichen ab
}
push-found-surplus = { $count ->
    [one] eine Person zu viel
   *[other] { $count } Personen zu viel
}
push-found-foreign = { $count ->
    [one] ein fremdes Konto
   *[other] { $count } fremde Konten
}
push-found-groups = { $count ->
    [one] eine Gruppe fehlt oder heißt anders
   *[other] { $count } Gruppen fehlen oder heißen anders
}
push-found-members = { $count ->
    [one] eine Mitgliedschaft weicht ab
   *[other] { $count } Mitgliedschaften weichen ab
}
push-found-foreign-members = { $count ->
    [one] ein fremdes Mitglied
   *[other] { $count } fremde Mitglieder
}
push-preview-unseen = Sie sehen keine dieser Personen.
