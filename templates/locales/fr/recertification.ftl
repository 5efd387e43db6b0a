# Recertification : quels rôles et appartenances sont encore nécessaires.
recert-title = Recertification
recert-roles = Rôles à confirmer
recert-memberships = Appartenances à des groupes à confirmer
recert-confirm = Passer en revue
recert-what = Quoi
recert-count = En attente
recert-text = Cochez ce qui est encore nécessaire et conservez-le, ou cochez ce qui ne l’est plus et retirez-le. Ce que personne ne confirme avant son jour prend fin de lui-même.
recert-none = Rien n’attend de confirmation.
recert-others = À confirmer par un autre administrateur
recert-below = { $level } et au-dessous
recert-until = jusqu’au { $day }
recert-verb = Que faire de ce qui est coché
recert-keep = Conserver
recert-remove = Retirer
recert-submit = Appliquer
recert-last = Rien n’a été modifié : parmi ce qui est coché se trouve le dernier titulaire d’un rôle que quelqu’un doit détenir. Attribuez-le d’abord à quelqu’un d’autre.
done-recert-kept = Ce que vous avez coché a été confirmé.
done-recert-removed = Ce que vous avez coché a été retiré.
done-recert-nothing = Rien n’a été choisi.
event-role-kept = Rôle confirmé comme encore nécessaire
event-role-spared = Rôle non confirmé à temps, conservé comme le dernier
event-membership-kept = Appartenance confirmée comme encore nécessaire
event-recertification-opened = Recertification commencée
event-recertification-closed = Recertification terminée
message-recertification-due-subject = Rôles et appartenances à confirmer sur le { $service }
message-recertification-due-text =
    Bonjour { $name },

    sur le { $service }, personne n’a encore dit que certains rôles ou appartenances à des groupes de vos personnes sont encore nécessaires. Ce qui n’est pas confirmé avant le { $ends } est retiré.

    Passez-les en revue ici : { $link }
message-recertification-spared-subject = Le dernier titulaire d’un rôle n’a pas été confirmé sur le { $service }
message-recertification-spared-text =
    Bonjour { $name },

    personne n’a confirmé à temps que le rôle « { $role } » de « { $organisation } » est encore nécessaire. La dernière personne à cet endroit le détient, il reste donc sur le { $service } jusqu’à ce que vous ou un autre administrateur décidiez.
