# Module access: which levels may use an application that asks for it.
permission-module-manage = manage module access
modules-title = Module access
modules-none = This { -place-en } has no module access.
module-kind = Role in the module
module-kind-authority = Authority
module-kind-coordinator = Coordinator
module-kind-hint = A coordinator can be named by authorities.
module-kind-fixed = Can be changed only while the access is suspended
module-suspended = Suspended
module-since = Since
module-by = By
module-granted = First granted
module-granted-by = Granted by
module-coordinators = Linked coordinators
module-no-coordinators = There is no active coordinator of this module whom you can see.
module-coordinator-missing = Name at least one linked coordinator
module-coordinator-forbidden = No coordinator can be named here
module-coordinator-wrong = One of them is not an active coordinator of this module
module-named = Other { -place-en(form: "many") } name this one as their coordinator
module-grant = Grant access
module-grant-title = Grant module access
module-grant-choose = For “{ $level }”
module-choose = Which module
module-none-left = There is no further module to grant.
module-grant-text = People of “{ $level }” can then get groups of this application. Nobody gets one by this.
module-edit = Change module access
module-suspend = Suspend
module-suspend-title = Suspend module access
module-suspend-text = The application is told that this { -place-en } may only complete what is under way, and neither begin nor receive anything new.
module-suspend-text-2 = Memberships stay, people can still sign in, and nobody can be added.
module-regrant = Give back
module-regrant-title = Give module access back
module-regrant-text = The application is told that this { -place-en } may work without limits again.
module-regrant-text-2 = Role, linked coordinators and memberships are as they were.
modules-suspend-all = Suspend all module access
modules-suspend-all-text = Of “{ $level }” and all below it:
modules-in-the-way = “{ $level }” cannot be deactivated yet: this module access is still active.
modules-suspended-by-others = Whoever manages the module access suspends it first.
modules-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
done-module-granted = The module access has been granted. Give memberships to the people who need it.
done-module-changed = The module access has been changed.
done-module-suspended = The module access has been suspended.
done-module-regranted = The module access has been given back.
done-modules-suspended = The module access has been suspended. The { -place-en } can be deactivated now.
memberships-no-module = The { -place-en } of this person has no access to this module.
memberships-module-suspended = The module access of this person’s { -place-en } is suspended: nobody can be added.
application-module-access = { -place-en(form: "Many") } need module access
application-module-access-hint = Only people of { -place-en(form: "many") } that hold the module get groups and can sign in. Switched on, nobody can until it is granted.
application-module-access-short = Module access required
application-coordinators = Linked coordinators of authorities
application-coordinators-hint = Only for applications that need module access.
application-coordinators-forbidden = None
application-coordinators-optional = As wished
application-coordinators-required = At least one
event-module-granted = Module access granted
event-module-changed = Module access changed
event-module-suspended = Module access suspended
event-module-regranted = Module access given back
event-organisation-deleted = { -place-en(form: "One") } deleted
level-deletion = Will be deleted
level-deactivate-deletion = Unless it is reactivated, it is deleted with its accounts in { $lasts }.
level-deletion-waits = when no { -place-en } stands below it any more
message-organisation-ending-subject = { -place-en(form: "A") } will be deleted from the { $service }
message-organisation-ending-text =
    Hello { $name },

    the deactivated { -place-en } “{ $link }” will be deleted from the { $service } with its accounts in { $lasts }.

    Whoever administers it at the { $service } can stop this until then by reactivating it.
module-classification = Classification
module-settings = Settings
module-setting-none = Not chosen
module-setting-wrong = “{ $field }” is not as this module wants it:
module-class-unknown = “{ $code }” is no longer in the classification of this module
module-catalogue = Classification and settings of the module
module-classes-hint = One class per line: CODE = label. For other languages, a line CODE.de = label after it.
module-classes-wrong = The classification cannot be read:
module-settings-schema = Settings (JSON Schema)
module-settings-schema-hint = An object with up to 30 properties: true or false, text, a number, one of several, or some of several. Without it, the module has no settings.
module-settings-schema-wrong = The settings cannot be used:
