# Services that provision: what they are held to, what they did lately, and trying them out.

client-provisioning = Provisioning
client-valid-until = Works until
client-valid-until-hint = The last day (UTC). From the next one on neither its secret nor its tokens are taken.
client-addresses = Addresses
client-addresses-hint = One address or network per line, like 192.0.2.0/24. Empty: from anywhere.
client-error-address = This is neither an address nor a network like 192.0.2.0/24: { $address }
client-error-provisioning = Only a service can end on a day, come from some addresses only, or be held to the letter of SCIM
client-tolerance = Requests by SCIM
client-tolerance-hint = What RFC 7644 has otherwise is either taken as it is meant, and counted below, or refused.
client-tolerance-tolerant = Tolerant: taken as they are meant
client-tolerance-strict = Strict: refused where RFC 7644 has it otherwise
client-last-use = Last use
client-never-used = Never
client-ends = Works until
client-ended = Ended on
client-tolerated = Tolerated lately
client-tolerated-caption = Within the last 30 days
client-tolerated-text = What its requests do although RFC 7644 has it otherwise. It would be refused if the client were held to the letter.
client-tolerated-none = Nothing had to be tolerated within the last 30 days.
client-tolerated-what = What
client-tolerated-times = Requests
client-tolerated-last = Last
habit-operation-case = Operations with capitals (“Add”)
habit-boolean-text = True and false as texts
habit-plain-text = Plain text for an object (“manager”)
habit-list-of-one = A list of one for an object
habit-single-value = One value for a list
habit-dotted-names = Paths as names in a value (“name.givenName”)
habit-filtered-path = A sub-attribute behind a filter in brackets
habit-removed-values = Removal by listing values
habit-made-element = Replacing an element that was not there
habit-no-schemas = Messages without “schemas”
habit-inner-schemas = “schemas” within an extension
ago-now = Just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
client-requests = Requests of the last days
requests-title = Requests by SCIM
requests-text = The newest 500 of at most 7 days: never what was in a request or in its answer, and of parameters only their names.
requests-caption = Requests of { $client }
requests-none = There were no such requests.
requests-which = Show
requests-all = All
requests-failed = Refused or failed
request-at = When (UTC)
request-what = Request
request-status = Status
request-error = Error
request-took = Took
request-bytes = Bytes
request-streamed = streamed
self-test-title = Self-test
self-test-text = Creates somebody who is nobody by the right of this service, finds, changes, deactivates and deletes them, and shows what became of each step. Nothing stays behind but what the audit log says.
self-test-run = Run the self-test
self-test-passed = Everything was answered as it should be. Nobody stays behind.
self-test-failed = { $count ->
    [one] { $count } step was not answered as it should be. Nobody stays behind.
   *[other] { $count } steps were not answered as they should be. Nobody stays behind.
}
self-test-caption = Self-test of { $client }
self-test-step = Step
self-test-outcome = Outcome
self-test-said = What was said
self-test-is-passed = As it should be
self-test-is-failed = Refused
self-test-is-skipped = Not tried
self-test-discover = Ask what is offered
self-test-look-up = Look for somebody who is not there
self-test-create = Create a person
self-test-read = Read the person
self-test-find = Find them by external ID
self-test-change = Change an attribute
self-test-deactivate = Deactivate the account
self-test-delete = Delete the person
self-test-gone = Find them gone
