# Users, their roles and memberships.
users-title = User Management
users-back = Back to users
users-create = Create a new user
users-select-level = Select { -place-en }
users-select-memberships = Select memberships
users-caption = Users in { $level }: { $count }
users-none = No user matches.
users-clear = Clear filters
users-export = Export as CSV
user-status = Status
actions = Actions
status-new = New
status-active = Active
status-expired = Expired
status-blocked = Blocked
status-deactivated = Deactivated
status-deleted = Deleted
user-password = Password
password-status-temporary = None chosen yet
password-status-valid = In use
password-status-blocked = Blocked
password-status-expired = Expired
user-assign = Assign memberships
user-personal-details = Personal details
user-contact-hidden = hidden
user-nameless = Person without a name
users-contact-hint = Looks only at users whose address you may see.
user-email-hint = We send the invitation here.
user-phone-hint = International format, for example +49 69 123456; used for sign-in codes.
user-company-id-hint = Only for applications that ask for it.
user-expires-hint = For temporary accounts: the last day on which the account works.
user-save-and-assign = Save and assign memberships
user-edit-title = Edit user
user-taken = There is an account with this email address already, here or elsewhere. If the person is to come to you, ask those who operate this service to move the account.
import-taken = There is an account with this email address already, with other details than these or at another place. It stays as it is.
user-known = { $name } exists already in { $level }, which you administer. No second account is needed.
user-known-open = Open { $name }
user-details-read-only = Only who administers users here can change these details.
user-no-memberships = No memberships.
roles = Roles
roles-sub-levels = What is ticked now also holds for all { -place-en(form: "subs") }
role-text-other = A role of this installation.
role-not-yours = You cannot grant or revoke this role here.
role-own = You cannot change your own roles.
role-elsewhere = Held over { $level } as well; change it there.
role-pending = waiting for confirmation
role-waits-for-phase = waiting for the phase { $phase }
role-limit = This role cannot be changed: the number of its holders would no longer be right.
role-reason-last = Nobody else holds this role here: say why it is taken away all the same.
role-duties = These roles may not be held together.
memberships-count = Memberships ({ $count })
memberships-search = Search groups
memberships-filter = Filter
memberships-none-found = No group matches.
done-user-created = The user has been created. The invitation is on its way.
done-user-saved = The changes have been saved.
done-user-deleted = The user has been deleted.
done-memberships-saved = The memberships have been saved.
memberships-hidden = { $count ->
    [one] Not shown: { $count } application that you do not administer
   *[other] Not shown: { $count } applications that you do not administer
}
user-delete-memberships = { $count ->
    [one] { $count } membership ends.
   *[other] { $count } memberships end.
}
user-delete-roles = { $count ->
    [one] { $count } administrator role ends.
   *[other] { $count } administrator roles end.
}
person = Person
users-reach = You administer: { $levels } { $below }
users-reach-many = You administer: { $levels } with many { -place-en(form: "subs") }
users-find-level = Find { -place-en(form: "a") } by name
users-levels-found = { $count ->
    [one] One { -place-en } of this name
   *[other] { $count } { -place-en(form: "many") } match; choose one
}
status-expiring = Expires within 30 days
user-last-modified = Last modified
user-account = Account
user-log = Audit log of this person
user-sessions = { $count ->
    [one] { $count } open
   *[other] { $count } open
}
user-invite = Send the activation link again
user-invite-text = A new link is mailed; it works for { $lasts }. Links sent before stop working.
user-recover = Start a password reset
user-recover-text = The person gets a link by email and chooses a new password with the help of their phone. You never see it.
user-unlock = Unlock sign-in
user-unlock-text = Wrong passwords and codes entered so far are forgotten, so that the person can try again.
user-sign-out = Sign out everywhere
user-sign-out-text = Every session of the person ends at once, in the portal and in the applications.
user-reactivate = Reactivate
user-reactivate-text = The person can sign in again with the same memberships and roles.
user-unblock = Unblock
user-unblock-text = The operator’s block is lifted.
user-stop-sign-in = The person is signed out everywhere at once and can no longer sign in.
user-deactivate = Deactivate
user-deactivate-title = Deactivate user
user-deactivate-intro = You are about to deactivate { $name }.
user-deactivate-undo = Memberships and roles are kept. You can reactivate the account at any time.
user-deactivate-now = Deactivate this user
user-factors = Take away ways to sign in
user-factors-title = Take away ways to sign in
user-factors-intro = You are about to take away every authenticator app, passkey and recovery code of { $name }: because they are lost, or somebody else has them.
user-factors-ways = { $count ->
    [0] All recovery codes no longer work.
    [one] One app or passkey, and all recovery codes, no longer work.
   *[other] { $count } apps and passkeys, and all recovery codes, no longer work.
}
user-factors-sessions = They are signed out everywhere, and no browser is remembered any more.
user-factors-phone = They sign in with their password and a code to their phone, as before.
user-factors-no-phone = There is no phone number: they cannot sign in before a number has been entered and has taken effect.
user-factors-undo = It cannot be undone: they add new ones themselves, once they have signed in. They are told by email.
user-factors-now = Take them away
user-block = Block
user-block-title = Block user
user-block-intro = You are about to block { $name }.
user-block-undo = Only an operator can lift the block; the customer’s administrators cannot.
user-block-now = Block this user
user-delete-title = Delete user
user-delete-intro = You are about to delete { $name }.
user-delete-undo = For { $lasts } the account can be restored from the status “Deleted” of the user list; memberships and roles do not come back.
user-delete-now = Delete this user
user-reason = Reason
user-reason-hint = Kept in the audit log.
user-last = This is the last holder of an administrator role. Grant the role to somebody else first, or ask the operator.
user-last-holder = This is the last { $role } of { $level }. Afterwards nobody there can do this work until somebody grants the role again.
user-last-refused = This is the last { $role } of { $level }. Grant the role to somebody else first, or ask the operator.
user-restore = Restore
user-restore-title = Restore user
user-restore-text = { $name } can sign in again.
user-restore-memberships = Memberships and roles do not come back by themselves: they have to be given again.
role-last = The last holder here; grant the role to somebody else before you take it away.
done-user-deactivated = The user has been deactivated.
done-user-blocked = The user has been blocked.
done-user-reactivated = The user has been reactivated.
done-user-unblocked = The user has been unblocked.
done-user-restored = The user has been restored.
done-user-invited = The activation link is on its way.
done-user-recovery = The link for a new password is on its way.
done-user-factors-taken = Their apps, passkeys and recovery codes have been taken away, and they are signed out.
done-user-unlocked = The person can try again.
done-user-name-told = It is recorded that the user name was told.
user-name-text = The user name of this account was made up and is in no mail. Tell it to its owner yourself: by phone, by letter or in person, never by mail.
user-name-title = User name
user-name-by = How it was told
user-name-by-phone = By phone
user-name-by-letter = By letter
user-name-by-person = In person
user-name-told = I have told it
done-user-signed-out = All sessions have been ended.
user-pending = This change takes effect when its owner agrees, or by itself on { $at }. Until then the old details are in force.
role-with-sub-levels = Includes { -place-en(form: "subs") }.
user-move = Move
user-move-title = Move user
user-move-text = { $name } moves to another { -place-en }. Roles that are not over the new { -place-en } end, and so do memberships that you could not give there.
user-move-level = New { -place-en }
user-move-roles-end = Roles that end
user-move-roles-stay = Roles that stay
user-move-groups-end = Memberships that end
user-move-groups-stay = Memberships that stay
user-move-none = None
user-hidden-memberships = Memberships of applications that you do not administer may end, too.
user-move-now = Move this user
user-move-changed = Something has changed since the preview. Look at it again.
done-user-moved = The user has been moved.
users-import = Import users
import-text = A CSV file in UTF-8 with a heading. Columns: email, given_name, family_name; besides, if you want, phone, organisation (the id of { -place-en(form: "a") }), company_id, subsidiary, expires. Each line stands for itself; the same file again changes nothing. Everybody who is created gets a mail.
import-file = CSV file
import-file-hint = Up to 500 people and 320 KiB
import-look = Look what would happen
import-do = Import
import-line = Line
import-name = Name
import-result = Result
import-new = would be created
import-created = created
import-unchanged = there already
import-refused = you may not create users there
import-would = Would be created: { $created }. There already: { $unchanged }. Not possible: { $wrong }.
import-done = Created: { $created }. There already: { $unchanged }. Not possible: { $wrong }.
import-error-file = This is not a CSV file in UTF-8
import-error-missing = The column “{ $column }” is missing
import-error-unknown = The column “{ $column }” is unknown or there twice
import-error-empty = Nobody is in this file
import-error-many = At most { $max } people at a time
import-error-organisation = “organisation” is no id of { -place-en(form: "a") }
import-error-twice = The same address is in line { $line }
import-too-many = Not checked: too many addresses of people elsewhere were asked for. Try again in an hour.
by-way-of = by way of { $name }
memberships-gives = Gives as well: { $names }
memberships-given-by = Given already by: { $names }
