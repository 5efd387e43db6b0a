# Modulzugang: welche Ebenen eine Anwendung benutzen dürfen, die danach fragt.
permission-module-manage = Modulzugang verwalten
modules-title = Modulzugang
modules-none = Diese { -place-de } hat keinen Modulzugang.
module-kind = Rolle im Modul
module-kind-authority = Behörde
module-kind-coordinator = Koordinator
module-kind-hint = Ein Koordinator kann von Behörden benannt werden.
module-kind-fixed = Lässt sich nur ändern, solange der Zugang ausgesetzt ist
module-suspended = Ausgesetzt
module-since = Seit
module-by = Von
module-granted = Zuerst erteilt
module-granted-by = Erteilt von
module-coordinators = Verknüpfte Koordinatoren
module-no-coordinators = Es gibt keinen aktiven Koordinator dieses Moduls, den Sie sehen.
module-coordinator-missing = Benennen Sie mindestens einen Koordinator
module-coordinator-forbidden = Hier kann kein Koordinator benannt werden
module-coordinator-wrong = Einer davon ist kein aktiver Koordinator dieses Moduls
module-named = Andere { -place-de(form: "many") } benennen diese als ihren Koordinator
module-grant = Zugang erteilen
module-grant-title = Modulzugang erteilen
module-grant-choose = Für „{ $level }“
module-choose = Welches Modul
module-none-left = Es gibt kein weiteres Modul zu erteilen.
module-grant-text = Personen aus „{ $level }“ können dann Gruppen dieser Anwendung bekommen. Dadurch bekommt niemand eine.
module-edit = Modulzugang ändern
module-suspend = Aussetzen
module-suspend-title = Modulzugang aussetzen
module-suspend-text = Der Anwendung wird mitgeteilt, dass diese { -place-de } nur Laufendes abschließen und nichts Neues beginnen oder empfangen darf.
module-suspend-text-2 = Mitgliedschaften bleiben, Personen können sich weiter anmelden, und niemand kann hinzukommen.
module-regrant = Zurückgeben
module-regrant-title = Modulzugang zurückgeben
module-regrant-text = Der Anwendung wird mitgeteilt, dass diese { -place-de } wieder uneingeschränkt arbeiten darf.
module-regrant-text-2 = Rolle, Koordinatoren und Mitgliedschaften sind, wie sie waren.
modules-suspend-all = Allen Modulzugang aussetzen
modules-suspend-all-text = Von „{ $level }“ und allem darunter:
modules-in-the-way = „{ $level }“ kann noch nicht stillgelegt werden: Dieser Modulzugang ist noch aktiv.
modules-suspended-by-others = Wer den Modulzugang verwaltet, setzt ihn zuerst aus.
modules-more = { $count ->
    [one] und { $count } weiterer
   *[other] und { $count } weitere
}
done-module-granted = Der Modulzugang wurde erteilt. Geben Sie den Personen Mitgliedschaften, die sie brauchen.
done-module-changed = Der Modulzugang wurde geändert.
done-module-suspended = Der Modulzugang wurde ausgesetzt.
done-module-regranted = Der Modulzugang wurde zurückgegeben.
done-modules-suspended = Der Modulzugang wurde ausgesetzt. Die { -place-de } kann jetzt stillgelegt werden.
memberships-no-module = Die { -place-de } dieser Person hat keinen Zugang zu diesem Modul.
memberships-module-suspended = Der Modulzugang der { -place-de } dieser Person ist ausgesetzt: Niemand kann hinzukommen.
application-module-access = { -place-de(form: "many") } brauchen Modulzugang
application-module-access-hint = Nur Personen aus { -place-de(form: "many") }, die das Modul haben, bekommen Gruppen und können sich anmelden. Eingeschaltet kann es niemand, bis er erteilt ist.
application-module-access-short = Modulzugang nötig
application-coordinators = Verknüpfte Koordinatoren von Behörden
application-coordinators-hint = Nur für Anwendungen, die Modulzugang brauchen.
application-coordinators-forbidden = Keine
application-coordinators-optional = Nach Wunsch
application-coordinators-required = Mindestens einer
event-module-granted = Modulzugang erteilt
event-module-changed = Modulzugang geändert
event-module-suspended = Modulzugang ausgesetzt
event-module-regranted = Modulzugang zurückgegeben
event-organisation-deleted = { -place-de } gelöscht
level-deletion = Wird gelöscht
level-deactivate-deletion = Wird sie nicht reaktiviert, wird sie mit ihren Konten in { $lasts } gelöscht.
level-deletion-waits = wenn keine { -place-de } mehr darunter steht
message-organisation-ending-subject = Eine { -place-de } wird aus dem { $service } gelöscht
message-organisation-ending-text =
    Guten Tag { $name },

    die stillgelegte { -place-de } „{ $link }“ wird aus dem { $service } mit ihren Konten gelöscht, und zwar in { $lasts }.

    Wer sie im { $service } verwaltet, kann das bis dahin verhindern, indem er sie reaktiviert.
module-classification = Einstufung
module-settings = Einstellungen
module-setting-none = Nicht gewählt
module-setting-wrong = „{ $field }“ ist nicht so, wie dieses Modul es braucht:
module-class-unknown = „{ $code }“ steht nicht mehr in der Einstufung dieses Moduls
module-catalogue = Einstufung und Einstellungen des Moduls
module-classes-hint = Eine Klasse je Zeile: CODE = Bezeichnung. Für andere Sprachen danach eine Zeile CODE.de = Bezeichnung.
module-classes-wrong = Die Einstufung ist nicht lesbar:
module-settings-schema = Einstellungen (JSON Schema)
module-settings-schema-hint = Ein Objekt mit bis zu 30 Eigenschaften: ja oder nein, Text, Zahl, eines von mehreren oder einige von mehreren. Ohne Schema hat das Modul keine Einstellungen.
module-settings-schema-wrong = Die Einstellungen sind nicht verwendbar:
