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
