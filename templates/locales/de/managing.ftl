# Organisationen, die andere verwalten: Access Manager.
permission-access-manager-manage = Access Manager hinzufügen und entfernen
permission-access-manager-self-add = die eigene Ebene zum Access Manager machen
scope-managed = { $count ->
    [0] (die Ebenen, die sie verwaltet: keine)
    [one] die { $count } Ebene, die sie verwaltet
   *[other] die { $count } Ebenen, die sie verwaltet
}
pattern-managed = Über das, was ihre Ebene verwaltet
pattern-country = Im Land einer Ebene, die andere verwaltet
pattern-by-itself = Von selbst
pattern-first-user = Die erste Person einer Ebene bekommt sie.
pattern-auto-groups = Wer sie hat, bekommt alle Gruppen eines Moduls, das der eigenen Ebene erteilt wird.
event-access-manager-added = Access Manager hinzugefügt
event-access-manager-removed = Access Manager entfernt
message-manager-added-subject = Ein weiterer Access Manager bei { $service }
message-manager-added-text =
    Guten Tag { $name },

    „{ $organisation }“, von Ihrer Organisation bei { $service } verwaltet, wird jetzt auch von „{ $manager }“ verwaltet.

    Wenn Sie das nicht erwarten, sehen Sie sich die Verwaltungsangaben von „{ $organisation }“ an.
managing-title = Verwaltungsangaben
managing-managers = Access Manager
managing-none = Keine Organisation verwaltet diese Ebene.
managing-since = Seit
managing-action = Aktion
managing-administrators = Administratoren
managing-history = Verlauf der Änderungen
managing-add = Access Manager hinzufügen
managing-add-text = Die Administratoren der Organisation, die Sie wählen, können dann „{ $level }“, deren Personen und deren Module verwalten.
managing-manager = Organisation
managing-remove = Entfernen
managing-remove-title = Access Manager entfernen
managing-remove-text = Dessen Administratoren können „{ $level }“ vom nächsten Klick an nicht mehr verwalten.
managing-last = Es ist der letzte. Fügen Sie zuerst einen anderen Access Manager hinzu.
managing-other-country = Nur eine andere Organisation desselben Landes kann Access Manager sein
managing-cannot = Was diese Organisation dadurch gewänne, können Sie nicht weitergeben
managing-already = Sie ist schon Access Manager dieser Ebene
managing-full = Diese Ebene wird schon von so vielen Organisationen verwaltet, wie es geht
done-managing-removed = Der Access Manager wurde entfernt.
levels-mine = Nur meine Ebenen
module-grant-text-groups = Personen aus „{ $level }“ können dann Gruppen dieser Anwendung bekommen. Ihre Administratoren bekommen dadurch alle, sonst niemand eine.
