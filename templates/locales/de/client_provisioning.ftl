# Dienste, die Daten liefern: woran sie gebunden sind, was sie zuletzt taten, und sie auszuprobieren.

client-provisioning = Bereitstellung
client-valid-until = Gilt bis
client-valid-until-hint = Der letzte Tag (UTC). Vom nächsten an werden weder sein Geheimnis noch seine Tokens angenommen.
client-addresses = Adressen
client-addresses-hint = Eine Adresse oder ein Netz je Zeile, etwa 192.0.2.0/24. Leer: von überall.
client-error-address = Das ist weder eine Adresse noch ein Netz wie 192.0.2.0/24: { $address }
client-error-provisioning = Nur ein Dienst kann an einem Tag enden, auf Adressen beschränkt oder an den Wortlaut von SCIM gebunden sein
client-tolerance = Anfragen über SCIM
client-tolerance-hint = Was RFC 7644 anders vorsieht, wird entweder so genommen, wie es gemeint ist, und unten gezählt, oder abgelehnt.
client-tolerance-tolerant = Nachsichtig: wie sie gemeint sind
client-tolerance-strict = Streng: abgelehnt, wo RFC 7644 es anders vorsieht
client-last-use = Zuletzt benutzt
client-never-used = Nie
client-ends = Gilt bis
client-ended = Beendet am
client-tolerated = Zuletzt geduldet
client-tolerated-caption = In den letzten 30 Tagen
client-tolerated-text = Was seine Anfragen anders machen, als RFC 7644 es vorsieht. Wäre er an den Wortlaut gebunden, würde es abgelehnt.
client-tolerated-none = In den letzten 30 Tagen musste nichts geduldet werden.
client-tolerated-what = Was
client-tolerated-times = Anfragen
client-tolerated-last = Zuletzt
habit-operation-case = Operationen mit Großbuchstaben („Add“)
habit-boolean-text = Wahr und falsch als Text
habit-plain-text = Bloßer Text statt eines Objekts („manager“)
habit-list-of-one = Eine Liste mit einem Wert statt eines Objekts
habit-single-value = Ein Wert statt einer Liste
habit-dotted-names = Pfade als Namen in einem Wert („name.givenName“)
habit-filtered-path = Ein Unterattribut hinter einem Filter in Klammern
habit-removed-values = Entfernen durch Aufzählen der Werte
habit-made-element = Ersetzen eines Elements, das es nicht gab
habit-no-schemas = Nachrichten ohne „schemas“
habit-inner-schemas = „schemas“ in einer Erweiterung
ago-now = Gerade eben
ago-minutes = { $count ->
    [one] vor { $count } Minute
   *[other] vor { $count } Minuten
}
ago-hours = { $count ->
    [one] vor { $count } Stunde
   *[other] vor { $count } Stunden
}
ago-days = { $count ->
    [one] vor { $count } Tag
   *[other] vor { $count } Tagen
}
client-requests = Anfragen der letzten Tage
requests-title = Anfragen über SCIM
requests-text = Die neuesten 500 aus höchstens 7 Tagen: nie, was in einer Anfrage oder ihrer Antwort stand, und von Parametern nur die Namen.
requests-caption = Anfragen von { $client }
requests-none = Solche Anfragen gab es nicht.
requests-which = Anzeigen
requests-all = Alle
requests-failed = Abgelehnte und fehlgeschlagene
request-at = Wann (UTC)
request-what = Anfrage
request-status = Status
request-error = Fehler
request-took = Dauer
request-bytes = Bytes
request-streamed = gestreamt
self-test-title = Selbsttest
self-test-text = Legt mit dem Recht dieses Dienstes jemanden an, den es nicht gibt, findet, ändert, deaktiviert und löscht ihn und zeigt, was aus jedem Schritt wurde. Nichts bleibt zurück, außer was im Audit-Log steht.
self-test-run = Selbsttest starten
self-test-passed = Alles wurde beantwortet, wie es sein soll. Niemand bleibt zurück.
self-test-failed = { $count ->
    [one] { $count } Schritt wurde nicht beantwortet, wie es sein soll. Niemand bleibt zurück.
   *[other] { $count } Schritte wurden nicht beantwortet, wie es sein soll. Niemand bleibt zurück.
}
self-test-caption = Selbsttest von { $client }
self-test-step = Schritt
self-test-outcome = Ergebnis
self-test-said = Was gesagt wurde
self-test-is-passed = Wie es sein soll
self-test-is-failed = Abgelehnt
self-test-is-skipped = Nicht versucht
self-test-discover = Fragen, was angeboten wird
self-test-look-up = Jemanden suchen, den es nicht gibt
self-test-create = Eine Person anlegen
self-test-read = Die Person lesen
self-test-find = Sie über die externe ID finden
self-test-change = Ein Attribut ändern
self-test-deactivate = Das Konto deaktivieren
self-test-delete = Die Person löschen
self-test-gone = Sie nicht mehr finden
