# Passkeys, Authenticator-Apps, Wiederherstellungscodes.
channel-app = Authenticator-App: es wird kein Code gesendet
passkeys-title = Passkeys und Sicherheitsschlüssel
passkeys-text = Melden Sie sich mit Fingerabdruck, Gesicht oder Geräte-PIN an, ohne Passwort und Code. Ein Passkey wirkt nur auf dieser Website, niemand kann ihn Ihnen entlocken.
passkey-new = Passkey hinzufügen
passkey-title = Passkey hinzufügen
passkey-text = Ihr Gerät fragt nach Fingerabdruck, Gesicht oder PIN und bewahrt den Passkey auf. Auch ein Sicherheitsschlüssel geht.
passkey-script = Dies braucht JavaScript, denn Browser bieten Passkeys nur Skripten an. Ohne JavaScript verwenden Sie eine Authenticator-App.
passkey-create = Passkey erstellen
passkey-name-first = Mein Passkey
passkey-stopped = Es wurde kein Passkey verwendet. Der Vorgang wurde abgebrochen, hat zu lange gedauert, oder dieses Gerät hat keinen für diese Website.
passkey-wrong = Die Antwort des Geräts war nicht richtig oder kam zu spät. Versuchen Sie es noch einmal
passkey-known = Dieser Passkey ist bereits eingetragen
passkey-copies = Kopien
passkey-synced = Er kann auf Ihre anderen Geräte kopiert werden
passkey-bound = Er bleibt auf einem Gerät
apps-title = Authenticator-Apps
apps-text = Eine App auf Telefon oder Computer zeigt jede halbe Minute einen neuen Code, auch ohne Netz.
app-new = Authenticator-App hinzufügen
app-title = Authenticator-App hinzufügen
app-text = Verwenden Sie eine beliebige App für zeitbasierte Codes (TOTP).
app-scan = Fügen Sie in der App ein Konto hinzu und scannen Sie dieses Bild.
app-picture = QR-Code mit dem Schlüssel für Ihre App; derselbe Schlüssel steht darunter
app-type = Wenn Sie ihn nicht scannen können, tippen Sie diesen Schlüssel:
app-open = In einer App auf diesem Gerät öffnen
app-enter = Geben Sie den Code ein, den die App jetzt zeigt.
app-name-first = Mein Telefon
app-code = Code der App
app-code-hint = 6 Ziffern
app-wrong = Der Code ist nicht richtig. Prüfen Sie, ob die Uhr Ihres Geräts stimmt, und geben Sie den Code ein, der jetzt gezeigt wird
app-over = Der Schlüssel wurde nicht rechtzeitig verwendet, oder sein Code war zu oft falsch. Beginnen Sie von vorn.
app-finish = Fertig
factor-title = Anmeldeweg
factor-name = Name
factor-name-hint = An dem Sie ihn erkennen
factor-added = Hinzugefügt
factor-used = Zuletzt verwendet
factor-added-on = hinzugefügt am { $day }
factor-used-on = zuletzt verwendet { $moment }
factor-never-used = noch nicht verwendet
factor-remove = Entfernen
factor-remove-text = Damit kann man sich dann nicht mehr anmelden. Entfernen Sie sofort, was verloren ist.
factor-step-up = Bestätigen Sie vor dem Entfernen, dass Sie es sind.
factor-last = Dies ist der letzte Anmeldeweg Ihres Kontos. Fügen Sie zuerst einen anderen hinzu
factors-many = Sie haben so viele, wie es geben kann. Entfernen Sie zuerst einen.
recovery-codes-title = Wiederherstellungscodes
recovery-codes-text = Jeder ersetzt einmal den Code per Telefon oder App, wenn Sie beides verloren haben.
recovery-codes-none = Sie haben keine.
recovery-codes-left = Sie haben noch { $left } von { $count }, erstellt am { $made }.
recovery-codes-new = Neue Wiederherstellungscodes erstellen
recovery-codes-once = Drucken Sie diese Codes oder bewahren Sie sie sicher auf. Sie werden nur jetzt gezeigt; ältere gelten nicht mehr. Jeder gilt einmal.
recovery-codes-file = Als Textdatei herunterladen
recovery-codes-kept = Ich habe sie aufbewahrt
done-app-added = Die Authenticator-App wurde hinzugefügt. Von nun an fragt die Anmeldung nach ihrem Code.
done-passkey-added = Der Passkey wurde hinzugefügt. Sie können sich von nun an mit ihm anmelden.
done-factor-renamed = Der Name wurde gespeichert.
done-factor-removed = Der Anmeldeweg wurde entfernt.
login-passkey = Mit Passkey anmelden
login-passkey-refused = Mit diesem Passkey kann man sich nicht anmelden. Verwenden Sie einen anderen Weg.
login-passkey-unknown = Dieser Passkey ist hier nicht bekannt oder wurde entfernt. Verwenden Sie einen anderen Weg.
login-passkey-over = Die Seite war zu lange geöffnet. Versuchen Sie es noch einmal.
otp-other = Verwenden Sie eine Authenticator-App? Dann geben Sie den Code ein, den sie zeigt; haben Sie zuletzt sie verwendet, wird keiner gesendet. Auch ein Wiederherstellungscode gilt.
otp-code-hint-any = 6 Ziffern, oder die 12 Ziffern eines Wiederherstellungscodes
otp-lead-app = Geben Sie den Code ein, den Ihre Authenticator-App zeigt.
message-factor-added-subject = Ein Anmeldeweg für das { $service } wurde hinzugefügt
message-factor-added-text =
    Guten Tag { $name },

    mit „{ $factor }“ kann man sich jetzt bei Ihrem Konto beim { $service } anmelden.

    Wenn Sie davon nichts wissen, entfernen Sie ihn sofort und ändern Sie Ihr Passwort: { $link }
message-factor-removed-subject = Ein Anmeldeweg für das { $service } wurde entfernt
message-factor-removed-text =
    Guten Tag { $name },

    mit „{ $factor }“ kann man sich bei Ihrem Konto beim { $service } nicht mehr anmelden.

    Wenn Sie davon nichts wissen, sagen Sie es sofort Ihrer Administratorin oder Ihrem Administrator. Ihre Anmeldewege: { $link }
message-factors-taken-subject = Ihre Anmeldewege beim { $service } wurden entzogen
message-factors-taken-text =
    Guten Tag { $name },

    Eine Administratorin oder ein Administrator hat Ihrem Konto beim { $service } alle Authenticator-Apps, Passkeys und Wiederherstellungscodes entzogen, und Sie wurden abgemeldet. Sie melden sich mit Ihrem Passwort und einem Code auf Ihr Telefon an und können dann neue hinzufügen: { $link }

    Wenn Sie nicht darum gebeten haben, verständigen Sie sofort Ihre Administration.
message-recovery-codes-made-subject = Neue Wiederherstellungscodes für das { $service }
message-recovery-codes-made-text =
    Guten Tag { $name },

    für Ihr Konto beim { $service } wurden neue Wiederherstellungscodes erstellt; ältere gelten nicht mehr.

    Wenn Sie davon nichts wissen, ändern Sie sofort Ihr Passwort: { $link }
message-recovery-code-used-subject = Ein Wiederherstellungscode wurde beim { $service } verwendet
message-recovery-code-used-text =
    Guten Tag { $name },

    ein Wiederherstellungscode Ihres Kontos beim { $service } wurde verwendet. Es sind noch { $left } übrig.

    Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und erstellen Sie neue Codes: { $link }
link-lead-app = Zu Ihrer Sicherheit fragen wir auch nach einem Code: nach dem, den Ihre Authenticator-App zeigt.
strength-reminder-app = Ihre Rolle { $role } wirkt nur, wenn Sie sich mit einer Authenticator-App oder einem Passkey anmelden.
strength-reminder-passkey = Ihre Rolle { $role } wirkt nur, wenn Sie sich mit einem Passkey anmelden.
strength-add = Anmeldewege
nudge-passkey = Mit einem Passkey melden Sie sich an, ohne auf einen Code zu warten.
nudge-app = Mit einer Authenticator-App melden Sie sich an, ohne auf eine Nachricht zu warten.
step-up-passkey = Mit Passkey bestätigen
message-device-remembered-subject = Das { $service } verlangt in einem Browser keinen Code mehr
message-device-remembered-text =
    Guten Tag { $name },

    nach einer Anmeldung mit beiden Faktoren wurde gewählt, dass für Ihr Konto beim { $service } in diesem Browser { $lasts } lang kein Code verlangt wird. Das Passwort wird weiterhin verlangt.

    Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort, das beendet es, und sehen Sie Ihre Sitzungen durch: { $link }
