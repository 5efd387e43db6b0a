# Organisations qui en gèrent d’autres : gestionnaires d’accès.
permission-access-manager-manage = ajouter et retirer des gestionnaires d’accès
permission-access-manager-self-add = faire de leur propre niveau un gestionnaire d’accès
scope-managed = { $count ->
    [0] (les niveaux qu’il gère : aucun)
    [one] le niveau qu’il gère ({ $count })
   *[other] les { $count } niveaux qu’il gère
}
pattern-managed = Sur ce que leur niveau gère
pattern-country = Dans le pays d’un niveau qui en gère d’autres
pattern-by-itself = D’office
pattern-first-user = La première personne d’un niveau le reçoit.
pattern-auto-groups = Qui le détient reçoit tous les groupes d’un module accordé à son niveau.
event-access-manager-added = Gestionnaire d’accès ajouté
event-access-manager-removed = Gestionnaire d’accès retiré
message-manager-added-subject = Un autre gestionnaire d’accès dans { $service }
message-manager-added-text =
    Bonjour { $name },

    « { $organisation } », que votre organisation gère dans { $service }, est désormais gérée aussi par « { $manager } ».

    Si cela vous surprend, consultez les informations de gestion de « { $organisation } ».
