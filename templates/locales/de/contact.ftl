# Erneute Bestätigung, neue Adressen und Nummern.
otp-lead = Wenn E-Mail-Adresse und Passwort stimmen, ist ein 6-stelliger Code unterwegs an die Nummer, die auf { $ending } endet, auf dem zuletzt benutzten Weg.
otp-sent-sms = Wir haben einen 6-stelligen Code per SMS an die Nummer gesendet, die auf { $ending } endet.
otp-sent-voice = Wir rufen die Nummer, die auf { $ending } endet, mit einem 6-stelligen Code an.
step-up-title = Bestätigen Sie, dass Sie es sind
step-up-text = Für diese Änderung brauchen wir Ihr Passwort und einen neuen Code. Sie bleiben angemeldet.
step-up-expired = Der Code ist abgelaufen. Geben Sie Ihr Passwort noch einmal ein.
step-up-weaker-any = Melden Sie sich erneut an.
step-up-weaker-app = Sie haben sich mit einer Authentifizierungs-App angemeldet. Verwenden Sie sie auch hier oder einen Passkey.
step-up-weaker-passkey = Sie haben sich mit einem Passkey angemeldet. Verwenden Sie ihn auch hier.
contact-title = Neue E-Mail-Adresse oder Telefonnummer
contact-text = Eine Administratorin oder ein Administrator möchte ändern, womit Sie sich anmelden. Bis dahin melden Sie sich an wie bisher. Wenn Sie davon nichts wissen, lehnen Sie ab.
contact-email = Neue E-Mail-Adresse
contact-phone = Neue Telefonnummer
contact-agree = Zustimmen
contact-refuse = Ablehnen
contact-approve = Genehmigen
contact-agreed = Sie haben zugestimmt. Ab jetzt melden Sie sich mit den neuen Angaben an.
contact-refused = Sie haben abgelehnt. Es hat sich nichts geändert.
contact-approval = Sie haben zugestimmt. Die Änderung gilt, sobald eine zweite Administratorin oder ein zweiter Administrator sie genehmigt hat.
done-contact-agreed = Die Änderung gilt jetzt.
done-contact-refused = Die Änderung wurde abgelehnt. Es hat sich nichts geändert.
done-contact-approval = Sie haben zugestimmt. Jemand Zweites aus der Administration muss die Änderung genehmigen.
done-contact-approved = Die Änderung ist genehmigt. Sie gilt, sobald die Person zustimmt, oder nach der Wartezeit.
user-pending-approval = Diese Person administriert andere oder gehört zu einer sensiblen Gruppe: jemand Zweites aus der Administration muss die Änderung genehmigen. Bis dahin gelten die alten Angaben.
security-credentials-title = Passwort, E-Mail-Adresse und Telefonnummer
security-step-up = Um Passwort, E-Mail-Adresse oder Telefonnummer zu ändern, bestätigen Sie mit Ihrem Passwort und einem Code, dass Sie es sind.
security-phone-refused = An diese Nummer können wir keine Codes senden. Nehmen Sie eine Nummer aus einem Land, das hier zugelassen ist
security-phone-same = Das ist bereits Ihre Telefonnummer
event-user-contact-agreed = Änderung von E-Mail oder Telefon von der Person bestätigt
event-user-contact-approved = Änderung von E-Mail oder Telefon genehmigt
event-user-contact-refused = Änderung von E-Mail oder Telefon abgelehnt
event-session-stepped-up = Beide Faktoren erneut bestätigt
event-session-code-sent = Sicherheitscode gesendet
message-contact-pending-subject = Ihre Kontaktdaten beim { $service } sollen sich ändern
message-contact-pending-text =
    Guten Tag { $name },

    jemand aus der Administration möchte die E-Mail-Adresse oder Telefonnummer ändern, mit der Sie sich beim { $service } anmelden. Öffnen Sie diesen Link, um zu sehen, was sich ändert, und um zuzustimmen oder abzulehnen:

    { $link }

    Wenn Sie nichts tun, gilt die Änderung nach einiger Zeit; wo ein zweiter Administrator zustimmen muss, nicht vor dessen Zustimmung. Wenn Sie davon nichts wissen, lehnen Sie ab und sagen Sie es einem Administrator Ihrer { -place-de }.
message-contact-notice-subject = Neue Kontaktdaten beim { $service }
message-contact-notice-text =
    Guten Tag { $name },

    jemand aus der Administration hat diese Adresse als neuen Kontakt eines Kontos beim { $service } genannt. Sie gilt noch nicht; Sie müssen nichts tun.

    Wenn Sie davon nichts wissen, ignorieren Sie diese Nachricht.{ $link }
message-contact-notice-phone = { $service }: Die Telefonnummer eines Kontos soll geändert werden. Wenn Sie davon nichts wissen, sagen Sie es Ihrer Administration.
message-contact-changed-phone = { $service }: Die Telefonnummer eines Kontos wurde geändert. Wenn Sie davon nichts wissen, sagen Sie es sofort Ihrer Administration.
security-email-title = E-Mail-Adresse
security-email-text = Sie melden sich mit { $email } an.
security-email-none = Es gibt noch keine E-Mail-Adresse.
security-email-new = Neue E-Mail-Adresse
security-email-hint = Wir senden einen Link dorthin und benachrichtigen Ihre jetzige Adresse.
security-email-send = Link senden
security-email-same = Das ist schon Ihre E-Mail-Adresse
security-email-often = Sie haben das zu oft angefordert. Warten Sie eine Viertelstunde
done-email-asked = Wenn diese Adresse Ihre werden kann, ist ein Link dorthin unterwegs. Bis Sie ihn öffnen, melden Sie sich an wie bisher.
email-confirm-title = Neue E-Mail-Adresse bestätigen
email-confirm-text = Ab jetzt melden Sie sich mit { $email } an.
email-confirm-now = Diese Adresse verwenden
done-email-changed = Ihre E-Mail-Adresse wurde geändert.
event-user-email-asked = Änderung der eigenen E-Mail-Adresse angefordert
event-user-email-changed = Eigene E-Mail-Adresse geändert
message-email-confirm-subject = Bestätigen Sie Ihre neue E-Mail-Adresse für das { $service }
message-email-confirm-text =
    Guten Tag { $name },

    Sie haben diese Adresse als neue Adresse Ihres Kontos beim { $service } angegeben. Öffnen Sie diesen Link, während Sie angemeldet sind, um sie ab jetzt zu verwenden:

    { $link }

    Der Link gilt einmal und { $lasts } lang. Waren Sie es nicht, ignorieren Sie diese Nachricht: Es hat sich nichts geändert.
message-email-asked-subject = Ihre E-Mail-Adresse beim { $service } soll sich ändern
message-email-asked-text =
    Guten Tag { $name },

    jemand, der in Ihrem Konto beim { $service } angemeldet ist, möchte eine andere E-Mail-Adresse verwenden. Sie gilt, sobald sie bestätigt ist.

    Waren Sie es nicht, ändern Sie sofort Ihr Passwort und benachrichtigen Sie Ihren Administrator.{ $link }
