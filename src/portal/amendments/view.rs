//! One request: what is and what is to be, documents, and what may be done with it.

use askama::Template;
use axum::extract::Path;

use super::warnings;
use crate::authority::action::{AnswerAmendment, AttachDocument, ReadAmendment, WithdrawAmendment};
use crate::authority::{Action, Scope};
use crate::db::Tx;
use crate::directory::amendment::answer::{present, seen};
use crate::directory::amendment::model::{Amendment, Checked, Document, MAX_DOCUMENTS, State};
use crate::directory::amendment::sheet::Sheet;
use crate::directory::amendment::{document_store, store};
use crate::directory::names_store;
use crate::directory::organisation::store as organisations;
use crate::kernel::ids::AmendmentId;
use crate::kernel::text::MAX_DESCRIPTION;
use crate::locale::Locale;
use crate::portal::admin::plain::{Cell, Link, Table};
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Choice, Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/amendment/view.html")]
struct AmendmentPage {
    page: Page,
    back: Link,
    badge: (&'static str, String),
    action: String,
    facts: Vec<(String, String)>,
    /// What is to be thought about before.
    warnings: Vec<String>,
    changes: Table,
    documents: Option<Table>,
    /// For whoever answers; with what they saw.
    decision: Vec<Field>,
    seen: String,
    /// For whoever asked, while there is room.
    attach: Vec<Field>,
    withdraw: bool,
}

/// The request, if the person may read of it.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Amendment, Failure> {
    let id: AmendmentId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadAmendment { amendment: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

/// Where a request stands, as a badge.
pub(super) fn badge(page: &Page, state: State) -> (&'static str, String) {
    let kind = match state {
        State::Open => "new",
        State::Approved => "active",
        State::Withdrawn | State::Refused => "blocked",
    };
    (kind, page.t(&format!("amendment-{}", state.as_str())))
}

/// What a value is called.
pub(super) fn label(page: &Page, person: &SignedIn, key: &str) -> String {
    let (terms, tag) = (&person.app.terms, page.locale.tag());
    let language = |tag: &str| Locale::parse(tag).map_or_else(|| tag.to_owned(), |known| known.name().to_owned());
    match key.split_once('.') {
        Some(("legal_name", of)) => page.t1("level-legal-name-in", "language", language(of)),
        Some(("informal_title", of)) => page.t1("level-informal-title-in", "language", language(of)),
        Some(("identifier", of)) => terms.scheme(of).map_or(of, |scheme| scheme.labels.of(tag)).to_owned(),
        Some(("class", of)) => {
            let known = terms.vocabularies.iter().find(|one| one.code == of);
            known.map_or(of, |known| known.labels.of(tag)).to_owned()
        }
        _ => page.t(&format!("level-{key}")),
    }
}

/// A value in words: codes by their labels, lines beside each other.
fn value(page: &Page, person: &SignedIn, key: &str, text: &str) -> String {
    let vocabulary = key.strip_prefix("class.");
    let known = person.app.terms.vocabularies.iter().find(|one| Some(one.code.as_str()) == vocabulary);
    let words = text.split('\n').map(|line| {
        let entry = known.and_then(|known| known.entries.iter().find(|entry| entry.code == line));
        entry.map_or(line, |entry| entry.labels.of(page.locale.tag()))
    });
    let words = words.collect::<Vec<_>>().join(", ");
    if words.is_empty() { "–".to_owned() } else { words }
}

/// Beside what is stored `present`ly while it is open; beside what was stored when it was asked for where that is none of theirs.
fn comparison(page: &Page, person: &SignedIn, about: &Amendment, present: Option<&Sheet>) -> Table {
    let present = present.filter(|_| about.state == State::Open);
    let rows = about.changes.iter().map(|(key, change)| {
        let now = present.map_or(change.old.as_str(), |present| present.get(key));
        let was = (now != change.old).then(|| page.t1("amendment-was", "value", value(page, person, key, &change.old)));
        vec![
            Cell::text(label(page, person, key)),
            Cell::text(value(page, person, key, now)).noted(was.unwrap_or_default()),
            Cell::text(value(page, person, key, &change.new)),
        ]
    });
    let columns = ["amendment-what", "amendment-old", "amendment-new"];
    Table::new(page, page.t("amendment-changes"), &columns, rows.collect())
}

fn documents(page: &Page, about: &Amendment, found: &[Document]) -> Option<Table> {
    let rows = found.iter().map(|one| {
        let link = format!("/amendments/{}/documents/{}", about.id, one.id);
        let given = one.is_kept && one.checked.is_given_out();
        let name = if given { Cell::link(one.name.clone(), link) } else { Cell::text(one.name.clone()) };
        let word = match one.checked {
            Checked::Infected => "infected",
            _ if !one.is_kept => "removed",
            // Nobody looks at what belongs to a request that was refused.
            Checked::Waiting if about.state == State::Refused => "unchecked",
            known => known.as_str(),
        };
        let state = page.t(&format!("document-{word}"));
        vec![name, Cell::text(page.t1("document-size", "kilobytes", (one.size + 1_023) / 1_024)), Cell::text(state)]
    });
    let rows: Vec<_> = rows.collect();
    let columns = ["document-name", "document-length", "document-state"];
    (!rows.is_empty()).then(|| Table::new(page, page.t("amendment-documents"), &columns, rows))
}

/// The page, with what is wrong with a form on it.
pub(super) async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    about: &Amendment,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let organisation = organisations::find(tx, about.organisation).await?.ok_or(Failure::NotFound)?;
    let title = person.page(Area::Tasks, "amendment-title").t1("amendment-title", "organisation", organisation.name);
    let mut page = person.page(Area::Tasks, "menu-tasks").titled(title);
    (page.wide, page.has_errors) = (true, !errors.is_empty());
    let present = present(tx, about).await.map_err(Failure::from)?;
    let attached = document_store::list(tx, about.id).await?;
    let amendment = about.id;
    let asked: [Action; 3] = [
        AnswerAmendment { amendment }.into(),
        AttachDocument { amendment }.into(),
        WithdrawAmendment { amendment }.into(),
    ];
    let may = person.app.door.judge(tx, &person.ctx, &asked).await?;
    let open = about.state == State::Open;
    let may = |number: usize| open && may.get(number).copied().unwrap_or(false);
    let room = i64::try_from(attached.len()).unwrap_or(i64::MAX) < MAX_DOCUMENTS;
    let (mut decision, mut attach, mut found) = (Vec::new(), Vec::new(), Vec::new());
    if may(0) {
        let choice = |word: &str| Choice::new(word, page.t(&format!("amendment-{word}")), "approve");
        let why = Field { max: MAX_DESCRIPTION, ..Field::lines(&page, "reason", "amendment-why") };
        let choices = ["approve", "refuse"].map(choice).into();
        decision = vec![
            Field::select(&page, "decision", "amendment-decision", choices),
            why.hint(&page, "amendment-why-hint").filter(),
        ];
        found = warnings::warnings(tx, (person, &page), about, (&present, &attached)).await?;
    }
    if may(1) && room {
        let file = Field { kind: "file", max: 0, ..Field::text(&page, "file", "document-file") };
        attach = vec![file.hint(&page, "document-file-hint")];
    }
    errors.fill(&mut decision, form);
    errors.fill(&mut attach, None);
    let shown = AmendmentPage {
        back: ("/tasks".to_owned(), page.t("menu-tasks")),
        badge: badge(&page, about.state),
        action: format!("/amendments/{amendment}"),
        facts: facts(tx, (person, &page), about).await?,
        warnings: found,
        changes: comparison(&page, person, about, Some(&present)),
        documents: documents(&page, about, &attached),
        decision,
        seen: seen(&present, about, &attached),
        attach,
        withdraw: may(2),
        page,
    };
    Ok(render(&shown))
}

async fn facts(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    about: &Amendment,
) -> Result<Vec<(String, String)>, Failure> {
    let people = Scope::of_people(&person.authority, person.ctx.now);
    let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
    let who = if about.asked_by == person.user.id {
        format!("{} {}", person.user.given_name, person.user.family_name)
    } else {
        let names = names_store::list_people(tx, (&people, &contacts), &[about.asked_by.0].into()).await?;
        names.get(&about.asked_by.0).cloned().unwrap_or_else(|| page.t("amendment-representative"))
    };
    let mut facts = vec![(page.t("amendment-asked"), format!("{who}, {}", moment(about.asked_at)))];
    facts.extend((!about.reason.is_empty()).then(|| (page.t("amend-reason"), about.reason.clone())));
    facts.extend(about.answered_at.map(|at| (page.t("amendment-answered"), moment(at))));
    facts.extend(about.answer.clone().map(|answer| (page.t("amendment-why"), answer)));
    Ok(facts)
}

/// `GET /amendments/{amendment}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    match find(tx, &person, &id).await {
        Ok(about) => show(tx, &person, &about, (&Errors::default(), None)).await,
        Err(Failure::NotFound) => show_own(tx, &person, &id).await,
        Err(failure) => Err(failure),
    }
}

/// For whoever asked and represents the organisation no more: what they wrote themselves, and that they can withdraw it. Nothing
/// of what the organisation is called or has stored by now (D8).
async fn show_own(tx: &mut Tx, person: &SignedIn, id: &str) -> PageResult {
    let amendment: AmendmentId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, WithdrawAmendment { amendment }).await?;
    let about = store::find(tx, amendment).await?.ok_or(Failure::NotFound)?;
    let mut page = person.page(Area::Tasks, "amendment-own");
    page.wide = true;
    let shown = AmendmentPage {
        back: ("/tasks".to_owned(), page.t("menu-tasks")),
        badge: badge(&page, about.state),
        action: format!("/amendments/{amendment}"),
        facts: facts(tx, (person, &page), &about).await?,
        warnings: Vec::new(),
        changes: comparison(&page, person, &about, None),
        documents: None,
        decision: Vec::new(),
        seen: String::new(),
        attach: Vec::new(),
        withdraw: about.state == State::Open,
        page,
    };
    Ok(render(&shown))
}
