# Organisations qui en gèrent d’autres : gestionnaires d’accès.
permission-access-manager-manage = ajouter et retirer des gestionnaires d’accès
permission-access-manager-self-add = faire de leur propre { -place-fr } un gestionnaire d’accès
scope-managed = { $count ->
    [0] (rien sous sa gestion)
    [one] ({ $count } { -place-fr } sous sa gestion)
   *[other] ({ $count } { -place-fr(form: "many") } sous sa gestion)
}
pattern-managed = Sur ce que leur { -place-fr } gère
pattern-country = Dans le pays { -place-fr(form: "of_a") } qui en gère d’autres
pattern-by-itself = D’office
pattern-first-user = La première personne { -place-fr(form: "of_a") } le reçoit.
pattern-auto-groups = Qui le détient reçoit tous les groupes d’un module accordé à son { -place-fr }.
event-access-manager-added = Gestionnaire d’accès ajouté
event-access-manager-removed = Gestionnaire d’accès retiré
message-manager-added-subject = Un autre gestionnaire d’accès sur le { $service }
message-manager-added-text =
    Bonjour { $name },

    « { $manager } » gère désormais aussi « { $organisation } », que vous administrez sur le { $service }.

    Si cela vous surprend, consultez les informations de gestion de « { $organisation } ».
managing-title = Informations de gestion
managing-managers = Gestionnaires d’accès
managing-none = { -place-fr(form: "This") } n’a aucun gestionnaire d’accès.
managing-since = Depuis
managing-action = Action
managing-administrators = Administrateurs
managing-history = Historique des modifications
managing-add = Ajouter un gestionnaire d’accès
managing-add-text = Les administrateurs { -place-fr(form: "of_the") } que vous choisissez pourront alors administrer « { $level } », ses personnes et ses modules.
managing-manager = { -place-fr(form: "One") }
managing-remove = Retirer
managing-remove-title = Retirer un gestionnaire d’accès
managing-remove-text = Ses administrateurs ne pourront plus administrer « { $level } », dès leur prochain clic.
managing-last = C’est le dernier. Ajoutez d’abord un autre gestionnaire d’accès.
managing-stands-above = Un gestionnaire d’accès ne peut pas faire partie de ce qu’il gère
managing-other-country = { -place-fr.gender ->
    [feminine] Seule une autre
   *[masculine] Seul un autre
 } { -place-fr } du même pays peut être gestionnaire d’accès
managing-cannot = Vous ne pouvez pas transmettre ce que { -place-fr(form: "this") } y gagnerait
managing-already = Ce gestionnaire d’accès a déjà été ajouté
managing-full = { -place-fr(form: "This") } a déjà autant de gestionnaires d’accès que possible
done-managing-added = Le gestionnaire d’accès a été ajouté.
done-managing-removed = Le gestionnaire d’accès a été retiré.
levels-mine = Mes { -place-fr(form: "many") } seulement
module-grant-text-groups = Les personnes de « { $level } » peuvent alors recevoir des groupes de cette application. Ses administrateurs les reçoivent tous par là même, et personne d’autre.
