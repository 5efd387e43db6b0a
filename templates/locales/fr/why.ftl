# Pourquoi quelqu’un peut faire quelque chose, qui d’autre le peut, et ce que quelqu’un détient.
why-title = Qui peut faire quoi
why-of = Qui peut faire quoi : { $name }
why-text = Les réponses sont celles de la décision elle-même, telle qu’elle est maintenant, avec les rôles qui la fondent : le plus proche d’abord, puis celui par lequel il a été donné. D’un rôle hors de votre périmètre, il est dit seulement qu’il existe ; les personnes hors de celui-ci ne sont pas nommées.
why-who = Adresse e-mail de quelqu’un d’autre
why-who-hint = Vide : vous
why-you = Vous
why-nobody = Personne dans votre périmètre n’a cette adresse
why-group = Code d’un groupe
why-no-group = Il n’y a pas de tel groupe dans votre périmètre
why-caption = Ce qui peut être fait, et par qui : { $who }
why-action = Quoi
why-may = Réponse
why-others = Qui d’autre
why-more = et { $count } autres
why-unnamed = { $count ->
    [one] une autre personne ou un autre service, sans nom ici
   *[other] { $count } autres personnes ou services, sans nom ici
}
why-link = { $role } de { $place }, donné par { $by }
why-managing = { $place }, qui en est gestionnaire d’accès
why-country = { $place }, pour tout son pays
why-below = { $level } et en dessous
why-hidden = un rôle hors de votre vue
why-console = la console
why-somebody = quelqu’un hors de votre vue
why-user-read = Voir le compte
why-user-contact = Voir l’adresse e-mail et le numéro de téléphone
why-user-update = Modifier les données
why-user-reset = Lancer une récupération
why-user-block = Bloquer le compte
why-user-delete = Supprimer le compte
why-membership = Mettre dans le groupe { $group }
why-grant = Donner ici le rôle { $role }
why-level-read = Voir { -place-fr(form: "the") }
why-level-roles = Voir qui détient des rôles ici
why-level-users = Créer des utilisateurs ici
why-level-below = Créer des { -place-fr(form: "many") } en dessous
why-level-update = Modifier { -place-fr(form: "the") }
why-not-found = C’est hors du périmètre.
why-not-permitted = Aucun rôle ne le permet ici.
why-outranked = La personne détient des droits d’administration plus étendus.
why-own-account = Personne ne le fait à son propre compte.
why-inactive = { -place-fr(form: "The") } est { -place-fr.gender ->
    [feminine] désactivée
   *[masculine] désactivé
 }.
why-module-missing = { -place-fr(form: "The") } n’a pas accès au module de cette application.
why-module-suspended = L’accès { -place-fr(form: "of_the") } à cette application est suspendu.
why-invalid-grant = Ce rôle ne peut pas être donné pour ce périmètre.
why-outlives = Le rôle par lequel il pourrait être donné se termine avant.
why-project-over = Le projet est terminé.
why-stands-above = Un gestionnaire d’accès ne peut pas faire partie de ce qu’il gère.
why-other-country = { -place-fr(form: "A") } ne peut en gérer d’autres que dans son pays.
why-own-proposal = Quelqu’un d’autre doit le confirmer.
why-step-up = Un second facteur est d’abord demandé.
holds-title = Ce que ses rôles permettent
holds-of = Ce que { $name } peut faire
holds-text = Les rôles que vous voyez, et ce que chacun permet maintenant.
holds-nothing = rien pour le moment
holds-none = Vous ne voyez aucun de ses rôles.
holds-without = Ce qui se terminerait
holds-without-title = Sans { $role }
holds-without-text = Si ce rôle est retiré, { $name } perd ce qui est indiqué ici, dès son prochain clic. Rien n’a été modifié.
holds-ends = Se terminerait
holds-handed-on = Transmis par ce rôle
holds-deputy = supplée par ce rôle
why-many = Plus de mille personnes et services détiennent des rôles qui s’étendent jusqu’ici ; on n’a pas demandé pour tous.
