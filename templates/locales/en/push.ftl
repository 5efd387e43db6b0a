push-title = Push people to this application
push-intro = People and groups of { $client } can be pushed to its own SCIM server: whoever is in one of its groups, with the attributes that its tokens have.
push-to = Pushed to { $address }
push-is-active = Changes are pushed as they happen.
push-is-paused = Paused: nothing is pushed.
push-last = Last pushed: { $at }
push-failing = It fails as a whole ({ $answer }) and is tried again at { $at }.
push-compared = Everything was compared at { $at }: { $found }
push-found-nothing = nothing there yet
push-pause = Pause
push-resume = Push
push-settings = Where and how
push-preview = Preview
push-retry = Compare everything and try what failed
push-retry-title = Compare everything
push-retry-text = All that { $client } holds is compared with what it should hold, and what failed is tried again. This happens within seconds.
push-remove = Stop pushing for good
push-remove-title = Stop pushing for good
push-remove-text = Nothing is pushed to { $client } any more, and the address and the token are forgotten. Whoever was brought there stays: to take them out, pause, end their memberships and push once more before.
push-settings-title = Where and how people are pushed
push-url = Address of the SCIM server
push-url-hint = Without /Users, for example https://app.example/scim/v2
push-token = Bearer token
push-token-hint = Made in the application. It is kept encrypted and shown to nobody.
push-token-kept = Empty: the present one stays, as long as the address does.
push-user-name = User name there
push-user-name-user-name = The user name
push-user-name-email = The e-mail address
push-user-name-subject = The subject (sub) of its tokens
push-update = Changes are sent as
push-update-patch = PATCH: what the application keeps itself stays
push-update-put = PUT: the whole person, for servers without PATCH
push-leavers = Whoever may not enter any more
push-deleted = Whoever was deleted here
push-ending-deactivate = is deactivated there
push-ending-delete = is deleted there
push-with-groups = Push groups and their members, too
push-with-organisation = Tell which { -place-en } people belong to
push-adopt = Take over accounts and groups that are there under the same name
push-adopt-hint = Only while you move an application here: whoever can name people here could otherwise take over an account of that name there.
push-error-address = This address cannot be called: { $why }
push-error-base = The address of a SCIM server has neither “?” nor “#”
push-error-token = Enter the token for this address: visible characters without spaces
push-error-scope = This client has not the scope { $scope }, so it may not be told this name
push-error-third-party = People are asked before anything is told to this application, so nothing is pushed to it
push-refused-what = Who or what
push-refused-kind = Kind
push-kind-user = Person
push-kind-group = Group
push-kind-organisation = { -place-en(form: "One") }
push-kind-members = Members of a group
push-refused-answer = What the application said
push-refused-again = Tried again
push-refused-none = The application refuses nothing.
push-preview-title = What would be pushed
push-preview-groups = Groups: { $groups }.
push-preview-found = Compared with the application now: { $found }.
push-preview-failed = The application cannot be read: { $answer }.
push-preview-samples = Some of the people, as they would be sent
push-preview-resource = Resource
push-preview-nobody = Nobody is in a group of this application.
done-push-saved = Saved.
done-push-hurried = Everything is compared within seconds.
done-push-removed = Nothing is pushed to this application any more.
push-waiting = { $count ->
    [0] Nothing waits.
    [one] One change waits.
   *[other] { $count } changes wait.
}
push-people = { $count ->
    [0] It holds nobody whom we brought.
    [one] It holds one person whom we brought.
   *[other] It holds { $count } people whom we brought.
}
push-groups = { $count ->
    [0] It holds no group of ours.
    [one] It holds one group of ours.
   *[other] It holds { $count } groups of ours.
}
push-refused-caption = { $count ->
    [0] Nothing refused
    [one] One refused
   *[other] { $count } refused
}
push-preview-people = { $count ->
    [0] Nobody is in a group of this application.
    [one] One person is in a group of this application.
   *[other] { $count } people are in a group of this application.
}
push-found-same = { $count ->
    [one] one person as they should be
   *[other] { $count } people as they should be
}
push-found-missing = { $count ->
    [one] one person missing
   *[other] { $count } people missing
}
push-found-different = { $count ->
    [one] one person different
   *[other] { $count } people different
}
push-found-surplus = { $count ->
    [one] one person too many
   *[other] { $count } people too many
}
push-found-foreign = { $count ->
    [one] one account that is not ours
   *[other] { $count } accounts that are not ours
}
push-found-groups = { $count ->
    [one] one group missing or renamed
   *[other] { $count } groups missing or renamed
}
push-found-members = { $count ->
    [one] one membership different
   *[other] { $count } memberships different
}
push-found-foreign-members = { $count ->
    [one] one member who is not ours
   *[other] { $count } members who are not ours
}
push-preview-unseen = You see none of these people.
