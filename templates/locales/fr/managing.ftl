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
managing-title = Informations de gestion
managing-managers = Gestionnaires d’accès
managing-none = Aucune organisation ne gère ce niveau.
managing-since = Depuis
managing-action = Action
managing-administrators = Administrateurs
managing-history = Historique des modifications
managing-add = Ajouter un gestionnaire d’accès
managing-add-text = Les administrateurs de l’organisation que vous choisissez pourront alors administrer « { $level } », ses personnes et ses modules.
managing-manager = Organisation
managing-remove = Retirer
managing-remove-title = Retirer un gestionnaire d’accès
managing-remove-text = Ses administrateurs ne pourront plus administrer « { $level } », dès leur prochain clic.
managing-last = C’est le dernier. Ajoutez d’abord un autre gestionnaire d’accès.
managing-other-country = Seule une autre organisation du même pays peut être gestionnaire d’accès
managing-cannot = Vous ne pouvez pas transmettre ce que cette organisation y gagnerait
managing-already = Elle est déjà gestionnaire d’accès de ce niveau
managing-full = Ce niveau est déjà géré par autant d’organisations que possible
done-managing-removed = Le gestionnaire d’accès a été retiré.
levels-mine = Mes niveaux seulement
module-grant-text-groups = Les personnes de « { $level } » peuvent alors recevoir des groupes de cette application. Ses administrateurs les reçoivent tous par là même, et personne d’autre.
