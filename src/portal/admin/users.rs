//! Users: search, table, export (E33–E40, E46–E48).

use std::collections::BTreeSet;
use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};

use super::places::{self, Places};
use super::query::{Column, SIZES, UserQuery};
use super::{audit, csv, rows};
use crate::authority::{ApplicationScope, Permission, Reach, Scope};
use crate::db::Tx;
use crate::directory::group;
use crate::directory::names_store;
use crate::directory::user::ending_store::{self, Ending};
use crate::directory::user::listed::Listed;
use crate::directory::user::model::{PasswordStatus, Status};
use crate::directory::user::search_store::{self, Search, SortBy};
use crate::kernel::ids::OrganisationId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Choice, Field, Page, Pages};

/// Most rows of one export; a larger list is refused rather than cut without a word.
const EXPORT_ROWS: i64 = 50_000;

/// Which accounts end soon.
const SOON: Duration = Duration::from_hours(30 * 24);

/// Whoever may see people, to administer them or to give them access.
pub(super) const READERS: [Permission; 2] = [Permission::UserRead, Permission::MembershipAssign];

/// The states that can be searched for; the last one only by who may restore.
const STATES: [&str; 7] = ["active", "new", "blocked", "expired", "expiring", "deactivated", "deleted"];

struct Heading {
    text: String,
    /// To the list sorted by it, if it can be.
    link: Option<String>,
    direction: Option<&'static str>,
    arrow: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "pages/admin/users.html")]
struct UsersTemplate {
    page: Page,
    create: Option<String>,
    reach: String,
    places: Vec<Field>,
    texts: Vec<Field>,
    order: Vec<(String, String)>,
    caption: String,
    columns: Vec<Heading>,
    with_level: bool,
    rows: Vec<rows::Row>,
    pages: Pages,
    sizes: Vec<(u32, String, bool)>,
    export: String,
}

/// `GET /admin/users`
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let mut query = UserQuery::read(&raw.unwrap_or_default());
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Users, "users-title");
    let places = places::find(tx, &person, &page, &query).await?;
    let contacts = Sight::of(tx, &person, (&mut query, &places)).await?;
    let part = |query: &UserQuery| (i64::from(query.size), query.offset());
    let (mut users, total) = find(tx, &person, (&query, &places), portal.retention, part(&query)).await?;
    let reached = Pages::reached(query.page, query.size, total);
    if reached < query.page {
        // A bookmark of a list that was longer: its last page, not the word that nobody matches.
        query.page = reached;
        users = find(tx, &person, (&query, &places), portal.retention, part(&query)).await?.0;
    }
    page.wide = true;
    page.results = Some(total);
    let pages = Pages::new(&page, (query.page, query.size), total, |number| query.on_page(number).link("/admin/users"));
    let create = person.may(Permission::UserCreate).then(|| places.create_link());
    let size = query.size.to_string();
    let order =
        [("sort", query.sort.as_str()), ("dir", if query.descending { "desc" } else { "asc" }), ("size", &size)];
    let size_link = |size| UserQuery { size, page: 1, ..query.clone() }.link("/admin/users");
    let template = UsersTemplate {
        create,
        reach: places.reach.clone(),
        caption: caption(&page, &places, total),
        with_level: query.sub_levels && places.has_several,
        texts: texts(&page, &query, contacts),
        order: order.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        columns: Column::ALL.into_iter().map(|column| heading(&page, &query, (column, contacts))).collect(),
        rows: rows::of(tx, &person, &page, users).await?,
        sizes: SIZES.map(|size| (size, size_link(size), size == query.size)).to_vec(),
        export: UserQuery { level: Some(places.chosen), level_name: String::new(), ..query.clone() }
            .link("/admin/users.csv"),
        places: filters(tx, &person, &page, &query, places).await?,
        pages,
        page,
    };
    Ok(render(&template))
}

fn caption(page: &Page, places: &Places, total: u64) -> String {
    page.t2("users-caption", ("level", &places.name), ("count", &total.to_string()))
}

/// `GET /admin/users.csv`: everybody whom the search finds, within the same scope (E80, DA-41). That it was taken along is recorded.
pub(super) async fn export(State(portal): State<Portal>, person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let mut query = UserQuery::read(&raw.unwrap_or_default());
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Users, "users-title");
    let places = places::find(tx, &person, &page, &query).await?;
    // A page says which level it shows instead of one that is not there; a file does not.
    if query.is_of_no_level || !places.found {
        return Err(Failure::NotFound);
    }
    Sight::of(tx, &person, (&mut query, &places)).await?;
    let (users, total) = find(tx, &person, (&query, &places), portal.retention, (EXPORT_ROWS, 0)).await?;
    if total > EXPORT_ROWS.unsigned_abs() {
        return Err(Failure::TooLarge);
    }
    let homes: BTreeSet<OrganisationId> = users.iter().map(|user| user.organisation).collect();
    let reached = names_store::list_inside(tx, &seen_contacts(&person), &homes).await?;
    let homes = homes.into_iter().map(|home| home.0).collect();
    let names = names_store::list_organisations(tx, &super::reach::levels(&person), &homes).await?;
    let heads = [
        "user-given-name",
        "user-family-name",
        "user-email",
        "user-phone",
        "user-level",
        "user-company-id",
        "user-status",
        "user-created",
        "user-last-modified",
    ];
    let mut table = vec![heads.map(|key| page.t(key)).to_vec()];
    table.extend(users.iter().map(|user| {
        let level = names.get(&user.organisation.0).map_or("", String::as_str);
        line(&page, user, (level, reached.contains(&user.organisation)), &person)
    }));
    let via = READERS.iter().find_map(|permission| person.authority.holding(*permission, person.ctx.now).next());
    audit::remember(&person, "users", users.len(), via.map(|assignment| assignment.id)).await?;
    csv::download("users.csv", &table).map_err(Failure::internal)
}

fn line(page: &Page, user: &Listed, (level, seen): (&str, bool), person: &SignedIn) -> Vec<String> {
    let (email, phone) = contact(page, user.contacts(), seen);
    vec![
        user.given_name.clone(),
        user.family_name.clone(),
        email,
        phone,
        level.to_owned(),
        user.company_id.clone().unwrap_or_default(),
        page.t(&format!("status-{}", user.status(person.ctx.now).as_str())),
        moment(user.created_at),
        // It moves with addresses and numbers, too.
        if seen { moment(user.updated_at) } else { page.t("user-contact-hidden") },
    ]
}

/// E-mail address and phone number as shown; empty when there is none. Who may not see them sees the same word in their place,
/// whatever they are and whether there are any (decision 13).
pub(super) fn contact(page: &Page, (email, phone): (Option<&str>, Option<&str>), seen: bool) -> (String, String) {
    if !seen {
        return (page.t("user-contact-hidden"), page.t("user-contact-hidden"));
    }
    (email.unwrap_or_default().to_owned(), phone.unwrap_or_default().to_owned())
}

/// How many of the people of a list show their addresses and numbers to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// All: the list can be sorted by them.
    All,
    /// Some, who can be searched for by them.
    Some,
    /// None.
    None,
}

fn seen_memberships(person: &SignedIn) -> ApplicationScope {
    let seen = [Permission::MembershipRead, Permission::MembershipAssign];
    ApplicationScope::of(&person.authority, &seen, person.ctx.now)
}

fn seen_contacts(person: &SignedIn) -> Scope {
    Scope::of_contacts(&person.authority, person.ctx.now)
}

impl Sight {
    /// That of one list, whose order is changed if it would tell what is not seen (D8).
    async fn of(tx: &mut Tx, person: &SignedIn, (query, places): (&mut UserQuery, &Places)) -> Result<Self, Failure> {
        let (people, contacts) = (Scope::of_people(&person.authority, person.ctx.now), seen_contacts(person));
        let level = Some((places.chosen, query.sub_levels));
        let is_all = contacts.spans(&people)
            || Reach::of(tx, &people, level).await?.is_inside(&Reach::of(tx, &contacts, level).await?);
        if !is_all && query.sort.is_contact() {
            (query.sort, query.descending) = (Column::default(), false);
        }
        Ok(match is_all {
            true => Self::All,
            false if contacts.is_empty() => Self::None,
            false => Self::Some,
        })
    }
}

/// One part of what the search finds within the scope, and how many there are in all. Deleted people are found by who may
/// restore them, and only when asked for.
async fn find(
    tx: &mut Tx,
    person: &SignedIn,
    (query, places): (&UserQuery, &Places),
    retention: Duration,
    part: (i64, i64),
) -> Result<(Vec<Listed>, u64), Failure> {
    let now = person.ctx.now;
    let ending = match query.status.as_str() {
        "deleted" if person.may(Permission::UserDelete) => Some(Ending::Deleted(now.minus(retention))),
        "expiring" => Some(Ending::Expiring(now.plus(SOON))),
        _ => None,
    };
    let scope = match ending {
        Some(Ending::Deleted(_)) => Scope::of(&person.authority, &[Permission::UserDelete], now),
        Some(Ending::Expiring(_)) | None => Scope::of_people(&person.authority, now),
    };
    let search = Search {
        contacts: seen_contacts(person),
        group: query.group.map(|group| (group, seen_memberships(person))),
        given_name: query.given_name.clone(),
        family_name: query.family_name.clone(),
        email: query.email.clone(),
        phone: query.phone.clone(),
        status: Status::parse(&query.status),
        password: PasswordStatus::parse(&query.password)
            .map(|status| (status, person.app.passwords.standard.expired_since(now))),
        sort: sort(query.sort),
        descending: query.descending,
        ..Search::everybody(scope, Some((places.chosen, query.sub_levels)))
    };
    Ok(match ending {
        Some(ending) => ending_store::page(tx, (&search, ending), now, part).await?,
        None => search_store::page(tx, &search, now, part.0, part.1).await?,
    })
}

fn sort(column: Column) -> SortBy {
    match column {
        Column::GivenName => SortBy::GivenName,
        Column::FamilyName => SortBy::FamilyName,
        Column::Email => SortBy::Email,
        Column::Phone => SortBy::Phone,
    }
}

fn heading(page: &Page, query: &UserQuery, (column, contacts): (Column, Sight)) -> Heading {
    let sorted = query.sort == column;
    let (direction, arrow) = if query.descending { ("descending", "▼") } else { ("ascending", "▲") };
    Heading {
        text: page.t(column.key()),
        link: (contacts == Sight::All || !column.is_contact()).then(|| query.sorted_by(column).link("/admin/users")),
        direction: sorted.then_some(direction),
        arrow: sorted.then_some(arrow),
    }
}

async fn filters(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    query: &UserQuery,
    places: Places,
) -> Result<Vec<Field>, Failure> {
    let any = || vec![Choice::new("", page.t("any"), "-")];
    let mut groups = any();
    let present = query.group.map(|id| id.to_string()).unwrap_or_default();
    let seen = super::reach::applications(person, &[Permission::MembershipRead, Permission::MembershipAssign]);
    for found in group::store::list(tx).await? {
        if seen.iter().any(|set| set.contains(found.application)) {
            groups.push(Choice::new(found.id.to_string(), found.code, &present));
        }
    }
    let mut states = any();
    let shown = STATES.iter().filter(|state| **state != "deleted" || person.may(Permission::UserDelete));
    states.extend(shown.map(|state| Choice::new(*state, page.t(&format!("status-{state}")), &query.status)));
    let mut fields = places.fields;
    fields.push(Field::select(page, "group", "users-select-memberships", groups).filter());
    fields.push(Field::select(page, "status", "user-status", states).filter());
    let mut passwords = any();
    passwords.extend(
        PasswordStatus::ALL
            .map(PasswordStatus::as_str)
            .map(|state| Choice::new(state, page.t(&format!("password-status-{state}")), &query.password)),
    );
    fields.push(Field::select(page, "password", "user-password", passwords).filter());
    Ok(fields)
}

fn texts(page: &Page, query: &UserQuery, contacts: Sight) -> Vec<Field> {
    let values = [&query.given_name, &query.family_name, &query.email, &query.phone];
    let field = |(column, value): (Column, &String)| {
        let field = Field::text(page, column.as_str(), column.key()).filter().value(value.clone());
        if column.is_contact() && contacts == Sight::Some { field.hint(page, "users-contact-hint") } else { field }
    };
    let offered = Column::ALL.into_iter().zip(values);
    offered.filter(|(column, _)| contacts != Sight::None || !column.is_contact()).map(field).collect()
}
