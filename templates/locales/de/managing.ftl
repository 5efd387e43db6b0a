# Organisationen, die andere verwalten: Access Manager.
permission-access-manager-manage = Access Manager hinzufügen und entfernen
permission-access-manager-self-add = die eigene { -place-de } zum Access Manager machen
scope-managed = { $count ->
    [0] (die { -place-de(form: "many") }, die sie verwaltet: keine)
    [one] die { $count } { -place-de }, die sie verwaltet
   *[other] die { $count } { -place-de(form: "many") }, die sie verwaltet
}
pattern-managed = Über das, was ihre { -place-de } verwaltet
pattern-country = Im Land einer { -place-de }, die andere verwaltet
pattern-by-itself = Von selbst
pattern-first-user = Die erste Person einer { -place-de } bekommt sie.
pattern-auto-groups = Wer sie hat, bekommt alle Gruppen eines Moduls, das der eigenen { -place-de } erteilt wird.
event-access-manager-added = Access Manager hinzugefügt
event-access-manager-removed = Access Manager entfernt
message-manager-added-subject = Ein weiterer Access Manager im { $service }
message-manager-added-text =
    Guten Tag { $name },

    „{ $organisation }“, von Ihnen im { $service } verwaltet, wird jetzt auch von „{ $manager }“ verwaltet.

    Wenn Sie das nicht erwarten, sehen Sie sich die Verwaltungsangaben von „{ $organisation }“ an.
managing-title = Verwaltungsangaben
managing-managers = Access Manager
managing-none = Diese { -place-de } wird von keiner anderen verwaltet.
managing-since = Seit
managing-action = Aktion
managing-administrators = Administratoren
managing-history = Verlauf der Änderungen
managing-add = Access Manager hinzufügen
managing-add-text = Die Administratoren der { -place-de }, die Sie wählen, können dann „{ $level }“, deren Personen und deren Module verwalten.
managing-manager = { -place-de }
managing-remove = Entfernen
managing-remove-title = Access Manager entfernen
managing-remove-text = Dessen Administratoren können „{ $level }“ vom nächsten Klick an nicht mehr verwalten.
managing-last = Es ist der letzte. Fügen Sie zuerst einen anderen Access Manager hinzu.
managing-stands-above = Eine { -place-de } kann keine verwalten, zu der sie gehört
managing-other-country = Nur eine andere { -place-de } desselben Landes kann Access Manager sein
managing-cannot = Was diese { -place-de } dadurch gewänne, können Sie nicht weitergeben
managing-already = Sie ist schon Access Manager dieser { -place-de }
managing-full = Diese { -place-de } wird schon von so vielen anderen verwaltet, wie es geht
done-managing-added = Der Access Manager wurde hinzugefügt.
done-managing-removed = Der Access Manager wurde entfernt.
levels-mine = Nur meine { -place-de(form: "many") }
module-grant-text-groups = Personen aus „{ $level }“ können dann Gruppen dieser Anwendung bekommen. Ihre Administratoren bekommen dadurch alle, sonst niemand eine.
