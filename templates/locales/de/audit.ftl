# The audit log.
audit-title = Prüfprotokoll
audit-when = Wann
audit-what = Was
audit-who = Wer
audit-whom = Wen oder was
audit-where = { -place-de }
audit-channel = Über
audit-details = Einzelheiten
audit-kind = Ereignis
audit-since = Von
audit-until = Bis
audit-none = Kein Ereignis passt dazu.
audit-older = Ältere Ereignisse
filter-remove = Entfernen
audit-caption = Ereignisse, die neuesten zuerst
audit-by = Von { $name }
audit-about = Über { $name }
audit-one-thing = eine Person oder Sache
audit-request = Anfrage
audit-rows = { $count ->
    [one] { $count } Zeile
   *[other] { $count } Zeilen
}
audit-times = { $count } Mal in einer Stunde
by-nobody = niemand angemeldet
by-outside = jemand außerhalb Ihres Bereichs
door-portal = Portal
door-scim = SCIM
door-api = JSON-Schnittstelle
door-oidc = OpenID Connect
door-cli = Kommandozeile
door-job = Hintergrundaufgabe
subject-user = eine Person
subject-organisation = eine { -place-de }
subject-application = eine Anwendung
subject-environment = eine Umgebung
subject-group = eine Gruppe
subject-client = ein Client
subject-role-assignment = eine Rolle
subject-role-of = { $role } von { $name }
subject-session = eine Sitzung
subject-sign-in = eine Anmeldung
subject-family = Tokens
subject-key = ein Signaturschlüssel
