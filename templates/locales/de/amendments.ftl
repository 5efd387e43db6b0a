# Anträge, die Daten einer Organisation zu ändern.
permission-organisation-request-change = Änderungen von { -place-de(form: "many") } beantragen
permission-organisation-attach = Unterlagen zu eigenen Anträgen hinzufügen
event-organisation-amendment-asked = Änderung einer { -place-de } beantragt
event-organisation-amendment-withdrawn = Antrag auf Änderung zurückgezogen
event-organisation-amendment-approved = Änderung einer { -place-de } genehmigt
event-organisation-amendment-refused = Änderung einer { -place-de } abgelehnt
event-organisation-document-attached = Unterlage hinzugefügt
event-organisation-document-clean = Keine Schadsoftware in einer Unterlage gefunden
event-organisation-document-infected = Schadsoftware in einer Unterlage gefunden, die entfernt wurde
amend-title = Änderung der Daten beantragen
amend-text = Ändern Sie, was geändert werden soll. Wer diese Daten ändern darf, erfährt es; vor der Genehmigung ändert sich nichts.
amend-reason = Begründung
amend-reason-hint = Was wissen muss, wer entscheidet
amend-submit = Änderung beantragen
amend-nothing = Es würde sich nichts ändern: berichtigen Sie zuerst, was falsch ist
amend-already = Es ist schon eine Änderung beantragt; sie wartet auf eine Antwort
amend-too-many = An einem Tag können höchstens { $most } Änderungen beantragt werden
amendment-title = Änderung von { $organisation }
amendment-open = Wartet auf eine Antwort
amendment-withdrawn = Zurückgezogen
amendment-approved = Genehmigt
amendment-refused = Abgelehnt
amendment-what = Was
amendment-old = Jetzt
amendment-new = Beantragt
amendment-was = Als es beantragt wurde: { $value }
amendment-changes = Was sich ändern soll
amendment-documents = Unterlagen
amendment-asked = Beantragt von
amendment-representative = Jemand, der die { -place-de } vertritt
amendment-answered = Beantwortet
amendment-decision = Entscheidung
amendment-approve = Genehmigen: die Daten werden sofort geändert
amendment-refuse = Ablehnen
amendment-why = Warum es abgelehnt wird
amendment-why-hint = Wer den Antrag gestellt hat, liest es
amendment-confirm = Entscheiden
amendment-withdraw = Zurückziehen
amendment-moved-on = Die Daten wurden seit dem Antrag geändert. Vergleichen Sie, bevor Sie entscheiden.
amendment-unchecked = Es ist kein Virenscanner eingerichtet: niemand hat die Unterlagen geprüft. Öffnen Sie sie mit Vorsicht.
amendment-waiting = Unterlagen werden noch auf Schadsoftware geprüft: sehen Sie noch einmal nach, bevor Sie entscheiden.
amendment-infected = In einer Unterlage wurde Schadsoftware gefunden; sie ist entfernt und belegt nichts mehr.
amendment-asker-left = Wer dies beantragt hat, vertritt die { -place-de } nicht mehr.
amendment-look-again = Die Daten oder die Unterlagen wurden geändert, während Sie sie ansahen: vergleichen Sie noch einmal
amendment-impossible = So können die Daten nicht geändert werden: lehnen Sie es mit der Begründung ab
amendment-open-it = Öffnen
amendments-open = Änderungen von { -place-de(form: "many") }, über die zu entscheiden ist
amendments-own = Änderungen von { -place-de(form: "many") }, die Sie beantragt haben
amendment-own = Änderung, die Sie beantragt haben
amendment-out-of-sight = Eine { -place-de }, die Sie nicht mehr vertreten
document-name = Unterlage
document-length = Größe
document-size = { $kilobytes } kB
document-state = Geprüft
document-waiting = Wird auf Schadsoftware geprüft
document-clean = Keine Schadsoftware gefunden
document-infected = Schadsoftware gefunden: entfernt
document-unchecked = Nicht geprüft
document-removed = Entfernt: ihre Zeit ist vorbei, oder der Antrag wurde zurückgezogen
document-attach = Unterlage hinzufügen
document-file = Datei
document-file-hint = PDF, PNG oder JPEG, bis 3 MB
document-wrong-size = Wählen Sie eine Datei von höchstens { $megabytes } MB
document-wrong-kind = Wählen Sie eine PDF-, PNG- oder JPEG-Datei
document-too-many = Höchstens { $most } Unterlagen sind möglich
done-amendment-asked = Ihr Antrag wartet auf eine Antwort. Sie können Unterlagen hinzufügen, wenn Ihre Rolle es erlaubt.
done-amendment-withdrawn = Der Antrag ist zurückgezogen.
done-amendment-approved = Die Daten sind geändert.
done-amendment-refused = Der Antrag ist abgelehnt.
done-document-attached = Die Unterlage ist hinzugefügt.
message-amendment-asked-subject = Über eine Änderung ist zu entscheiden: { $service }
message-amendment-asked-text =
    Guten Tag { $name },

    jemand, der { $organisation } vertritt, beantragt eine Änderung ihrer Daten. Sie können unter Meine Aufgaben darüber entscheiden:

    { $link }
message-amendment-answered-subject = Die Antwort auf Ihren Antrag: { $service }
message-amendment-answered-text =
    Guten Tag { $name },

    über die Änderung, die Sie beantragt haben, ist entschieden. Sie finden es unter Meine Aufgaben:

    { $link }
