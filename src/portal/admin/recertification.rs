//! My Tasks → Recertification: which roles and memberships of one's people are still needed. Boxes are ticked, many at once; what nobody
//! confirms lapses.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::RawQuery;
use uuid::Uuid;

use super::plain::{Cell, FormPage, Link, Section, Table};
use super::reach;
use crate::authority::{Applications, Scope};
use crate::db::{Tx, transact};
use crate::delegation::recertification::answer::{self, AnswerError};
use crate::delegation::recertification::model::{DueMembership, DueRole};
use crate::delegation::revoke::RevokeError;
use crate::directory::group;
use crate::directory::names_store::{self, Named};
use crate::directory::user::due_store::{self as due, Reader};
use crate::kernel::ids::{MembershipId, RoleAssignmentId};
use crate::kernel::time::Timestamp;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::last_day;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page, Pages};

/// How many are shown, and decided, at once.
const ROWS: u32 = 50;

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Roles,
    Memberships,
}

impl About {
    fn path(self) -> &'static str {
        match self {
            Self::Roles => "/tasks/recertification",
            Self::Memberships => "/tasks/recertification/memberships",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Roles => "recert-roles",
            Self::Memberships => "recert-memberships",
        }
    }
}

/// What is to be confirmed, as it is shown: its box, or a line for somebody else.
struct Line {
    id: Uuid,
    what: String,
    hint: String,
    mine: bool,
}

fn reader(person: &SignedIn) -> Reader {
    Reader::of(&person.authority, person.app.door.roles(), person.ctx.now)
}

/// What waits, as a table of My Tasks; nothing for whoever gives neither.
pub(in crate::portal) async fn waiting(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
) -> Result<Vec<(String, Table, Vec<Link>)>, Failure> {
    let reader = reader(person);
    let (roles, memberships) = reader.may();
    let mut rows = Vec::new();
    if roles {
        rows.push((About::Roles, due::count_roles(tx, &reader).await?));
    }
    if memberships {
        rows.push((About::Memberships, due::count_memberships(tx, &reader).await?));
    }
    rows.retain(|(_, count)| *count > 0);
    let row = |(about, count): (About, u64)| {
        let link = Cell::action(page.t("recert-confirm"), about.path().to_owned(), page.t(about.key()));
        vec![Cell::text(page.t(about.key())), Cell::text(count.to_string()), link]
    };
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rows.into_iter().map(row).collect();
    let table = Table::new(page, page.t("recert-title"), &["recert-what", "recert-count", "actions"], rows);
    Ok(vec![(page.t("recert-title"), table, Vec::new())])
}

async fn role_lines(tx: &mut Tx, person: &SignedIn, page: &Page, found: &[DueRole]) -> Result<Vec<Line>, Failure> {
    let kept: Vec<_> = found.iter().filter_map(DueRole::kept).collect();
    let mine = person.app.door.judge_kept_roles(tx, &person.ctx, &kept).await?;
    let places: BTreeSet<Uuid> = found.iter().map(|one| one.role.organisation.0).collect();
    let places = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
    let about = found.iter().flat_map(|one| one.role.explicit_applications()).map(|id| id.0).collect();
    let applications = names_store::list(tx, Named::Application, &about).await?;
    let seen = reach::named(tx, person, found.iter().map(|one| one.role.clone()).collect()).await?;
    let lines = found.iter().zip(seen).zip(mine).map(|((one, seen), mine)| {
        let place = places.get(&one.role.organisation.0).cloned().unwrap_or_default();
        let mut hint = if one.role.include_sub_levels { page.t1("recert-below", "level", &place) } else { place };
        if let Applications::Only(set) = &one.role.applications {
            // Those of others are counted, not named (DA-34).
            let seen = seen.explicit_applications();
            let mut names: Vec<String> = seen.iter().filter_map(|id| applications.get(&id.0)).cloned().collect();
            let hidden = set.len().saturating_sub(names.len());
            names.extend((hidden > 0).then(|| page.count("other-applications", hidden as u64)));
            hint = format!("{hint} · {}", names.join(", "));
        }
        let what = format!("{}: {}", one.name, one.role.role);
        Line { id: one.role.id.0, what, hint: until(page, hint, one.due_at), mine }
    });
    Ok(lines.collect())
}

async fn membership_lines(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    found: &[DueMembership],
) -> Result<Vec<Line>, Failure> {
    let kept: Vec<_> = found.iter().map(DueMembership::kept).collect();
    let mine = person.app.door.judge_kept_memberships(tx, &person.ctx, &kept).await?;
    let places: BTreeSet<Uuid> = found.iter().map(|one| one.home.0).collect();
    let places: BTreeMap<Uuid, String> = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
    let around = group::nesting_store::list_around(tx).await?;
    let lines = found.iter().zip(mine).map(|(one, mine)| {
        let mut place = places.get(&one.home.0).cloned().unwrap_or_default();
        if let Some(names) = around.get(&one.group) {
            place = format!("{place} · {}", page.t1("memberships-gives", "names", names.join(", ")));
        }
        let what = format!("{}: {}", one.name, one.group_name);
        Line { id: one.id.0, what, hint: until(page, place, one.due_at), mine }
    });
    Ok(lines.collect())
}

fn until(page: &Page, hint: String, end: Timestamp) -> String {
    format!("{hint} · {}", page.t1("recert-until", "day", last_day(end)))
}

/// `GET /tasks/recertification`
pub(super) async fn get_roles(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    show(&person, About::Roles, raw.as_deref(), None).await
}

/// `GET /tasks/recertification/memberships`
pub(super) async fn get_memberships(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    show(&person, About::Memberships, raw.as_deref(), None).await
}

async fn show(person: &SignedIn, about: About, query: Option<&str>, warning: Option<&str>) -> PageResult {
    let query = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let reader = reader(person);
    let (roles, memberships) = reader.may();
    let (may, other) = match about {
        About::Roles => (roles, memberships.then_some(About::Memberships)),
        About::Memberships => (memberships, roles.then_some(About::Roles)),
    };
    if !may {
        return Err(Failure::NotFound);
    }
    let total = match about {
        About::Roles => due::count_roles(tx, &reader).await?,
        About::Memberships => due::count_memberships(tx, &reader).await?,
    };
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let number = Pages::reached(number, ROWS, total);
    let part = (i64::from(ROWS), i64::from(number.saturating_sub(1)) * i64::from(ROWS));
    let mut page = person.page(Area::Tasks, about.key());
    page.results = Some(total);
    let lines = match about {
        About::Roles => {
            let found = due::list_roles(tx, &reader, part).await?;
            role_lines(tx, person, &page, &found).await?
        }
        About::Memberships => {
            let found = due::list_memberships(tx, &reader, part).await?;
            membership_lines(tx, person, &page, &found).await?
        }
    };
    let pages = Pages::new(&page, (number, ROWS), total, |number| format!("{}?page={number}", about.path()));
    let links = other.map(|other| (other.path().to_owned(), page.t(other.key())));
    let warning = warning.map(|key| page.t(key));
    let view = form(page, about, &lines);
    Ok(FormPage { pages: Some(pages), links: links.into_iter().collect(), warning, ..view }.show())
}

/// Boxes for what the reader may decide; the rest is named, so that nobody waits for them.
fn form(page: Page, about: About, lines: &[Line]) -> FormPage {
    let (mine, others): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.mine);
    let boxes = mine.iter().map(|line| {
        let field = Field::checkbox(&page, &format!("one-{}", line.id), "recert-what", false);
        Field { label: line.what.clone(), hint: Some(line.hint.clone()), ..field }
    });
    let boxes: Vec<Field> = boxes.collect();
    let rows: Vec<Vec<Cell>> = others.iter().map(|line| vec![Cell::text(&line.what).noted(&line.hint)]).collect();
    let found = (!rows.is_empty()).then(|| Table::new(&page, page.t("recert-others"), &["recert-what"], rows));
    let sections = if boxes.is_empty() {
        Vec::new()
    } else {
        let choice = |word: &str| Choice::new(word, page.t(&format!("recert-{word}")), "keep");
        let verb = Field::select(&page, "verb", "recert-verb", ["keep", "remove"].map(choice).into());
        let title = Some(page.t(about.key()));
        vec![Section { fields: vec![verb], ..Section::default() }, Section { title, folded: false, fields: boxes }]
    };
    let submit = if sections.is_empty() { String::new() } else { page.t("recert-submit") };
    let intro = Some(page.t(if lines.is_empty() { "recert-none" } else { "recert-text" }));
    let saving = FormPage::saving(page, "/tasks", about.path().to_owned(), Vec::new());
    FormPage { intro, found, sections, submit, reads: true, ..saving }
}

/// What is ticked, and whether it is kept.
fn chosen(form: &Form) -> Result<(bool, Vec<Uuid>), Failure> {
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let ids: Option<Vec<Uuid>> = form.starting_with("one-").take(most + 1).map(|(id, _)| id.parse().ok()).collect();
    let ids = ids.filter(|ids| ids.len() <= most).ok_or(Failure::BadRequest)?;
    match form.text("verb") {
        "keep" => Ok((true, ids)),
        "remove" => Ok((false, ids)),
        _ => Err(Failure::BadRequest),
    }
}

/// `POST /tasks/recertification`
pub(super) async fn post_roles(person: SignedIn, form: Form) -> PageResult {
    let (keeps, ids) = chosen(&form)?;
    let ids: Vec<_> = ids.into_iter().map(RoleAssignmentId).collect();
    let by = (&person.app.door, &reader(&person));
    let done: Result<usize, AnswerError> =
        transact!(person.app.db, tx => answer::roles(tx, by, (keeps, &ids), &person.ctx).await);
    finish(&person, About::Roles, keeps, done).await
}

/// `POST /tasks/recertification/memberships`
pub(super) async fn post_memberships(person: SignedIn, form: Form) -> PageResult {
    let (keeps, ids) = chosen(&form)?;
    let ids: Vec<_> = ids.into_iter().map(MembershipId).collect();
    let by = (&person.app.door, &reader(&person));
    let done: Result<usize, AnswerError> =
        transact!(person.app.db, tx => answer::memberships(tx, by, (keeps, &ids), &person.ctx).await);
    finish(&person, About::Memberships, keeps, done).await
}

async fn finish(person: &SignedIn, about: About, keeps: bool, done: Result<usize, AnswerError>) -> PageResult {
    match done {
        Ok(0) => Ok(see_other(&format!("{}?done=recert-nothing", about.path()))),
        Ok(_) => Ok(see_other(&format!("{}?done=recert-{}", about.path(), if keeps { "kept" } else { "removed" }))),
        Err(AnswerError::Revoke(RevokeError::LastHolder(_) | RevokeError::ReasonRequired)) => {
            show(person, about, None, Some("recert-last")).await
        }
        Err(error) => Err(ChangeError::from(error).into()),
    }
}
