# Services of levels, for those who connect personnel systems to them (docs/provisioning).

permission-service-manage = make services of { -place-en(form: "many") } and keep their secrets
services-title = Services
services-text = Personnel systems and identity providers that change people of your { -place-en(form: "many") } by themselves.
services-caption = { $count ->
    [one] { $count } service
   *[other] { $count } services
}
services-none = There are no services yet.
services-back = Back to the services
service-new = Create a service
service-new-text = It may do nothing until you give it a role. Its secret is shown once, on the next page. What you take of it ends when you may no longer manage it.
service-level = { -place-en(form: "One") }
service-level-hint = Where it belongs. This cannot be changed later.
service-name-hint = What it is, for example “Personnel system”.
service-error-many = This { -place-en } has as many services as it can have
service-may = What it may do
service-may-nothing = Nothing yet: give it a role.
service-roles = Roles of the service
service-roles-text = Over { $level }. You give no more than you hold yourself.
service-not-yours = You see this service, but it may do more than you, or something that only operators decide on: they manage it.
service-kept-by = taken by { $name }, ends with their right to manage this service
service-keeper-unseen = somebody else
service-stopped = An operator has disabled this service; only they can enable it again.
service-disable-text = “{ $name }” can change nothing any more. Its tokens stop working at once.
service-enable-text = “{ $name }” can work again with its secret and its fixed tokens. Access tokens that were stopped stay stopped.
