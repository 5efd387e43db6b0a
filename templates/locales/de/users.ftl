# Users, their roles and memberships.
users-title = Benutzerverwaltung
users-back = Zurück zu den Benutzern
users-create = Neuen Benutzer anlegen
users-select-level = { -place-de } wählen
users-select-memberships = Mitgliedschaft wählen
users-caption = Benutzer in { $level }: { $count }
users-none = Kein Benutzer passt dazu.
users-clear = Filter entfernen
users-export = Als CSV exportieren
user-status = Status
actions = Aktionen
status-new = Neu
status-active = Aktiv
status-expired = Abgelaufen
status-blocked = Gesperrt
status-deactivated = Deaktiviert
status-deleted = Gelöscht
user-password = Passwort
password-status-temporary = Noch keines gewählt
password-status-valid = In Gebrauch
password-status-blocked = Gesperrt
password-status-expired = Abgelaufen
user-assign = Mitgliedschaften zuweisen
user-personal-details = Persönliche Angaben
user-contact-hidden = verborgen
user-nameless = Person ohne Namen
users-contact-hint = Sucht nur unter Benutzern, deren Adresse Sie sehen dürfen.
user-email-hint = Hierhin senden wir die Einladung.
user-phone-hint = Internationales Format, zum Beispiel +49 69 123456; für Anmeldecodes.
user-company-id-hint = Nur für Anwendungen, die danach fragen.
user-expires-hint = Für befristete Konten: der letzte Tag, an dem das Konto gilt.
user-save-and-assign = Speichern und Mitgliedschaften zuweisen
user-edit-title = Benutzer bearbeiten
user-taken = Ein Konto mit dieser E-Mail-Adresse gibt es schon, hier oder anderswo. Soll die Person zu Ihnen wechseln, bitten Sie die Betreiber dieses Dienstes, das Konto zu verschieben.
import-taken = Ein Konto mit dieser E-Mail-Adresse gibt es schon, mit anderen Angaben oder anderswo. Es bleibt, wie es ist.
user-known = { $name } gibt es schon in { $level }, einer { -place-de }, die Sie verwalten. Ein zweites Konto ist nicht nötig.
user-known-open = { $name } öffnen
user-details-read-only = Nur die Benutzerverwaltung kann diese Angaben ändern.
user-no-memberships = Keine Mitgliedschaften.
roles = Rollen
roles-sub-levels = Was jetzt angekreuzt wird, gilt auch für alle { -place-de(form: "subs") }
role-text-other = Eine Rolle dieser Installation.
role-not-yours = Diese Rolle können Sie hier weder erteilen noch entziehen.
role-own = Die eigenen Rollen kann niemand ändern.
role-elsewhere = Gilt auch über { $level }; dort zu ändern.
role-pending = wartet auf Bestätigung
role-waits-for-phase = wartet auf die Phase { $phase }
role-limit = Diese Rolle kann nicht geändert werden: die Zahl ihrer Inhaber stimmte sonst nicht mehr.
role-reason-last = Niemand sonst hat diese Rolle hier: Sagen Sie, warum sie trotzdem entzogen wird.
role-duties = Diese Rollen dürfen nicht zusammen gehalten werden.
memberships-count = Mitgliedschaften ({ $count })
memberships-search = Gruppen suchen
memberships-filter = Filtern
memberships-none-found = Keine Gruppe passt dazu.
done-user-created = Der Benutzer wurde angelegt. Die Einladung ist unterwegs.
done-user-saved = Die Änderungen wurden gespeichert.
done-user-deleted = Der Benutzer wurde gelöscht.
done-memberships-saved = Die Mitgliedschaften wurden gespeichert.
memberships-hidden = { $count ->
    [one] Nicht gezeigt: { $count } Anwendung, die Sie nicht verwalten
   *[other] Nicht gezeigt: { $count } Anwendungen, die Sie nicht verwalten
}
user-delete-memberships = { $count ->
    [one] { $count } Mitgliedschaft endet.
   *[other] { $count } Mitgliedschaften enden.
}
user-delete-roles = { $count ->
    [one] { $count } Verwaltungsrolle endet.
   *[other] { $count } Verwaltungsrollen enden.
}
person = Person
users-reach = Sie verwalten: { $levels } { $below }
users-reach-many = Sie verwalten: { $levels } mit vielen { -place-de(form: "subs") }
users-find-level = { -place-de } nach Namen suchen
users-levels-found = { $count ->
    [one] Eine { -place-de } dieses Namens
   *[other] { $count } { -place-de(form: "many") } passen; wählen Sie eine
}
status-expiring = Läuft in 30 Tagen ab
user-last-modified = Zuletzt geändert
user-account = Konto
user-log = Protokoll zu dieser Person
user-sessions = { $count ->
    [one] { $count } offen
   *[other] { $count } offen
}
user-invite = Aktivierungslink erneut senden
user-invite-text = Ein neuer Link wird gemailt und gilt { $lasts }. Früher gesendete Links gelten nicht mehr.
user-recover = Neues Passwort einleiten
user-recover-text = Die Person erhält einen Link per E-Mail und wählt mit Hilfe ihres Telefons ein neues Passwort. Sie sehen es nie.
user-unlock = Anmeldung entsperren
user-unlock-text = Bisherige falsche Passwörter und Codes werden vergessen, damit die Person es wieder versuchen kann.
user-sign-out = Überall abmelden
user-sign-out-text = Alle Sitzungen der Person enden sofort, im Portal und in den Anwendungen.
user-reactivate = Reaktivieren
user-reactivate-text = Die Person kann sich mit denselben Mitgliedschaften und Rollen wieder anmelden.
user-unblock = Sperre aufheben
user-unblock-text = Die Sperre des Betreibers wird aufgehoben.
user-stop-sign-in = Die Person wird sofort überall abgemeldet und kann sich nicht mehr anmelden.
user-deactivate = Deaktivieren
user-deactivate-title = Benutzer deaktivieren
user-deactivate-intro = Sie sind dabei, { $name } zu deaktivieren.
user-deactivate-undo = Mitgliedschaften und Rollen bleiben erhalten. Sie können das Konto jederzeit reaktivieren.
user-deactivate-now = Diesen Benutzer deaktivieren
user-factors = Anmeldewege entziehen
user-factors-title = Anmeldewege entziehen
user-factors-intro = Sie sind im Begriff, { $name } alle Authenticator-Apps, Passkeys und Wiederherstellungscodes zu entziehen: weil sie verloren sind oder jemand anderes sie hat.
user-factors-ways = { $count ->
    [0] Alle Wiederherstellungscodes gelten nicht mehr.
    [one] Eine App oder ein Passkey und alle Wiederherstellungscodes gelten nicht mehr.
   *[other] { $count } Apps und Passkeys und alle Wiederherstellungscodes gelten nicht mehr.
}
user-factors-sessions = Die Person wird überall abgemeldet, und kein Browser bleibt gemerkt.
user-factors-phone = Sie meldet sich wie bisher mit Passwort und einem Code auf ihr Telefon an.
user-factors-no-phone = Es gibt keine Telefonnummer: Die Person kann sich erst anmelden, wenn eine Nummer eingetragen und wirksam ist.
user-factors-undo = Das lässt sich nicht rückgängig machen: Die Person fügt selbst neue hinzu, sobald sie sich angemeldet hat. Sie wird per E-Mail verständigt.
user-factors-now = Jetzt entziehen
user-block = Sperren
user-block-title = Benutzer sperren
user-block-intro = Sie sind dabei, { $name } zu sperren.
user-block-undo = Nur ein Betreiber kann die Sperre aufheben, nicht die Administratoren des Kunden.
user-block-now = Diesen Benutzer sperren
user-delete-title = Benutzer löschen
user-delete-intro = Sie sind dabei, { $name } zu löschen.
user-delete-undo = Das Konto kann { $lasts } lang über den Status „Gelöscht“ der Benutzerliste wiederhergestellt werden; Mitgliedschaften und Rollen kommen nicht zurück.
user-delete-now = Diesen Benutzer löschen
user-reason = Grund
user-reason-hint = Wird im Protokoll festgehalten.
user-last = Dies ist der letzte Inhaber einer Administratorrolle. Vergeben Sie die Rolle zuerst an jemand anderen, oder fragen Sie den Betreiber.
user-last-holder = Dies ist der letzte { $role } von { $level }. Danach kann dort niemand diese Arbeit tun, bis jemand die Rolle neu vergibt.
user-last-refused = Dies ist der letzte { $role } von { $level }. Vergeben Sie die Rolle zuerst an jemand anderen, oder fragen Sie den Betreiber.
user-restore = Wiederherstellen
user-restore-title = Benutzer wiederherstellen
user-restore-text = { $name } kann sich wieder anmelden.
user-restore-memberships = Mitgliedschaften und Rollen kommen nicht von selbst zurück: Sie müssen neu vergeben werden.
role-last = Der letzte Inhaber hier; vergeben Sie die Rolle an jemand anderen, bevor Sie sie entziehen.
done-user-deactivated = Der Benutzer wurde deaktiviert.
done-user-blocked = Der Benutzer wurde gesperrt.
done-user-reactivated = Der Benutzer wurde reaktiviert.
done-user-unblocked = Die Sperre wurde aufgehoben.
done-user-restored = Der Benutzer wurde wiederhergestellt.
done-user-invited = Der Aktivierungslink ist unterwegs.
done-user-recovery = Der Link für ein neues Passwort ist unterwegs.
done-user-factors-taken = Apps, Passkeys und Wiederherstellungscodes wurden entzogen, und die Person ist abgemeldet.
done-user-unlocked = Die Person kann es wieder versuchen.
done-user-name-told = Es ist vermerkt, dass der Benutzername mitgeteilt wurde.
user-name-text = Der Benutzername dieses Kontos wurde erzeugt und steht in keiner Mail. Teilen Sie ihn selbst mit: telefonisch, per Brief oder persönlich, nie per Mail.
user-name-title = Benutzername
user-name-by = Wie er mitgeteilt wurde
user-name-by-phone = Telefonisch
user-name-by-letter = Per Brief
user-name-by-person = Persönlich
user-name-told = Ich habe ihn mitgeteilt
done-user-signed-out = Alle Sitzungen wurden beendet.
user-pending = Diese Änderung gilt, sobald die Person zustimmt, oder von selbst ab { $at }. Bis dahin gelten die alten Angaben.
role-with-sub-levels = Einschließlich { -place-de(form: "subs") }.
user-move = Verschieben
user-move-title = Benutzer verschieben
user-move-text = { $name } kommt in eine andere { -place-de }. Rollen, die nicht auch für die neue { -place-de } gelten, enden, ebenso Mitgliedschaften, die Sie dort nicht vergeben könnten.
user-move-level = Neue { -place-de }
user-move-roles-end = Rollen, die enden
user-move-roles-stay = Rollen, die bleiben
user-move-groups-end = Mitgliedschaften, die enden
user-move-groups-stay = Mitgliedschaften, die bleiben
user-move-none = Keine
user-hidden-memberships = Auch Mitgliedschaften von Anwendungen, die Sie nicht verwalten, können enden.
user-move-now = Diesen Benutzer verschieben
user-move-changed = Seit der Vorschau hat sich etwas geändert. Sehen Sie sie noch einmal an.
done-user-moved = Der Benutzer wurde verschoben.
users-import = Benutzer importieren
import-text = Eine CSV-Datei in UTF-8 mit einer Kopfzeile. Spalten: email, given_name, family_name; dazu nach Wunsch phone, organisation (die Kennung einer { -place-de }), company_id, subsidiary, expires. Jede Zeile steht für sich; dieselbe Datei noch einmal ändert nichts. Wer angelegt wird, bekommt eine E-Mail.
import-file = CSV-Datei
import-file-hint = Bis zu 500 Personen und 320 KiB
import-look = Ansehen, was geschähe
import-do = Importieren
import-line = Zeile
import-name = Name
import-result = Ergebnis
import-new = würde angelegt
import-created = angelegt
import-unchanged = schon vorhanden
import-refused = dort dürfen Sie keine Benutzer anlegen
import-would = Würden angelegt: { $created }. Schon vorhanden: { $unchanged }. Nicht möglich: { $wrong }.
import-done = Angelegt: { $created }. Schon vorhanden: { $unchanged }. Nicht möglich: { $wrong }.
import-error-file = Das ist keine CSV-Datei in UTF-8
import-error-missing = Die Spalte „{ $column }“ fehlt
import-error-unknown = Die Spalte „{ $column }“ ist unbekannt oder doppelt
import-error-empty = In dieser Datei steht niemand
import-error-many = Höchstens { $max } Personen auf einmal
import-error-organisation = „organisation“ ist keine Kennung einer { -place-de }
import-error-twice = Dieselbe Adresse steht in Zeile { $line }
import-too-many = Nicht geprüft: Es wurde nach zu vielen Adressen von Personen anderswo gefragt. Versuchen Sie es in einer Stunde erneut.
by-way-of = über { $name }
memberships-gives = Gibt außerdem: { $names }
memberships-given-by = Schon gegeben durch: { $names }
