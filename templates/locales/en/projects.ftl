# Projects, nominations, requests for revocations.
event-nomination-made = Somebody was nominated for a role
event-nomination-accepted = Nomination accepted
event-nomination-declined = Nomination declined
event-nomination-withdrawn = Nomination withdrawn
event-nomination-lapsed = Nomination lapsed: it could no longer be made
event-user-self-registered = Account made by its owner on an invitation
event-role-revocation-requested = Revocation of a role requested
event-role-revocation-declined = Request to revoke a role declined
event-project-created = Project created
event-project-phase = Project came to another phase
event-project-joined = { -place-en(form: "One") } joined a project
event-project-left = { -place-en(form: "One") } left a project
subject-nomination = a nomination
subject-project = a project

message-nomination-subject = { $service }: you are nominated for a role
message-nomination-text =
    Hello,

    you are nominated as { $role } for { $organisation }.
    Open this link to answer; if you have no account yet, you can make one there and accept:

    { $link }

    The link works for { $lasts }. If you do not know of it, you need not do anything.

menu-projects = My Projects
menu-organisations = My { -place-en(form: "Many") }
menu-tasks = My Tasks

projects-title = My Projects
projects-caption = Projects, by their code
projects-none = You have no role in a project.
projects-all-none = There are no projects yet.
project-new = Create a project
project-back = Back to My Projects
project-code = Code
project-code-hint = The acronym or number by which people know it, without blanks
project-name = Title
project-phase = Phase
project-coordinator = Coordinating { -place-en }
project-participants = Participating { -place-en(form: "many") }
project-roles = Roles
project-table-cut = Only the first { $count } rows are shown here.
project-roles-none = Nobody holds a role here yet.
project-nominations = Nominated, waiting for an answer
project-nominations-none = Nobody is waiting for an answer.
project-created = Created
project-over = Over
project-coordinates = Coordinates
project-takes-part = Takes part
project-next = Go on to another phase
project-next-title = Go on to another phase
project-next-text = { $project } is in the phase “{ $phase }”. Roles that wait for the new phase take effect. There is no way back; in the last phase the project is over and nobody is given a role any more.
project-to-phase = New phase
project-add = Add { -place-en(form: "a") }
project-add-title = Add { -place-en(form: "a") } to { $project }
project-remove = Remove
project-remove-title = Remove { $organisation } from { $project }
project-remove-text = Everything that is held or proposed for this { -place-en } in this project ends at once.
project-error-code = Use a code without blanks
project-error-code-taken = There is a project with this code already
project-error-organisation = Choose an active { -place-en }
project-error-takes-part = This { -place-en } takes part already
project-error-many = At most 200 { -place-en(form: "many") } take part in a project
project-error-phase = Choose a later phase
done-project-created = The project was created.
done-project-changed = The project was changed.

organisations-title = My { -place-en(form: "Many") }
organisations-none = You represent no { -place-en }.
organisations-caption = { -place-en(form: "Many") } that you represent
organisation-roles-back = Back to My { -place-en(form: "Many") }
organisation-own-roles = Roles of the { -place-en }
organisation-project-roles = Roles in its projects

nominate = Nominate
nominate-title = Nominate for a role
nominate-text = Whoever owns the email address gets a link by which they accept. If they have no account yet, they can make one there. You are told the same in both cases.
nominate-role = Role and { -place-en }
nominate-email = Email of the person
nominate-email-hint = The professional address with which they sign in
nominate-until = Until (optional)
nominate-nothing = There is no role here for which you can nominate.
nominate-error-oneself = You cannot nominate yourself
nominate-error-already = This address is nominated for this role already
nominate-error-full = At most { $max } may hold this role here, those nominated included
nominate-error-many = You have nominated many people within an hour; go on later
nominate-error-requires = This person must hold the role { $role } of the same { -place-en } first
nominate-error-held = This person holds the role already
nominate-error-not-now = You may not nominate for this role here
nominate-error-too-long = Your own role ends before that
done-nominated = The nomination was sent.
done-assigned = The role was given.

assign-signatory = Assign
assign-title = Assign { $role }
assign-text = Only those who hold { $required } of the same { -place-en } can be chosen.
assign-person = Person
assign-nobody = Nobody of your { -place-en } holds { $required } yet.

withdraw = Withdraw
withdraw-title = Withdraw the nomination
withdraw-text = { $email } is nominated as { $role }. The link that was sent to them will lead nowhere.
done-withdrawn = The nomination was withdrawn.

revoke = Revoke
revoke-title = Revoke a role
revoke-text = { $person } loses the role { $role } at once.
revoke-along = { $role } in a project ends with it
revoke-last = This is the last { $role } here. Nominate another one first.
revoke-reason = Reason
revoke-reason-last = This is the last { $role } here: say why it is taken all the same
done-revoked = The role was revoked.

ask-revoke = Request to revoke
ask-title = Request to revoke a role
ask-text = You cannot revoke this role yourself. Those who can are told, and you see their answer under My Tasks.
ask-already = Somebody has asked for this already
done-asked = Your request was sent.

tasks-title = My Tasks
tasks-nominations = You are nominated
tasks-nominations-none = Nobody has nominated you.
tasks-asked-by = Asked by
tasks-requests = Requests to revoke that you can answer
tasks-requests-none = Nothing is waiting for your answer.
tasks-asked = What you have asked for
tasks-asked-none = You have asked for nothing.
tasks-from = For
tasks-until = Answer until
tasks-answer = Answer
task-accept = Answer
task-decline = Decline
decline-title = Decline the request
decline-text = The role stays. Whoever asked reads your reason.
done-declined = The request was declined.
tasks-proposed = Roles that wait for your confirmation
tasks-proposed-by = Proposed by
task-confirm = Confirm
task-reject = Refuse
confirm-title = Confirm a role
confirm-text = Somebody else proposed this role. It has effect as soon as you confirm it.
done-role-confirmed = The role has been confirmed.
reject-title = Refuse a role
reject-text = The role will not be given. Your reason is kept with it.
done-role-rejected = The role has been refused.
request-open = Waiting
request-granted = Revoked
request-declined = Declined

nomination-title = You are nominated
nomination-text = You are nominated as { $role } for { $organisation }.
nomination-project = In the project { $project }.
nomination-by = Named by { $name }.
nomination-accept = Accept
nomination-decline = Decline
nomination-sign-in = Sign in to answer
nomination-sign-in-text = There is an account with this address. Sign in with it to accept or decline.
nomination-other = You are signed in with another address. Sign out and open the link again.
nomination-over-title = This link does not work any more
nomination-over-text = The nomination was answered or withdrawn, or it has run out. Ask whoever nominated you for a new one.
nomination-refused-title = You have declined
nomination-refused-text = Thank you for the answer. No account was made, and there is nothing more to do.
nomination-register = Make an account and accept
nomination-register-text = You have no account yet. Enter your details; then you choose a password and prove your phone number.
nomination-lapsed = Whoever nominated you may no longer give this role. Ask them.
done-nomination-accepted = You have accepted.
done-nomination-declined = You have declined.

permission-project-read = see projects and who holds roles in them
permission-project-manage = create projects and carry them through their phases
role-scope-project = a project
role-scope-project-organisation = { -place-en(form: "a") } in a project
relation-same-project = in the same project
relation-same-project-and-organisation = in the same project, of the same { -place-en }
organisation-column = { -place-en(form: "One") }
project-column = Project

message-revocation-asked-subject = { $service }: a request waits for you
message-revocation-asked-text =
    Hello { $name },

    somebody asks that a role be revoked, which you can do. Their reason stands under My Tasks; revoke the role or decline there:

    { $link }
message-revocation-answered-subject = { $service }: your request was answered
message-revocation-answered-text =
    Hello { $name },

    your request to revoke a role was answered. The answer stands under My Tasks:

    { $link }
message-role-proposed-subject = { $service }: a role waits for your confirmation
message-role-proposed-text =
    Hello { $name },

    somebody proposed a role. It has effect only once somebody else confirms it, which you can do. It stands under My Tasks; confirm or refuse it there:

    { $link }
message-role-gained-subject = { $service }: you were given a role
message-role-gained-text =
    Hello { $name },

    you were given the role “{ $role }” at “{ $organisation }”. What you can do with it stands here:

    { $link }

    If you do not know why, ask your administrator.
message-role-lost-subject = { $service }: you hold a role no longer
message-role-lost-text =
    Hello { $name },

    you do not hold the role “{ $role }” at “{ $organisation }” any more. If you do not know why, ask your administrator:

    { $link }
message-nomination-accepted-subject = { $service }: a role that you offered was accepted
message-nomination-accepted-text =
    Hello { $name },

    somebody whom you nominated for the role “{ $role }” at “{ $organisation }” accepted it. Who holds it stands here:

    { $link }
message-nomination-declined-subject = { $service }: a role that you offered was declined
message-nomination-declined-text =
    Hello { $name },

    somebody whom you nominated for the role “{ $role }” at “{ $organisation }” declined. Who holds it stands here:

    { $link }
message-role-confirmed-subject = { $service }: a role that you proposed was confirmed
message-role-confirmed-text =
    Hello { $name },

    somebody else confirmed the role “{ $role }” at “{ $organisation }” that you proposed. Who holds it stands here:

    { $link }
message-role-refused-subject = { $service }: a role that you proposed was refused
message-role-refused-text =
    Hello { $name },

    somebody else refused the role “{ $role }” at “{ $organisation }” that you proposed; it was not given. If you do not know why, ask those who confirm such roles. Who it was about stands here:

    { $link }
nominate-error-duties = This person holds, or is to hold, a role here that excludes this one
project-contact = Contact person of the coordinating { -place-en }
project-contact-hint = The e-mail address that the proposal gives; whoever owns it is asked to accept
project-error-oneself = You cannot name yourself
project-offered-more = Only the first { $count } are offered here. Search for a part of the name.
project-offered-none = Nothing in use has this name.
