# Inviting authorities to register themselves, what they enter, and deciding on it.
menu-invitations = Invitations
invitations-title = Invitations to register
invitations-back = Back to invitations
invitations-caption = { $count ->
    [one] { $count } invitation
   *[other] { $count } invitations
}
invitations-none = There is no such invitation.
invitation-new = Invite { -place-en(form: "a") }
invitation-text = The { -place-en } gets a link by email, enters its data itself, and exists only when they have been validated.
invitation-name = Name of the { -place-en }
invitation-name-hint = As far as you know it; the { -place-en } enters its official name itself.
invitation-email-hint = The link works for whoever reads the mail of this address, who also becomes the first user.
invitation-language = Language of the mail
invitation-message = Message
invitation-message-hint = The { -place-en } reads it on its page.
invitation-send = Send it now
invitation-send-hint = Otherwise it is kept as a draft that can be sent later.
invitation-invite = Save invitation
invitation-already = This address is invited to this place already
invitation-many = There are too many invitations of yours, or to this address. Go on later.
invitation-by = Invited by
invitation-at = Invited
invitation-sent = Last link sent
invitation-until = Link works until
invitation-registered = Submitted
invitation-send-now = Send now
invitation-again = Send another link
invitation-withdraw-title = Withdraw invitation
invitation-withdraw-text = The link of “{ $name }” ({ $email }) will not work any more.
done-invitation-sent = The invitation was sent.
done-invitation-kept = The invitation is kept as a draft.
done-invitation-withdrawn = The invitation was withdrawn.
registration-state-draft = Draft
registration-state-sent = Sent
registration-state-opened = Begun
registration-state-registered = Submitted
registration-state-approved = Validated by one of two
registration-state-returned = Given back
registration-state-validated = Validated
registration-state-refused = Refused
registration-state-withdrawn = Withdrawn
registration-state-expired = Expired
registration-progress = Progress of the registration
registration-stage-invite = Invite { -place-en } to register
registration-stage-register = { -place-en(form: "One") } registers itself
registration-stage-validate = Validate registration
registration-stage-modules = Grant access to modules
registration-stage-done = done
registration-title = Register your { -place-en }
registration-text = You were invited to register “{ $name }” below “{ $place }”.
registration-until = What you enter is kept part by part. You have until { $until }.
registration-known = There is an account with this email address already, so that it cannot become that of the first user. Ask whoever invited you to invite another address of your { -place-en }.
registration-message = Message of whoever invited you
registration-correct = Please correct this
registration-answer = Reason
registration-done = Done
registration-open = To do
registration-blocked = After the other parts
registration-step-authority = The { -place-en }
registration-step-classification = What it is responsible for
registration-step-first-user = First user
registration-step-check = Check and submit
registration-step-of = Part { $number } of { $all }.
registration-address = The account will be that of { $email }.
registration-no-classes = There is nothing to choose here; save and go on.
registration-no-choice = nothing chosen
registration-save = Save and go on
registration-back = Back to the parts
registration-check-title = Check your answers
registration-check-text = When you have submitted them, whoever invited you decides, and the link does not work any more.
registration-submit = Submit
registration-over-title = This link does not work any more
registration-over-text = It was used, replaced or taken back. If you have submitted a registration, the mail that you got then shows where it stands; otherwise ask whoever invited you.
registration-expired-title = This link has expired
registration-expired-text = You can ask whoever invited you for another one.
registration-ask = Ask for a new link
registration-asked-title = We have passed it on
registration-asked-text = If this invitation can still be answered, whoever sent it was told that you need a new link. It comes to the same email address.
registration-track-title = Your registration
registration-now-draft = Nothing was submitted yet.
registration-now-sent = Nothing was submitted yet.
registration-now-opened = Nothing was submitted yet.
registration-now-registered = Your data arrived and wait for a decision. You will get a mail.
registration-now-approved = Your data arrived and wait for a second decision. You will get a mail.
registration-now-returned = Something has to be corrected: use the link in the mail that you got.
registration-now-validated = Your { -place-en } is registered. The first user got a mail with a link that activates the account; access to modules is granted next.
registration-now-refused = Your registration was refused.
registration-now-withdrawn = The invitation was withdrawn.
registration-alike = { -place-en(form: "A") } of a similar name is registered already: compare before you validate.
done-registration-submitted = Your registration was submitted. We have mailed you the address of this page.
validations-title = Pending validations
validations-caption = Pending validations ({ $count })
validations-none = Nothing waits for a decision.
validations-all = All pending validations
validations-older = Older than … days
validations-back = Back to pending validations
validation-what = Registration of
validation-since = Waits
validation-age = { $count ->
    [0] since today
    [one] { $count } day
   *[other] { $count } days
}
validation-invited = invited by somebody else
validation-invited-by-you = invited by you
validation-review = Review
validation-open = Open { -place-en }
validation-decision = Decision
validation-validate = Validate
validation-return = Give back to be corrected
validation-refuse = Refuse
validation-reason = Reason
validation-reason-hint = The { -place-en } reads it. Needed to give back and to refuse.
validation-confirm = Confirm decision
validation-text = Validating creates the { -place-en } and its first user. Access to modules is granted afterwards.
validation-needs-second = Two people validate: after you, somebody else has to do so as well.
validation-is-second = Somebody has validated this already. Your validation creates the { -place-en } and its first user.
case-stopped = Where it would stand is switched off: nothing is sent, withdrawn or decided here before that is active again.
validation-not-yours = Somebody else has to decide: you are the applicant, or have validated this already.
validation-first = First validated by
validation-by = Decided by
validation-done = The { -place-en } and its first user exist. Next, grant it access to its modules.
validation-wrong = It cannot be registered as it stands: give it back to be corrected
validation-address = The email address of the first user cannot be used: refuse it and invite another address
done-registration-validated = The registration was validated.
done-registration-approved = You have validated it; somebody else has to do so as well.
done-registration-returned = The registration was given back.
done-registration-refused = The registration was refused.
event-registration-invited = { -place-en(form: "One") } invited to register
event-registration-sent = Another link sent to an invited { -place-en }
event-registration-withdrawn = Invitation of { -place-en(form: "a") } withdrawn
event-registration-submitted = Invited { -place-en } registered itself
event-registration-approved = Registration validated by the first of two
event-registration-validated = Registration validated
event-registration-returned = Registration given back
event-registration-refused = Registration refused
message-authority-invited-subject = Register your { -place-en } at the { $service }
message-authority-invited-text =
    Hello,

    “{ $name }” invites your { -place-en } to register itself at the { $service }. Open this link to enter its data and those of its first user:

    { $link }

    The link works for { $lasts }. If you did not expect it, ignore this message.
message-registration-received-subject = Your registration at the { $service }
message-registration-received-text =
    Hello,

    your registration at the { $service } has arrived and waits for a decision. This link shows where it stands:

    { $link }
message-registration-returned-subject = Please correct your registration at the { $service }
message-registration-returned-text =
    Hello,

    something in your registration at the { $service } has to be corrected. Open this link to see what, and to do so:

    { $link }

    The link works for { $lasts }.
message-registration-refused-subject = Your registration at the { $service }
message-registration-refused-text =
    Hello,

    your registration at the { $service } was refused. The link in our earlier mail shows why.
message-registration-waits-subject = { -place-en(form: "A") } has registered itself at the { $service }
message-registration-waits-text =
    Hello { $name },

    { -place-en(form: "a") } that you invited to the { $service } has registered itself. Look at its data and decide:

    { $link }
message-invitation-asked-subject = { -place-en(form: "A") } asks for a new link to the { $service }
message-invitation-asked-text =
    Hello { $name },

    the link of { -place-en(form: "a") } that you invited to the { $service } has expired, and it asks for a new one. You can send it here:

    { $link }
subject-registration = a registration
validation-representative = The first user becomes { $role } of the { -place-en } by the same decision.
