# Projekte, Nominierungen, Anträge auf Entzug.
event-nomination-made = Jemand wurde für eine Rolle nominiert
event-nomination-accepted = Nominierung angenommen
event-nomination-declined = Nominierung abgelehnt
event-nomination-withdrawn = Nominierung zurückgezogen
event-nomination-lapsed = Nominierung verfallen: sie wäre nicht mehr möglich
event-user-self-registered = Konto auf Einladung selbst angelegt
event-role-revocation-requested = Entzug einer Rolle beantragt
event-role-revocation-declined = Antrag auf Entzug einer Rolle abgelehnt
event-project-created = Projekt angelegt
event-project-phase = Projekt kam in eine andere Phase
event-project-joined = { -place-de } kam zu einem Projekt
event-project-left = { -place-de } verließ ein Projekt
subject-nomination = eine Nominierung
subject-project = ein Projekt

message-nomination-subject = { $service }: Sie sind für eine Rolle nominiert
message-nomination-text =
    Guten Tag,

    Sie sind als { $role } für { $organisation } nominiert.
    Öffnen Sie diesen Link, um zu antworten; wenn Sie noch kein Konto haben, können Sie dort eines anlegen und annehmen:

    { $link }

    Der Link gilt { $lasts }. Wenn Sie davon nichts wissen, brauchen Sie nichts zu tun.

menu-projects = Meine Projekte
menu-organisations = Meine { -place-de(form: "many") }
menu-tasks = Meine Aufgaben

projects-title = Meine Projekte
projects-caption = Projekte nach ihrem Kürzel
projects-none = Sie haben in keinem Projekt eine Rolle.
projects-all-none = Es gibt noch keine Projekte.
project-new = Projekt anlegen
project-back = Zurück zu „Meine Projekte“
project-code = Kürzel
project-code-hint = Das Akronym oder die Nummer, unter der man es kennt, ohne Leerzeichen
project-name = Titel
project-phase = Phase
project-coordinator = Koordinierende { -place-de }
project-participants = Teilnehmende { -place-de(form: "many") }
project-roles = Rollen
project-table-cut = Hier stehen nur die ersten { $count } Zeilen.
project-roles-none = Hier hat noch niemand eine Rolle.
project-nominations = Nominiert, Antwort steht aus
project-nominations-none = Niemandes Antwort steht aus.
project-created = Angelegt
project-over = Beendet
project-coordinates = Koordiniert
project-takes-part = Nimmt teil
project-next = In eine andere Phase gehen
project-next-title = In eine andere Phase gehen
project-next-text = { $project } ist in der Phase „{ $phase }“. Rollen, die auf die neue Phase warten, werden wirksam. Es gibt keinen Weg zurück; in der letzten Phase ist das Projekt beendet und niemand bekommt mehr eine Rolle.
project-to-phase = Neue Phase
project-add = { -place-de } hinzufügen
project-add-title = { -place-de } zu { $project } hinzufügen
project-remove = Entfernen
project-remove-title = { $organisation } aus { $project } entfernen
project-remove-text = Alles, was für diese { -place-de } in diesem Projekt gehalten wird oder vorgeschlagen ist, endet sofort.
project-error-code = Verwenden Sie ein Kürzel ohne Leerzeichen
project-error-code-taken = Ein Projekt mit diesem Kürzel gibt es schon
project-error-organisation = Wählen Sie eine aktive { -place-de }
project-error-takes-part = Diese { -place-de } nimmt schon teil
project-error-many = Höchstens 200 { -place-de(form: "many") } nehmen an einem Projekt teil
project-error-phase = Wählen Sie eine spätere Phase
done-project-created = Das Projekt wurde angelegt.
done-project-changed = Das Projekt wurde geändert.

organisations-title = Meine { -place-de(form: "many") }
organisations-none = Sie vertreten keine { -place-de }.
organisations-caption = { -place-de(form: "many") }, die Sie vertreten
organisation-roles-back = Zurück zu „Meine { -place-de(form: "many") }“
organisation-own-roles = Rollen der { -place-de }
organisation-project-roles = Rollen in ihren Projekten

nominate = Nominieren
nominate-title = Für eine Rolle nominieren
nominate-text = Wem die E-Mail-Adresse gehört, bekommt einen Link zum Annehmen. Wer noch kein Konto hat, kann dort eines anlegen. Ihnen wird in beiden Fällen dasselbe gesagt.
nominate-role = Rolle und { -place-de }
nominate-email = E-Mail der Person
nominate-email-hint = Die berufliche Adresse, mit der sie sich anmeldet
nominate-until = Bis (freiwillig)
nominate-nothing = Hier gibt es keine Rolle, für die Sie nominieren können.
nominate-error-oneself = Sie können sich nicht selbst nominieren
nominate-error-already = Diese Adresse ist für diese Rolle schon nominiert
nominate-error-full = Höchstens { $max } dürfen diese Rolle hier haben, Nominierte eingeschlossen
nominate-error-many = Sie haben in einer Stunde viele nominiert; machen Sie später weiter
nominate-error-requires = Diese Person muss zuerst die Rolle { $role } derselben { -place-de } haben
nominate-error-held = Diese Person hat die Rolle schon
nominate-error-not-now = Sie dürfen für diese Rolle hier nicht nominieren
nominate-error-too-long = Ihre eigene Rolle endet vorher
done-nominated = Die Nominierung wurde versandt.
done-assigned = Die Rolle wurde vergeben.

assign-signatory = Zuweisen
assign-title = { $role } zuweisen
assign-text = Wählen lassen sich nur jene, die { $required } derselben { -place-de } sind.
assign-person = Person
assign-nobody = Noch niemand in Ihrer { -place-de } ist { $required }.

withdraw = Zurückziehen
withdraw-title = Nominierung zurückziehen
withdraw-text = { $email } ist als { $role } nominiert. Der versandte Link wird nirgendwohin führen.
done-withdrawn = Die Nominierung wurde zurückgezogen.

revoke = Entziehen
revoke-title = Rolle entziehen
revoke-text = { $person } verliert die Rolle { $role } sofort.
revoke-along = { $role } in einem Projekt endet damit
revoke-last = Das ist der oder die letzte { $role } hier. Nominieren Sie zuerst jemand anderen.
revoke-reason = Grund
revoke-reason-last = Das ist der oder die letzte { $role } hier: sagen Sie, warum die Rolle trotzdem entzogen wird
done-revoked = Die Rolle wurde entzogen.

ask-revoke = Entzug beantragen
ask-title = Entzug einer Rolle beantragen
ask-text = Sie können diese Rolle nicht selbst entziehen. Wer es kann, erfährt davon; die Antwort sehen Sie unter Meine Aufgaben.
ask-already = Jemand hat das schon beantragt
done-asked = Ihr Antrag wurde versandt.

tasks-title = Meine Aufgaben
tasks-nominations = Sie sind nominiert
tasks-nominations-none = Niemand hat Sie nominiert.
tasks-asked-by = Beantragt von
tasks-requests = Anträge auf Entzug, die Sie beantworten können
tasks-requests-none = Nichts wartet auf Ihre Antwort.
tasks-asked = Was Sie beantragt haben
tasks-asked-none = Sie haben nichts beantragt.
tasks-from = Für
tasks-until = Antwort bis
tasks-answer = Antwort
task-accept = Beantworten
task-decline = Ablehnen
decline-title = Antrag ablehnen
decline-text = Die Rolle bleibt. Wer gefragt hat, liest Ihren Grund.
done-declined = Der Antrag wurde abgelehnt.
tasks-proposed = Rollen, die auf Ihre Bestätigung warten
tasks-proposed-by = Vorgeschlagen von
task-confirm = Bestätigen
task-reject = Ablehnen
confirm-title = Rolle bestätigen
confirm-text = Jemand anders hat diese Rolle vorgeschlagen. Sie gilt, sobald Sie sie bestätigen.
done-role-confirmed = Die Rolle wurde bestätigt.
reject-title = Rolle ablehnen
reject-text = Die Rolle wird nicht vergeben. Ihr Grund wird dazu aufbewahrt.
done-role-rejected = Die Rolle wurde abgelehnt.
request-open = Wartet
request-granted = Entzogen
request-declined = Abgelehnt

nomination-title = Sie sind nominiert
nomination-text = Sie sind als { $role } für { $organisation } nominiert.
nomination-project = Im Projekt { $project }.
nomination-by = Nominiert von { $name }.
nomination-accept = Annehmen
nomination-decline = Ablehnen
nomination-sign-in = Zum Antworten anmelden
nomination-sign-in-text = Zu dieser Adresse gibt es ein Konto. Melden Sie sich damit an, um anzunehmen oder abzulehnen.
nomination-other = Sie sind mit einer anderen Adresse angemeldet. Melden Sie sich ab und öffnen Sie den Link noch einmal.
nomination-over-title = Dieser Link gilt nicht mehr
nomination-over-text = Die Nominierung wurde beantwortet oder zurückgezogen, oder sie ist abgelaufen. Bitten Sie, wer Sie nominiert hat, um eine neue.
nomination-refused-title = Sie haben abgelehnt
nomination-refused-text = Danke für die Antwort. Es wurde kein Konto angelegt, und es ist nichts weiter zu tun.
nomination-register = Konto anlegen und annehmen
nomination-register-text = Sie haben noch kein Konto. Geben Sie Ihre Daten ein; danach wählen Sie ein Passwort und bestätigen Ihre Telefonnummer.
nomination-lapsed = Wer Sie nominiert hat, darf diese Rolle nicht mehr vergeben. Fragen Sie dort nach.
done-nomination-accepted = Sie haben angenommen.
done-nomination-declined = Sie haben abgelehnt.

permission-project-read = Projekte sehen, und wer darin Rollen hat
permission-project-manage = Projekte anlegen und durch ihre Phasen führen
role-scope-project = ein Projekt
role-scope-project-organisation = eine { -place-de } in einem Projekt
relation-same-project = im selben Projekt
relation-same-project-and-organisation = im selben Projekt, von derselben { -place-de }
organisation-column = { -place-de }
project-column = Projekt

message-revocation-asked-subject = { $service }: ein Antrag wartet auf Sie
message-revocation-asked-text =
    Guten Tag { $name },

    jemand bittet darum, eine Rolle zu entziehen; Sie können das. Der Grund steht unter Meine Aufgaben; entziehen Sie dort die Rolle oder lehnen Sie ab:

    { $link }
message-revocation-answered-subject = { $service }: Ihr Antrag wurde beantwortet
message-revocation-answered-text =
    Guten Tag { $name },

    Ihr Antrag auf Entzug einer Rolle wurde beantwortet. Die Antwort steht unter Meine Aufgaben:

    { $link }
message-role-proposed-subject = { $service }: eine Rolle wartet auf Ihre Bestätigung
message-role-proposed-text =
    Guten Tag { $name },

    jemand hat eine Rolle vorgeschlagen. Sie gilt erst, wenn jemand anders sie bestätigt; Sie können das. Sie steht unter Meine Aufgaben; bestätigen Sie sie dort oder lehnen Sie sie ab:

    { $link }
message-role-gained-subject = { $service }: Sie haben eine Rolle erhalten
message-role-gained-text =
    Guten Tag { $name },

    Sie haben die Rolle „{ $role }“ bei „{ $organisation }“ erhalten. Was Sie damit tun können, steht hier:

    { $link }

    Wenn Sie nicht wissen, warum, fragen Sie Ihre Administratorin oder Ihren Administrator.
message-role-lost-subject = { $service }: Sie haben eine Rolle nicht mehr
message-role-lost-text =
    Guten Tag { $name },

    Sie haben die Rolle „{ $role }“ bei „{ $organisation }“ nicht mehr. Wenn Sie nicht wissen, warum, fragen Sie Ihre Administratorin oder Ihren Administrator:

    { $link }
message-nomination-accepted-subject = { $service }: eine von Ihnen angebotene Rolle wurde angenommen
message-nomination-accepted-text =
    Guten Tag { $name },

    jemand, den Sie für die Rolle „{ $role }“ bei „{ $organisation }“ benannt haben, hat sie angenommen. Wer sie hat, steht hier:

    { $link }
message-nomination-declined-subject = { $service }: eine von Ihnen angebotene Rolle wurde abgelehnt
message-nomination-declined-text =
    Guten Tag { $name },

    jemand, den Sie für die Rolle „{ $role }“ bei „{ $organisation }“ benannt haben, hat abgelehnt. Wer sie hat, steht hier:

    { $link }
message-role-confirmed-subject = { $service }: eine von Ihnen vorgeschlagene Rolle wurde bestätigt
message-role-confirmed-text =
    Guten Tag { $name },

    jemand anders hat die Rolle „{ $role }“ bei „{ $organisation }“ bestätigt, die Sie vorgeschlagen haben. Wer sie hat, steht hier:

    { $link }
message-role-refused-subject = { $service }: eine von Ihnen vorgeschlagene Rolle wurde abgelehnt
message-role-refused-text =
    Guten Tag { $name },

    jemand anders hat die Rolle „{ $role }“ bei „{ $organisation }“ abgelehnt, die Sie vorgeschlagen haben; sie wurde nicht erteilt. Wenn Sie den Grund nicht kennen, fragen Sie, wer solche Rollen bestätigt. Um wen es ging, steht hier:

    { $link }
nominate-error-duties = Diese Person hat hier eine Rolle oder soll eine bekommen, die diese ausschließt
project-contact = Kontaktperson der koordinierenden { -place-de }
project-contact-hint = Die E-Mail-Adresse aus dem Antrag; wem sie gehört, wird um Annahme gebeten
project-error-oneself = Sie können sich nicht selbst benennen
project-offered-more = Hier stehen nur die ersten { $count } zur Wahl. Suchen Sie nach einem Teil des Namens.
project-offered-none = Kein aktiver Treffer mit diesem Namen.
