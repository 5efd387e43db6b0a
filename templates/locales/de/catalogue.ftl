# Applications, environments, groups, OIDC clients.
done-application-saved = Die Anwendung wurde gespeichert.
done-group-saved = Die Gruppe wurde gespeichert.
done-client-saved = Der Client wurde gespeichert.
applications-title = Anwendungen und Gruppen
application-new = Anwendung anlegen
application-code = Code
application-code-hint = Großbuchstaben, Ziffern und _; ändert sich nie
application-name = Name
application-description = Beschreibung
application-documentation = Link zum Handbuch
environment-new = Umgebung hinzufügen
environment-title = Titel
environment-code = Umgebung
environment-prefix = Präfix der Gruppencodes
environment-launch = Adresse, die die Kachel öffnet
environment-requires = Nur Personen mit einer Gruppe dürfen sich dort anmelden
group-new = Gruppe hinzufügen
group-code = Code
group-name = Name
group-sensitive = Sensibel: Änderungen der Zugangsdaten ihrer Mitglieder brauchen eine zweite Person
groups = Gruppen
code-taken = Dieser Code wird schon verwendet
error-url = Geben Sie eine Adresse ein, die mit https:// beginnt
clients-title = OIDC-Clients
client-new = Client anlegen
client-id = Client-ID
client-kind = Art
client-kind-web = Webserver
client-kind-spa = Einzelseitenanwendung
client-kind-native = Installierte Anwendung
client-kind-machine = Dienst (handelt für sich selbst)
client-environment = Anwendung und Umgebung
client-organisation = Organisation des Dienstes
client-redirects = Rücksprungadressen
client-redirects-hint = Eine je Zeile; zeichengenau verglichen.
client-logout-redirects = Adressen nach der Abmeldung
client-auth = Client-Authentifizierung
client-advanced = Erweitert
client-alg = Signatur der ID-Tokens
client-no-pkce = Anmeldungen ohne PKCE zulassen (unsicher)
client-cors = Ursprünge, die aus einem Browser aufrufen dürfen
client-company-id = Personalnummer weitergeben
client-secret-title = Client-Geheimnis
client-secret-once = Wird nur jetzt gezeigt. Legen Sie es dort ab, wo die Anwendung ihre Geheimnisse liest.
client-rotate = Neues Geheimnis
client-rotate-text = Das jetzige Geheimnis gilt noch 24 Stunden.
client-disable = Abschalten
client-enable = Einschalten
client-inactive = Abgeschaltet
client-settings-for = Einstellungen für { $program }
client-error-redirect = Dies ist keine absolute Adresse ohne Fragment: { $address }
client-error-redirects = Geben Sie mindestens eine Rücksprungadresse ein
copy = Kopieren
all-applications = alle Anwendungen
url-hint = Beginnt mit https://
other-applications = { $count ->
    [one] { $count } weitere Anwendung
   *[other] { $count } weitere Anwendungen
}
done-environment-saved = Die Umgebung wurde gespeichert.
done-environment-deleted = Die Umgebung wurde gelöscht.
done-application-deleted = Die Anwendung wurde gelöscht.
done-group-deleted = Die Gruppe wurde gelöscht.
applications-back = Zurück zu den Anwendungen
applications-caption = { $count ->
    [one] { $count } Anwendung
   *[other] { $count } Anwendungen
}
applications-none = Es gibt noch keine Anwendung.
application-edit = Anwendung bearbeiten
application-description-hint = Ein oder zwei Sätze, auf der Kachel gezeigt.
application-delete-title = Anwendung löschen
application-delete-text = „{ $name }“ hat weder Umgebungen noch Administratoren und wird gelöscht.
environments = Umgebungen
environments-none = Es gibt noch keine Umgebung; legen Sie eine an, bevor Gruppen und Clients folgen.
environment-edit = Umgebung bearbeiten
environment-code-hint = Zum Beispiel production oder pre-production; ändert sich nie.
environment-prefix-hint = Zum Beispiel A- für Vorproduktion; leer für Produktion. Ändert sich nie.
environment-title-hint = Auf der Kachel gezeigt.
environment-launch-hint = Die Adresse der Anwendung, die eine Anmeldung beginnt.
environment-requires-short = Gruppe nötig
environment-delete-title = Umgebung löschen
environment-delete-text = „{ $name }“ hat weder Gruppen noch Clients und wird gelöscht.
environment-in-use = „{ $name }“ hat noch Gruppen oder Clients. Löschen oder verlegen Sie diese zuerst.
groups-none = Es gibt noch keine Gruppen.
group-edit = Gruppe bearbeiten
group-code-hint = Großbuchstaben, Ziffern und _, ohne das Präfix; ändert sich nie.
group-description-hint = Was Mitglieder dürfen; wird bei der Vergabe gezeigt.
group-sensitive-short = Schutzbedürftig
group-delete-title = Gruppe löschen
group-delete-text = „{ $name }“ wird gelöscht, und was sie erlaubt, geht sofort verloren.
group-delete-members = { $count ->
    [one] { $count } Mitgliedschaft endet.
   *[other] { $count } Mitgliedschaften enden.
}
clients-back = Zurück zu den OIDC-Clients
clients-caption = { $count ->
    [one] { $count } Client
   *[other] { $count } Clients
}
clients-none = Es gibt noch keine Clients.
client-name = Name
client-name-hint = Auf der Anmeldeseite gezeigt.
client-id-hint = Buchstaben, Ziffern, Punkt, _ und -; ändert sich nie.
client-environment-hint = Für alles, wo sich Menschen anmelden.
client-organisation-hint = Für einen Dienst, der für sich selbst handelt.
client-settings = Einstellungen
client-secrets = Geheimnisse
client-secret-since = Gültig seit { $since }
client-secret-until = Gültig seit { $since }, ersetzt, endet { $until }
client-end-former = Ersetztes Geheimnis jetzt beenden
client-access-lifetime = Lebensdauer von Access-Tokens in Sekunden
client-access-lifetime-hint = 60 bis 3600
client-refresh = Refresh-Tokens
client-refresh-lifetime = Lebensdauer einer Refresh-Familie in Sekunden
client-refresh-lifetime-hint = 60 bis 2592000 (30 Tage)
client-scopes = Scopes, die er anfordern darf
client-scopes-hint = Einer je Zeile. groups gibt nur die Gruppen seiner eigenen Umgebung.
client-cors-hint = Einer je Zeile, zum Beispiel https://app.example.org
client-credentials = Client Credentials: Die Anwendung darf auch für sich selbst handeln
client-copy-title = Einstellungen kopieren
client-copy-text = Zum Einfügen fertig. Das Geheimnis fehlt: Es wurde einmal gezeigt, als es entstand.
client-disable-title = Client abschalten
client-disable-text = Niemand kann sich mehr bei „{ $name }“ anmelden, und seine Tokens gelten sofort nicht mehr.
client-enable-title = Client einschalten
client-enable-text = Bei „{ $name }“ kann man sich wieder anmelden. Gestoppte Tokens bleiben gestoppt.
client-error-id = Verwenden Sie 1 bis 100 Buchstaben, Ziffern, Punkte, _ und -, aber keine UUID
client-error-place = Wählen Sie eine Umgebung, oder für einen Dienst eine Organisation; nicht beides
client-error-many = Höchstens 50 Adressen
client-error-grant = Diese Art von Client kann diesen Grant nicht nutzen
client-error-pkce = Ein öffentlicher Client kommt nicht ohne PKCE aus
client-error-lifetime = Geben Sie ganze Sekunden innerhalb der Grenzen ein
client-error-origin = Das ist kein Ursprung wie https://app.example.org: { $address }
client-error-scope = Das kann kein Scope sein: { $scope }
client-logo-title = Logo
