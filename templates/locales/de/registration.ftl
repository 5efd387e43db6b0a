# Behörden einladen, sich selbst zu registrieren, was sie eingeben, und darüber entscheiden.
menu-invitations = Einladungen
invitations-title = Einladungen zur Registrierung
invitations-back = Zurück zu den Einladungen
invitations-caption = { $count ->
    [one] { $count } Einladung
   *[other] { $count } Einladungen
}
invitations-none = Es gibt keine solche Einladung.
invitation-new = { -place-de } einladen
invitation-text = Die { -place-de } bekommt einen Link per E-Mail, gibt ihre Daten selbst ein und besteht erst, wenn sie geprüft sind.
invitation-name = Name der { -place-de }
invitation-name-hint = Soweit Sie ihn kennen; den amtlichen Namen gibt die { -place-de } selbst ein.
invitation-email-hint = Der Link gilt für die Person, die die Post dieser Adresse liest; sie wird auch der erste Benutzer.
invitation-language = Sprache der E-Mail
invitation-message = Nachricht
invitation-message-hint = Die { -place-de } liest sie auf ihrer Seite.
invitation-send = Jetzt senden
invitation-send-hint = Sonst bleibt sie ein Entwurf, der später gesendet werden kann.
invitation-invite = Einladung speichern
invitation-already = Diese Adresse ist hierher schon eingeladen
invitation-many = Es gibt zu viele Einladungen von Ihnen oder an diese Adresse. Machen Sie später weiter.
invitation-by = Eingeladen von
invitation-at = Eingeladen
invitation-sent = Letzter Link gesendet
invitation-until = Link gilt bis
invitation-registered = Eingereicht
invitation-send-now = Jetzt senden
invitation-again = Neuen Link senden
invitation-withdraw-title = Einladung zurückziehen
invitation-withdraw-text = Der Link von „{ $name }“ ({ $email }) gilt dann nicht mehr.
done-invitation-sent = Die Einladung wurde gesendet.
done-invitation-kept = Die Einladung bleibt als Entwurf.
done-invitation-withdrawn = Die Einladung wurde zurückgezogen.
registration-state-draft = Entwurf
registration-state-sent = Gesendet
registration-state-opened = Begonnen
registration-state-registered = Eingereicht
registration-state-approved = Von einem von zweien geprüft
registration-state-returned = Zurückgegeben
registration-state-validated = Geprüft
registration-state-refused = Abgelehnt
registration-state-withdrawn = Zurückgezogen
registration-state-expired = Abgelaufen
registration-progress = Stand der Registrierung
registration-stage-invite = { -place-de } einladen
registration-stage-register = { -place-de } registriert sich selbst
registration-stage-validate = Registrierung prüfen
registration-stage-modules = Zugang zu Modulen geben
registration-stage-done = erledigt
registration-title = Registrieren Sie Ihre { -place-de }
registration-text = Sie wurden eingeladen, „{ $name }“ unter „{ $place }“ zu registrieren.
registration-until = Was Sie eingeben, wird Teil für Teil gespeichert. Sie haben Zeit bis { $until }.
registration-known = Mit dieser E-Mail-Adresse gibt es schon ein Konto; sie kann deshalb nicht die des ersten Benutzers werden. Bitten Sie um eine Einladung an eine andere Adresse Ihrer { -place-de }.
registration-message = Nachricht zur Einladung
registration-correct = Bitte berichtigen Sie dies
registration-answer = Begründung
registration-done = Erledigt
registration-open = Offen
registration-blocked = Nach den anderen Teilen
registration-step-authority = Die { -place-de }
registration-step-classification = Wofür sie zuständig ist
registration-step-first-user = Erster Benutzer
registration-step-check = Prüfen und einreichen
registration-step-of = Teil { $number } von { $all }.
registration-address = Das Konto wird das von { $email }.
registration-no-classes = Hier gibt es nichts zu wählen; speichern Sie und gehen Sie weiter.
registration-no-choice = nichts ausgewählt
registration-save = Speichern und weiter
registration-back = Zurück zu den Teilen
registration-check-title = Prüfen Sie Ihre Angaben
registration-check-text = Nach dem Einreichen wird darüber entschieden, und der Link gilt nicht mehr.
registration-submit = Einreichen
registration-over-title = Dieser Link gilt nicht mehr
registration-over-text = Er wurde benutzt, ersetzt oder zurückgenommen. Wenn Sie eine Registrierung eingereicht haben, zeigt die E-Mail von damals ihren Stand; sonst fragen Sie die Stelle, die Sie eingeladen hat.
registration-expired-title = Dieser Link ist abgelaufen
registration-expired-text = Sie können die Stelle, die Sie eingeladen hat, um einen neuen bitten.
registration-ask = Um einen neuen Link bitten
registration-asked-title = Wir haben es weitergegeben
registration-asked-text = Wenn diese Einladung noch beantwortet werden kann, weiß die Stelle, die sie geschickt hat, dass Sie einen neuen Link brauchen. Er kommt an dieselbe E-Mail-Adresse.
registration-track-title = Ihre Registrierung
registration-now-draft = Es wurde noch nichts eingereicht.
registration-now-sent = Es wurde noch nichts eingereicht.
registration-now-opened = Es wurde noch nichts eingereicht.
registration-now-registered = Ihre Angaben sind da und warten auf eine Entscheidung. Sie bekommen eine E-Mail.
registration-now-approved = Ihre Angaben sind da und warten auf eine zweite Entscheidung. Sie bekommen eine E-Mail.
registration-now-returned = Etwas ist zu berichtigen: Benutzen Sie den Link in der E-Mail, die Sie bekommen haben.
registration-now-validated = Ihre { -place-de } ist registriert. Der erste Benutzer hat eine E-Mail mit einem Link zur Aktivierung bekommen; als Nächstes wird Zugang zu Modulen gegeben.
registration-now-refused = Ihre Registrierung wurde abgelehnt.
registration-now-withdrawn = Die Einladung wurde zurückgezogen.
registration-alike = Eine { -place-de } mit ähnlichem Namen ist schon angelegt: Vergleichen Sie, bevor Sie bestätigen.
done-registration-submitted = Ihre Registrierung wurde eingereicht. Wir haben Ihnen die Adresse dieser Seite geschickt.
validations-title = Offene Prüfungen
validations-caption = Offene Prüfungen ({ $count })
validations-none = Nichts wartet auf eine Entscheidung.
validations-all = Alle offenen Prüfungen
validations-older = Älter als … Tage
validations-back = Zurück zu den offenen Prüfungen
validation-what = Registrierung von
validation-since = Wartet
validation-age = { $count ->
    [0] seit heute
    [one] { $count } Tag
   *[other] { $count } Tage
}
validation-invited = von jemand anderem eingeladen
validation-invited-by-you = von Ihnen eingeladen
validation-review = Ansehen
validation-open = { -place-de } öffnen
validation-decision = Entscheidung
validation-validate = Bestätigen
validation-return = Zur Berichtigung zurückgeben
validation-refuse = Ablehnen
validation-reason = Begründung
validation-reason-hint = Die { -place-de } liest sie. Nötig zum Zurückgeben und zum Ablehnen.
validation-confirm = Entscheidung bestätigen
validation-text = Die Bestätigung legt die { -place-de } und ihren ersten Benutzer an. Zugang zu Modulen wird danach gegeben.
validation-needs-second = Zwei Personen prüfen: Nach Ihnen muss es noch jemand anderes tun.
validation-is-second = Jemand hat dies schon bestätigt. Ihre Bestätigung legt die { -place-de } und ihren ersten Benutzer an.
case-stopped = Wo sie stehen würde, ist abgeschaltet: Hier wird nichts gesendet, zurückgezogen oder entschieden, bis das wieder aktiv ist.
validation-not-yours = Jemand anderes muss entscheiden: Sie sind der Antragsteller oder haben schon bestätigt.
validation-first = Zuerst bestätigt von
validation-by = Entschieden von
validation-done = Die { -place-de } und ihr erster Benutzer bestehen. Geben Sie ihr als Nächstes Zugang zu ihren Modulen.
validation-wrong = So kann es nicht registriert werden: Geben Sie es zur Berichtigung zurück
validation-address = Die E-Mail-Adresse des ersten Benutzers kann nicht benutzt werden: Lehnen Sie ab und laden Sie eine andere Adresse ein
done-registration-validated = Die Registrierung wurde bestätigt.
done-registration-approved = Sie haben bestätigt; noch jemand anderes muss es tun.
done-registration-returned = Die Registrierung wurde zurückgegeben.
done-registration-refused = Die Registrierung wurde abgelehnt.
event-registration-invited = { -place-de } zur Registrierung eingeladen
event-registration-sent = Neuer Link an eine eingeladene { -place-de } gesendet
event-registration-withdrawn = Einladung einer { -place-de } zurückgezogen
event-registration-submitted = Eingeladene { -place-de } hat sich registriert
event-registration-approved = Registrierung vom Ersten von zweien bestätigt
event-registration-validated = Registrierung bestätigt
event-registration-returned = Registrierung zurückgegeben
event-registration-refused = Registrierung abgelehnt
message-authority-invited-subject = Registrieren Sie Ihre { -place-de } beim { $service }
message-authority-invited-text =
    Guten Tag,

    „{ $name }“ lädt Ihre { -place-de } ein, sich beim { $service } zu registrieren. Öffnen Sie diesen Link, um ihre Daten und die ihres ersten Benutzers einzugeben:

    { $link }

    Der Link gilt { $lasts }. Wenn Sie ihn nicht erwartet haben, übergehen Sie diese Nachricht.
message-registration-received-subject = Ihre Registrierung beim { $service }
message-registration-received-text =
    Guten Tag,

    Ihre Registrierung beim { $service } ist angekommen und wartet auf eine Entscheidung. Dieser Link zeigt ihren Stand:

    { $link }
message-registration-returned-subject = Bitte berichtigen Sie Ihre Registrierung beim { $service }
message-registration-returned-text =
    Guten Tag,

    etwas an Ihrer Registrierung beim { $service } ist zu berichtigen. Öffnen Sie diesen Link, um zu sehen, was, und es zu tun:

    { $link }

    Der Link gilt { $lasts }.
message-registration-refused-subject = Ihre Registrierung beim { $service }
message-registration-refused-text =
    Guten Tag,

    Ihre Registrierung beim { $service } wurde abgelehnt. Der Link in unserer früheren E-Mail zeigt, warum.
message-registration-waits-subject = Eine { -place-de } hat sich beim { $service } registriert
message-registration-waits-text =
    Guten Tag { $name },

    eine { -place-de }, die Sie zum { $service } eingeladen haben, hat sich registriert. Sehen Sie sich ihre Angaben an und entscheiden Sie:

    { $link }
message-invitation-asked-subject = Eine { -place-de } bittet um einen neuen Link zum { $service }
message-invitation-asked-text =
    Guten Tag { $name },

    der Link einer { -place-de }, die Sie zum { $service } eingeladen haben, ist abgelaufen, und sie bittet um einen neuen. Sie können ihn hier senden:

    { $link }
subject-registration = eine Registrierung
validation-representative = Der erste Benutzer wird durch dieselbe Entscheidung { $role } der { -place-de }.
