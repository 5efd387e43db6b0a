# Rezertifizierung: welche Rollen und Mitgliedschaften noch gebraucht werden.
recert-title = Rezertifizierung
recert-roles = Rollen zu bestätigen
recert-memberships = Gruppenmitgliedschaften zu bestätigen
recert-confirm = Durchsehen
recert-what = Was
recert-count = Wartend
recert-text = Haken Sie an, was noch gebraucht wird, und behalten Sie es, oder haken Sie an, was nicht mehr gebraucht wird, und entfernen Sie es. Was bis zu seinem Tag niemand bestätigt, entfällt von selbst.
recert-none = Es wartet nichts auf Bestätigung.
recert-others = Von anderen Administratoren zu bestätigen
recert-below = { $level } und darunter
recert-until = bis { $day }
recert-verb = Was mit dem Angehakten geschieht
recert-keep = Behalten
recert-remove = Entfernen
recert-submit = Anwenden
recert-last = Es wurde nichts geändert: Unter dem Angehakten ist der letzte Inhaber einer Rolle, die jemand innehaben muss. Geben Sie sie zuerst jemand anderem.
done-recert-kept = Das Angehakte wurde bestätigt.
done-recert-removed = Das Angehakte wurde entfernt.
done-recert-nothing = Es wurde nichts ausgewählt.
event-role-kept = Rolle als weiterhin nötig bestätigt
event-role-spared = Rolle nicht rechtzeitig bestätigt, als letzte behalten
event-membership-kept = Mitgliedschaft als weiterhin nötig bestätigt
event-recertification-opened = Rezertifizierung begonnen
event-recertification-closed = Rezertifizierung beendet
message-recertification-due-subject = Rollen und Mitgliedschaften zu bestätigen im { $service }
message-recertification-due-text =
    Guten Tag { $name },

    im { $service } gibt es Rollen oder Gruppenmitgliedschaften Ihrer Personen, von denen noch niemand gesagt hat, dass sie weiterhin gebraucht werden. Was bis { $ends } nicht bestätigt ist, entfällt.

    Hier sehen Sie sie durch: { $link }
message-recertification-spared-subject = Der letzte Inhaber einer Rolle wurde nicht bestätigt: { $service }
message-recertification-spared-text =
    Guten Tag { $name },

    niemand hat rechtzeitig bestätigt, dass die Rolle „{ $role }“ bei „{ $organisation }“ noch gebraucht wird. Die letzte Person dort hat sie inne, deshalb bleibt sie im { $service }, bis Sie oder andere Administratoren entscheiden.
