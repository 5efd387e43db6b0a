# Organisations that manage others: Access Managers.
permission-access-manager-manage = add and remove Access Managers
permission-access-manager-self-add = make their own { -place-en } an Access Manager
scope-managed = { $count ->
    [0] (the { -place-en(form: "many") } that it manages: none)
    [one] the { $count } { -place-en } that it manages
   *[other] the { $count } { -place-en(form: "many") } that it manages
}
pattern-managed = Over what their { -place-en } manages
pattern-country = In the country of { -place-en(form: "a") } that manages others
pattern-by-itself = By itself
pattern-first-user = The first person of { -place-en(form: "a") } gets it.
pattern-auto-groups = Whoever holds it gets all groups of a module that is granted to their { -place-en }.
event-access-manager-added = Access Manager added
event-access-manager-removed = Access Manager removed
message-manager-added-subject = Another Access Manager at the { $service }
message-manager-added-text =
    Hello { $name },

    “{ $organisation }”, which you administer at the { $service }, is now managed by “{ $manager }” as well.

    If you do not expect this, look at the management information of “{ $organisation }”.
managing-title = Management information
managing-managers = Access Managers
managing-none = No other { -place-en } manages this one.
managing-since = Since
managing-action = Action
managing-administrators = Administrators
managing-history = History of updates
managing-add = Add an Access Manager
managing-add-text = The Administrators of the { -place-en } that you choose can then administer “{ $level }”, its people and its modules.
managing-manager = { -place-en(form: "One") }
managing-remove = Remove
managing-remove-title = Remove an Access Manager
managing-remove-text = Its Administrators can no longer administer “{ $level }”, from their next click on.
managing-last = It is the last one. Add another Access Manager first.
managing-stands-above = { -place-en(form: "A") } cannot manage one that it belongs to
managing-other-country = Only another { -place-en } of the same country can be an Access Manager
managing-cannot = You cannot hand on what this { -place-en } would gain by it
managing-already = It is an Access Manager of this { -place-en } already
managing-full = As many { -place-en(form: "many") } manage this one as can
done-managing-added = The Access Manager has been added.
done-managing-removed = The Access Manager has been removed.
levels-mine = My { -place-en(form: "many") } only
module-grant-text-groups = People of “{ $level }” can then get groups of this application. Its Administrators get all of them by this, nobody else gets any.
