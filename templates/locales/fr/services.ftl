# Services de niveaux, pour qui raccorde des systèmes du personnel (docs/provisioning).

permission-service-manage = créer des services { -place-fr(form: "of_many") } et garder leurs secrets
services-title = Services
services-text = Les systèmes du personnel et fournisseurs d’identité qui modifient d’eux-mêmes les personnes de vos { -place-fr(form: "many") }.
services-caption = { $count ->
    [one] { $count } service
   *[other] { $count } services
}
services-none = Il n’y a pas encore de service.
services-back = Retour aux services
service-new = Créer un service
service-new-text = Il ne peut rien tant que vous ne lui donnez pas de rôle. Son secret est montré une fois, à la page suivante. Ce que vous en prenez prend fin quand vous ne pouvez plus le gérer.
service-level = { -place-fr(form: "One") }
service-level-hint = À quoi il appartient. Cela ne peut pas être changé ensuite.
service-name-hint = Ce qu’il est, par exemple « Système du personnel ».
service-error-many = { -place-fr(form: "This") } a autant de services que possible
service-may = Ce qu’il peut faire
service-may-nothing = Rien encore : donnez-lui un rôle.
service-roles = Rôles du service
service-roles-text = Sur { $level }. Vous ne donnez pas plus que ce que vous avez.
service-not-yours = Vous voyez ce service, mais il peut plus que vous, ou quelque chose dont seuls les exploitants décident : ils le gèrent.
service-kept-by = pris par { $name }, prend fin avec son droit de gérer ce service
service-keeper-unseen = quelqu’un d’autre
service-stopped = Un exploitant a désactivé ce service ; seuls les exploitants peuvent le réactiver.
service-disable-text = « { $name } » ne peut plus rien changer. Ses jetons cessent aussitôt d’être valables.
service-enable-text = « { $name } » peut de nouveau travailler avec son secret et ses jetons fixes. Les jetons d’accès arrêtés le restent.
