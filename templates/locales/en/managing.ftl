# Organisations that manage others: Access Managers.
permission-access-manager-manage = add and remove Access Managers
permission-access-manager-self-add = make their own level an Access Manager
scope-managed = { $count ->
    [0] (the levels that it manages: none)
    [one] the { $count } level that it manages
   *[other] the { $count } levels that it manages
}
pattern-managed = Over what their level manages
pattern-country = In the country of a level that manages others
pattern-by-itself = By itself
pattern-first-user = The first person of a level gets it.
pattern-auto-groups = Whoever holds it gets all groups of a module that is granted to their level.
event-access-manager-added = Access Manager added
event-access-manager-removed = Access Manager removed
message-manager-added-subject = Another Access Manager at { $service }
message-manager-added-text =
    Hello { $name },

    “{ $organisation }”, which your organisation manages at { $service }, is now managed by “{ $manager }” as well.

    If you do not expect this, look at the management information of “{ $organisation }”.
