# Mails an die Personen verwalteter Organisationen.
menu-mail = E-Mail senden
permission-organisation-write-to = Mails an die Personen von { -place-de(form: "many") } schreiben
event-organisation-people-written-to = Mail an Personen von { -place-de(form: "many") } geschrieben
mail-title = E-Mail senden
mail-intro = Schreiben Sie Personen der { -place-de(form: "many") }, die Sie verwalten. Alle bekommen eine eigene Mail; niemand sieht, wer sie noch bekam.
mail-organisations = { -place-de(form: "many") }, deren Name enthält
mail-organisations-hint = Leer lassen, um an alle zu schreiben, die Sie verwalten.
mail-to = An
mail-to-administrators = Ihre Administratoren
mail-to-everybody = Alle ihre Benutzer
mail-to-choose = Wählen Sie, wem Sie schreiben
mail-subject = Betreff
mail-subject-hint = Davor stehen der Name dieses Dienstes, Ihr Name und Ihre { -place-de }.
mail-text = Text
mail-text-hint = Reiner Text ohne Webadressen: ein Wort mit einem Punkt darin wie example.org zählt als solche, eine E-Mail-Adresse nicht. Ihr Name und die Telefonnummer Ihrer { -place-de } kommen hinzu.
mail-preview = Zeigen, wer sie bekäme
mail-recipients = { $count ->
    [one] 1 Person bekommt diese Mail.
   *[other] { $count } Personen bekommen diese Mail.
}
mail-places = { $count ->
    [one] 1 { -place-de }
   *[other] { $count } { -place-de(form: "many") }
}
mail-places-first = Die ersten von { $count } { -place-de(form: "many") }
mail-each = Ihr Name steht darin. Sie lässt sich nicht zurückholen.
mail-send = { $count ->
    [one] An 1 Person senden
   *[other] An { $count } Personen senden
}
mail-wrong-organisations = Wählen Sie 1 bis { $most } { -place-de(form: "many") }, die aktiv sind
mail-wrong-nobody = Dort gibt es niemanden, dem geschrieben werden könnte
mail-wrong-too-many = Das sind mehr als { $most } Personen: wählen Sie weniger { -place-de(form: "many") }
mail-wrong-limit = Sie haben an einem Tag { $most } Mails geschrieben: versuchen Sie es morgen wieder
mail-wrong-changed = Inzwischen sind Personen gekommen oder gegangen: sehen Sie, wer sie jetzt bekäme
mail-wrong-used = Aus diesem Formular wurde schon eine Mail gesendet; diese nicht. Soll sie als weitere Mail gehen, sehen Sie, wer sie bekäme
done-mail-sent = Ihre Mail ist unterwegs.
message-announcement-subject = { $service }, { $sender }: { $subject }
message-announcement-text =
    Guten Tag { $name },

    { $sender }, schreibt Ihnen mit dem { $service }:

    { $text }

    Bitte antworten Sie nicht auf diese Mail, ihre Adresse wird nicht gelesen. So ist zu erreichen, wer sie geschrieben hat: { $contact }
message-announcement-plain-subject = { $service }, { $sender }: { $subject }
message-announcement-plain-text =
    Guten Tag { $name },

    { $sender }, schreibt Ihnen mit dem { $service }:

    { $text }

    Bitte antworten Sie nicht auf diese Mail, ihre Adresse wird nicht gelesen.
