# Accès aux modules : quels niveaux peuvent utiliser une application qui le demande.
permission-module-manage = gérer l’accès aux modules
modules-title = Accès aux modules
modules-none = { -place-fr(form: "This") } n’a accès à aucun module.
module-kind = Rôle dans le module
module-kind-authority = Autorité
module-kind-coordinator = Coordinateur
module-kind-hint = Un coordinateur peut être désigné par des autorités.
module-kind-fixed = Modifiable seulement pendant que l’accès est suspendu
module-suspended = Suspendu
module-since = Depuis
module-by = Par
module-granted = Accordé pour la première fois
module-granted-by = Accordé par
module-coordinators = Coordinateurs liés
module-no-coordinators = Il n’y a aucun coordinateur actif de ce module que vous puissiez voir.
module-coordinator-missing = Désignez au moins un coordinateur
module-coordinator-forbidden = Aucun coordinateur ne peut être désigné ici
module-coordinator-wrong = L’un d’eux n’est pas un coordinateur actif de ce module
module-named = D’autres { -place-fr(form: "many") } désignent { -place-fr(form: "this") } comme leur coordinateur
module-grant = Accorder l’accès
module-grant-title = Accorder l’accès à un module
module-grant-choose = Pour « { $level } »
module-choose = Quel module
module-none-left = Il n’y a plus de module à accorder.
module-grant-text = Les personnes de « { $level } » peuvent alors recevoir des groupes de cette application. Personne n’en reçoit par là même.
module-edit = Modifier l’accès au module
module-suspend = Suspendre
module-suspend-title = Suspendre l’accès au module
module-suspend-text = L’application apprend que { -place-fr(form: "this") } peut seulement achever ce qui est en cours, sans rien commencer ni recevoir de nouveau.
module-suspend-text-2 = Les appartenances restent, les personnes peuvent encore se connecter, et personne ne peut être ajouté.
module-regrant = Rendre
module-regrant-title = Rendre l’accès au module
module-regrant-text = L’application apprend que { -place-fr(form: "this") } peut de nouveau travailler sans limite.
module-regrant-text-2 = Rôle, coordinateurs et appartenances sont comme avant.
modules-suspend-all = Suspendre tout accès aux modules
modules-suspend-all-text = De « { $level } » et de tout ce qui est au-dessous :
modules-in-the-way = La désactivation de « { $level } » n’est pas encore possible : cet accès aux modules est encore actif.
modules-suspended-by-others = La personne qui gère l’accès aux modules le suspend d’abord.
modules-more = { $count ->
    [one] et { $count } de plus
   *[other] et { $count } de plus
}
done-module-granted = L’accès au module a été accordé. Donnez les appartenances aux personnes qui en ont besoin.
done-module-changed = L’accès au module a été modifié.
done-module-suspended = L’accès au module a été suspendu.
done-module-regranted = L’accès au module a été rendu.
done-modules-suspended = L’accès aux modules a été suspendu. La désactivation { -place-fr(form: "of_the") } est maintenant possible.
memberships-no-module = { -place-fr(form: "The") } de cette personne n’a pas accès à ce module.
memberships-module-suspended = L’accès au module { -place-fr(form: "of_the") } de cette personne est suspendu : personne ne peut être ajouté.
application-module-access = Les { -place-fr(form: "many") } ont besoin d’un accès au module
application-module-access-hint = Seules les personnes { -place-fr(form: "of_many") } qui ont le module reçoivent des groupes et peuvent se connecter. Une fois activé, personne ne le peut avant qu’il soit accordé.
application-module-access-short = Accès au module requis
application-coordinators = Coordinateurs liés des autorités
application-coordinators-hint = Seulement pour les applications qui demandent un accès au module.
application-coordinators-forbidden = Aucun
application-coordinators-optional = Au choix
application-coordinators-required = Au moins un
event-module-granted = Accès au module accordé
event-module-changed = Accès au module modifié
event-module-suspended = Accès au module suspendu
event-module-regranted = Accès au module rendu
event-organisation-deleted = { -place-fr(form: "One") } { -place-fr.gender ->
    [feminine] supprimée
   *[masculine] supprimé
 }
level-deletion = Suppression prévue
level-deactivate-deletion = Sans réactivation, { -place-fr(form: "this") } et ses comptes sont supprimés dans { $lasts }.
level-deletion-waits = quand il n’y aura plus { -place-fr(form: "of") } au-dessous
message-organisation-ending-subject = Suppression prochaine { -place-fr(form: "of_a") } sur le { $service }
message-organisation-ending-text =
    Bonjour { $name },

    { -place-fr(form: "the") } « { $link } » et ses comptes seront supprimés du { $service } dans { $lasts }, à la suite de sa désactivation.

    Qui l’administre sur le { $service } peut l’empêcher d’ici là par une réactivation.
module-classification = Classification
module-settings = Paramètres
module-setting-none = Non choisi
module-setting-wrong = « { $field } » n’est pas tel que ce module le demande :
module-class-unknown = « { $code } » ne figure plus dans la classification de ce module
module-catalogue = Classification et paramètres du module
module-classes-hint = Une classe par ligne : CODE = libellé. Pour les autres langues, une ligne CODE.de = libellé ensuite.
module-classes-wrong = La classification est illisible :
module-settings-schema = Paramètres (JSON Schema)
module-settings-schema-hint = Un objet d’au plus 30 propriétés : oui ou non, texte, nombre, un choix ou plusieurs choix. Sans schéma, le module n’a pas de paramètres.
module-settings-schema-wrong = Les paramètres sont inutilisables :
