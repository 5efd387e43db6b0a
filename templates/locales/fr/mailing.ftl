# Courriels aux personnes des organisations gérées.
menu-mail = Envoyer un courriel
permission-organisation-write-to = écrire aux personnes des { -place-fr(form: "many") }
event-organisation-people-written-to = Courriel écrit aux personnes { -place-fr(form: "of_many") }
mail-title = Envoyer un courriel
mail-intro = Écrivez aux personnes des { -place-fr(form: "many") } que vous gérez. Chacun reçoit son propre courriel ; personne ne voit qui d’autre l’a reçu.
mail-organisations = { -place-fr(form: "Many") } dont le nom contient
mail-organisations-hint = Laissez vide pour écrire à { -place-fr.gender ->
    [feminine] toutes celles
   *[masculine] tous ceux
 } que vous gérez.
mail-to = À
mail-to-administrators = Leurs administrateurs
mail-to-everybody = Tous leurs utilisateurs
mail-to-choose = Choisissez à qui vous écrivez
mail-subject = Objet
mail-subject-hint = Le nom de ce service, votre nom et votre { -place-fr } sont placés devant.
mail-text = Texte
mail-text-hint = Texte simple, sans adresse web : un mot qui contient un point, comme example.org, en est une, une adresse électronique non. Votre nom et le numéro de téléphone de votre { -place-fr } sont ajoutés.
mail-preview = Montrer qui le recevrait
mail-recipients = { $count ->
    [one] 1 personne reçoit ce courriel.
   *[other] { $count } personnes reçoivent ce courriel.
}
mail-places = { $count ->
    [one] 1 { -place-fr }
   *[other] { $count } { -place-fr(form: "many") }
}
mail-places-first = Les { -place-fr.gender ->
    [feminine] premières
   *[masculine] premiers
 } de { $count } { -place-fr(form: "many") }
mail-each = Votre nom y figure. Il ne peut pas être rappelé.
mail-send = { $count ->
    [one] Envoyer à 1 personne
   *[other] Envoyer à { $count } personnes
}
mail-wrong-organisations = Choisissez entre 1 et { $most } { -place-fr(form: "many") } { -place-fr.gender ->
    [feminine] actives
   *[masculine] actifs
 }
mail-wrong-nobody = Il n’y a personne à qui écrire
mail-wrong-too-many = Cela fait plus de { $most } personnes : choisissez moins { -place-fr(form: "of_many") }
mail-wrong-limit = Vous avez écrit { $most } courriels en un jour : réessayez demain
mail-wrong-changed = Des personnes sont arrivées ou parties entre-temps : voyez qui le recevrait maintenant
mail-wrong-used = Un courriel a déjà été envoyé depuis ce formulaire ; celui-ci ne l’a pas été. Pour l’envoyer comme autre courriel, voyez qui le recevrait
done-mail-sent = Votre courriel est en route.
message-announcement-subject = { $service }, { $sender } : { $subject }
message-announcement-text =
    Bonjour { $name },

    { $sender }, vous écrit par l’intermédiaire du { $service } :

    { $text }

    Ne répondez pas à ce courriel, personne ne lit son adresse. Pour joindre qui l’a écrit : { $contact }
message-announcement-plain-subject = { $service }, { $sender } : { $subject }
message-announcement-plain-text =
    Bonjour { $name },

    { $sender }, vous écrit par l’intermédiaire du { $service } :

    { $text }

    Ne répondez pas à ce courriel, personne ne lit son adresse.
