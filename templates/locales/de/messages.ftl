# Nachrichten an Personen: SMS, Anruf, E-Mail.
message-code-sms = { $code } ist Ihr Sicherheitscode für das { $service }. Er gilt 3 Minuten.
message-code-voice = Guten Tag. Hier ist das { $service }. Ihr Sicherheitscode lautet: { $digits }. Ich wiederhole: { $digits }. Der Code gilt 3 Minuten. Auf Wiederhören.
message-activation-subject = Aktivieren Sie Ihr Konto beim { $service }
message-activation-text =
    Guten Tag { $name },

    für Sie wurde ein Konto beim { $service } angelegt. Öffnen Sie diesen Link, um Ihr Passwort zu wählen und Ihr Telefon zu bestätigen:

    { $link }

    Der Link gilt einmal und { $lasts } lang. Wenn Sie ihn nicht erwartet haben, ignorieren Sie diese Nachricht.
message-recovery-subject = Wählen Sie ein neues Passwort für das { $service }
message-recovery-text =
    Guten Tag { $name },

    jemand hat ein neues Passwort für Ihr Konto beim { $service } angefordert. Öffnen Sie diesen Link, um es zu wählen; Sie brauchen dazu Ihr Telefon:

    { $link }

    Der Link gilt einmal und { $lasts } lang. Waren Sie es nicht, ignorieren Sie diese Nachricht: Es hat sich nichts geändert.
message-password-changed-subject = Ihr Passwort für das { $service } wurde geändert
message-password-changed-text =
    Guten Tag { $name },

    das Passwort Ihres Kontos beim { $service } wurde soeben gesetzt oder geändert, und alle anderen Sitzungen wurden beendet.

    Waren Sie es nicht, benachrichtigen Sie sofort Ihre Administration.{ $link }
message-password-expires-subject = Ihr Passwort für das { $service } läuft bald ab
message-password-expires-text =
    Guten Tag { $name },

    das Passwort Ihres Kontos beim { $service } gilt bis { $ends }. Wählen Sie vorher ein anderes: Melden Sie sich wie immer an und öffnen Sie „Sicherheit“. Andernfalls werden Sie bei der nächsten Anmeldung nach einem neuen gefragt.

    Diese Nachricht enthält mit Absicht keinen Link.
message-contact-changed-subject = Ihre Kontaktdaten beim { $service } ändern sich
message-contact-changed-text =
    Guten Tag { $name },

    die E-Mail-Adresse oder Telefonnummer Ihres Kontos beim { $service } wurde geändert oder wird geändert.

    Wissen Sie davon nichts, benachrichtigen Sie sofort Ihre Administration.{ $link }
message-access-ended-subject = Das { $service } hat den Zugang einer Anwendung beendet
message-access-ended-text =
    Guten Tag { $name },

    { $link } hat eine Anmeldung von Ihnen ein zweites Mal vorgelegt, die schon verwendet war. Das kann ein Fehler der Anwendung sein oder ein
    Zeichen, dass jemand sie kopiert hat. Ihr Zugang zu Ihrem Konto beim { $service } wurde beendet; Sie können sich dort einfach neu anmelden.

    Wenn es wieder geschieht, sagen Sie es Ihrem Administrator.
message-support = Fragen? Unser Support hilft: { $contact }
