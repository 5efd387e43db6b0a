# Recertification: which roles and memberships are still needed.
recert-title = Recertification
recert-roles = Roles to confirm
recert-memberships = Group memberships to confirm
recert-confirm = Look through
recert-what = What
recert-count = Waiting
recert-text = Tick what is still needed and keep it, or tick what is not and remove it. What nobody confirms by its day is taken away by itself.
recert-none = Nothing is waiting to be confirmed.
recert-others = To be confirmed by another administrator
recert-below = { $level } and below
recert-until = until { $day }
recert-verb = What to do with those ticked
recert-keep = Keep
recert-remove = Remove
recert-submit = Apply
recert-last = Nothing was changed: among those ticked is the last holder of a role that somebody must hold. Give it to somebody else first.
done-recert-kept = What you ticked has been confirmed.
done-recert-removed = What you ticked has been removed.
done-recert-nothing = Nothing was chosen.
event-role-kept = Role confirmed as still needed
event-role-spared = Role not confirmed in time, kept as the last one
event-membership-kept = Membership confirmed as still needed
event-recertification-opened = Recertification begun
event-recertification-closed = Recertification over
message-recertification-due-subject = Roles and memberships to confirm at the { $service }
message-recertification-due-text =
    Hello { $name },

    at the { $service } there are roles or group memberships of your people of which nobody has said yet that they are still needed. What is not confirmed by { $ends } is taken away.

    Look through them here: { $link }
message-recertification-spared-subject = The last holder of a role was not confirmed at the { $service }
message-recertification-spared-text =
    Hello { $name },

    nobody confirmed in time that the role “{ $role }” at “{ $organisation }” is still needed. It is held by the last person there, so it stays at the { $service } until you or another administrator decide.
