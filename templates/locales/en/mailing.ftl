# Mails to the people of managed organisations.
menu-mail = Send e-mail
permission-organisation-write-to = write mails to the people of { -place-en(form: "many") }
event-organisation-people-written-to = Mail written to people of { -place-en(form: "many") }
mail-title = Send e-mail
mail-intro = Write to people of the { -place-en(form: "many") } that you manage. Everybody gets a mail of their own; nobody sees who else got it.
mail-organisations = { -place-en(form: "Many") } whose name contains
mail-organisations-hint = Leave it empty to write to all that you manage.
mail-to = To
mail-to-administrators = Their administrators
mail-to-everybody = All their users
mail-to-choose = Choose whom you write to
mail-subject = Subject
mail-subject-hint = The name of this service, your name and your { -place-en } stand before it.
mail-text = Text
mail-text-hint = Plain text without web addresses: a word with a dot inside, like example.org, counts as one, an e-mail address does not. Your name and the phone number of your { -place-en } are added.
mail-preview = Show who would get it
mail-recipients = { $count ->
    [one] 1 person gets this mail.
   *[other] { $count } people get this mail.
}
mail-places = { $count ->
    [one] 1 { -place-en }
   *[other] { $count } { -place-en(form: "many") }
}
mail-places-first = The first of { $count } { -place-en(form: "many") }
mail-each = Your name stands in it. It cannot be called back.
mail-send = { $count ->
    [one] Send to 1 person
   *[other] Send to { $count } people
}
mail-wrong-organisations = Choose between 1 and { $most } { -place-en(form: "many") } that are in use
mail-wrong-nobody = There is nobody who could be written to
mail-wrong-too-many = That are more than { $most } people: choose fewer { -place-en(form: "many") }
mail-wrong-limit = You have written { $most } mails within a day: try again tomorrow
mail-wrong-changed = People have come or gone since: look at who would get it now
mail-wrong-used = A mail was sent from this form already; this one was not. If you want to send it as another mail, look at who would get it
done-mail-sent = Your mail is on its way.
message-announcement-subject = { $service }, { $sender }: { $subject }
message-announcement-text =
    Hello { $name },

    { $sender }, writes to you through the { $service }:

    { $text }

    Please do not reply to this mail, nobody reads its address. How to reach whoever wrote it: { $contact }
message-announcement-plain-subject = { $service }, { $sender }: { $subject }
message-announcement-plain-text =
    Hello { $name },

    { $sender }, writes to you through the { $service }:

    { $text }

    Please do not reply to this mail, nobody reads its address.
