# Demandes de modification des données d’une organisation.
permission-organisation-request-change = demander la modification { -place-fr(form: "of_many") }
permission-organisation-attach = joindre des documents à ses demandes
event-organisation-amendment-asked = Modification { -place-fr(form: "of_a") } demandée
event-organisation-amendment-withdrawn = Demande de modification retirée
event-organisation-amendment-approved = Modification { -place-fr(form: "of_a") } approuvée
event-organisation-amendment-refused = Modification { -place-fr(form: "of_a") } refusée
event-organisation-document-attached = Document joint
event-organisation-document-clean = Aucun logiciel malveillant trouvé dans un document
event-organisation-document-infected = Logiciel malveillant trouvé dans un document, qui a été supprimé
amend-title = Demander une modification des données
amend-text = Modifiez ce qui doit l’être. Qui peut modifier ces données en est averti ; rien ne change avant son accord.
amend-reason = Motif
amend-reason-hint = Ce que doit savoir qui décide
amend-submit = Demander la modification
amend-nothing = Rien ne changerait : corrigez d’abord ce qui est faux
amend-already = Une modification est déjà demandée ; elle attend une réponse
amend-too-many = Au plus { $most } modifications peuvent être demandées en un jour
amendment-title = Modification de { $organisation }
amendment-open = Attend une réponse
amendment-withdrawn = Retirée
amendment-approved = Approuvée
amendment-refused = Refusée
amendment-what = Quoi
amendment-old = Maintenant
amendment-new = Demandé
amendment-was = Lors de la demande : { $value }
amendment-changes = Ce qui doit changer
amendment-documents = Documents
amendment-asked = Demandé par
amendment-representative = Une personne qui représente { -place-fr(form: "the") }
amendment-answered = Répondu
amendment-decision = Décision
amendment-approve = Approuver : les données sont modifiées aussitôt
amendment-refuse = Refuser
amendment-why = Pourquoi c’est refusé
amendment-why-hint = La personne qui a demandé le lit
amendment-confirm = Décider
amendment-withdraw = Retirer
amendment-moved-on = Les données ont changé depuis la demande. Comparez avant de décider.
amendment-unchecked = Aucun antivirus n’est configuré : personne n’a vérifié les documents. Ouvrez-les avec prudence.
amendment-waiting = La vérification de documents est en cours : regardez à nouveau avant de décider.
amendment-infected = Un logiciel malveillant a été trouvé dans un document ; il est supprimé et ne prouve plus rien.
amendment-asker-left = La personne qui l’a demandée ne représente plus { -place-fr(form: "the") }.
amendment-look-again = Les données ou les documents ont changé pendant votre lecture : comparez à nouveau
amendment-impossible = Les données ne peuvent pas être modifiées ainsi : refusez avec le motif
amendment-open-it = Ouvrir
amendments-open = Modifications { -place-fr(form: "of_many") } à décider
amendments-own = Modifications { -place-fr(form: "of_many") } que vous avez demandées
amendment-own = Modification que vous avez demandée
amendment-out-of-sight = { -place-fr(form: "A") } que vous ne représentez plus
document-name = Document
document-length = Taille
document-size = { $kilobytes } ko
document-state = Vérifié
document-waiting = Vérification en cours
document-clean = Aucun logiciel malveillant trouvé
document-infected = Logiciel malveillant trouvé : supprimé
document-unchecked = Non vérifié
document-removed = Supprimé : son délai est passé, ou la demande a été retirée
document-attach = Joindre un document
document-file = Fichier
document-file-hint = PDF, PNG ou JPEG, jusqu’à 3 Mo
document-wrong-size = Choisissez un fichier de { $megabytes } Mo au plus
document-wrong-kind = Choisissez un fichier PDF, PNG ou JPEG
document-too-many = Au plus { $most } documents peuvent être joints
done-amendment-asked = Votre demande attend une réponse. Vous pouvez joindre des documents si votre rôle le permet.
done-amendment-withdrawn = La demande est retirée.
done-amendment-approved = Les données sont modifiées.
done-amendment-refused = La demande est refusée.
done-document-attached = Le document est joint.
message-amendment-asked-subject = Une modification à décider : { $service }
message-amendment-asked-text =
    Bonjour { $name },

    une personne qui représente { $organisation } demande une modification de ses données. Vous pouvez en décider sous Mes tâches :

    { $link }
message-amendment-answered-subject = La réponse à votre demande : { $service }
message-amendment-answered-text =
    Bonjour { $name },

    la modification que vous avez demandée a une réponse. Vous la trouvez sous Mes tâches :

    { $link }
