# Requests to change what is stored of an organisation.
permission-organisation-request-change = ask for changes of { -place-en(form: "many") }
permission-organisation-attach = attach documents to what one asked for
event-organisation-amendment-asked = Change of { -place-en(form: "a") } asked for
event-organisation-amendment-withdrawn = Wish to change { -place-en(form: "a") } withdrawn
event-organisation-amendment-approved = Change of { -place-en(form: "a") } approved
event-organisation-amendment-refused = Change of { -place-en(form: "a") } refused
event-organisation-document-attached = Document attached
event-organisation-document-clean = No malware found in a document
event-organisation-document-infected = Malware found in a document, which was removed
amend-title = Ask for a change of data
amend-text = Change what is to be changed. Whoever may change these data is told; nothing changes before they approve.
amend-reason = Reason
amend-reason-hint = What whoever decides has to know
amend-submit = Ask for the change
amend-nothing = Nothing would change: correct what is wrong first
amend-already = Somebody has asked for a change already; it waits for an answer
amend-too-many = At most { $most } changes can be asked for in a day
amendment-title = Change of { $organisation }
amendment-open = Waits for an answer
amendment-withdrawn = Withdrawn
amendment-approved = Approved
amendment-refused = Refused
amendment-what = What
amendment-old = Now
amendment-new = Asked for
amendment-was = When it was asked for: { $value }
amendment-changes = What is to change
amendment-documents = Documents
amendment-asked = Asked by
amendment-representative = Somebody who represents the { -place-en }
amendment-answered = Answered
amendment-decision = Decision
amendment-approve = Approve: the data are changed at once
amendment-refuse = Refuse
amendment-why = Why it is refused
amendment-why-hint = Whoever asked reads it
amendment-confirm = Decide
amendment-withdraw = Withdraw it
amendment-moved-on = The data were changed since this was asked for. Compare before you decide.
amendment-unchecked = No malware scanner is set up: nobody has looked at the documents. Open them with care.
amendment-waiting = Documents are still being checked for malware: look again before you decide.
amendment-infected = Malware was found in a document, which was removed: what it was to prove, it does not prove.
amendment-asker-left = Whoever asked for this represents the { -place-en } no more.
amendment-look-again = The data or the documents were changed while you looked: compare again
amendment-impossible = The data cannot be changed like this: refuse it with the reason
amendment-open-it = Open
amendments-open = Changes of { -place-en(form: "many") } to decide on
amendments-own = Changes of { -place-en(form: "many") } that you asked for
amendment-own = Change that you asked for
amendment-out-of-sight = { -place-en(form: "A") } that you do not represent any more
document-name = Document
document-length = Size
document-size = { $kilobytes } kB
document-state = Checked
document-waiting = Is being checked for malware
document-clean = No malware found
document-infected = Malware found: removed
document-unchecked = Not checked
document-removed = Removed: its time is over, or the request was withdrawn
document-attach = Attach a document
document-file = File
document-file-hint = PDF, PNG or JPEG, up to 3 MB
document-wrong-size = Choose a file of up to { $megabytes } MB
document-wrong-kind = Choose a PDF, PNG or JPEG file
document-too-many = At most { $most } documents can be attached
done-amendment-asked = Your request waits for an answer. You can attach documents if your role allows it.
done-amendment-withdrawn = The request is withdrawn.
done-amendment-approved = The data are changed.
done-amendment-refused = The request is refused.
done-document-attached = The document is attached.
message-amendment-asked-subject = A change of data to decide on at the { $service }
message-amendment-asked-text =
    Hello { $name },

    somebody who represents { $organisation } asks that its data be changed. You can decide on it under My Tasks:

    { $link }
message-amendment-answered-subject = The answer to your request at the { $service }
message-amendment-answered-text =
    Hello { $name },

    the change of data that you asked for has an answer. You find it under My Tasks:

    { $link }
