//! Users: search, table, export (E33–E40, E46–E48).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::RawQuery;

use super::query::{Column, SIZES, UserQuery};
use super::tree::{self, Level};
use super::{csv, rows};
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::directory::group;
use crate::directory::user::model::{Status, User};
use crate::directory::user::search_store::{self, Search, SortBy};
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Choice, Field, Page, Pages};

/// Most rows of one export.
const EXPORT_ROWS: i64 = 50_000;

/// Whoever may see people, to administer them or to give them access.
pub(super) const READERS: [Permission; 2] = [Permission::UserRead, Permission::MembershipAssign];

struct Heading {
    text: String,
    link: String,
    direction: Option<&'static str>,
    arrow: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "pages/admin/users.html")]
struct UsersTemplate {
    page: Page,
    create: Option<String>,
    places: Vec<Field>,
    texts: Vec<Field>,
    caption: String,
    columns: Vec<Heading>,
    rows: Vec<rows::Row>,
    pages: Pages,
    export: String,
}

/// `GET /admin/users`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = UserQuery::read(&raw.unwrap_or_default());
    let tx = &mut person.app.db.reader().await?;
    let levels = visible_levels(tx, &person).await?;
    let search = search(&person, &query, &levels);
    let (users, total) = search_store::page(tx, &search, person.ctx.now, i64::from(query.size), query.offset()).await?;
    let mut page = person.page(Area::Users, "users-title");
    page.wide = true;
    let level = levels.iter().find(|level| Some(level.organisation.id) == search.organisation.map(|(id, _)| id));
    let caption = page.t2(
        "users-caption",
        ("level", level.map_or("", |level| &level.organisation.name)),
        ("count", &total.to_string()),
    );
    let pages = Pages::new(&page, (query.page, query.size), total, |number| query.on_page(number).link("/admin/users"));
    let create = person.may(Permission::UserCreate).then(|| create_link(&query));
    let template = UsersTemplate {
        create,
        places: places(tx, &person, &page, &query, &levels).await?,
        texts: texts(&page, &query),
        caption,
        columns: Column::ALL.into_iter().map(|column| heading(&page, &query, column)).collect(),
        rows: rows::of(tx, &person, &page, users).await?,
        pages,
        export: query.link("/admin/users.csv"),
        page,
    };
    Ok(render(&template))
}

/// `GET /admin/users.csv`: everybody whom the search finds, within the same scope (E80).
pub(super) async fn export(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = UserQuery::read(&raw.unwrap_or_default());
    let tx = &mut person.app.db.reader().await?;
    let levels = visible_levels(tx, &person).await?;
    let names: BTreeMap<_, _> = levels.iter().map(|level| (level.organisation.id, level.path.as_str())).collect();
    let users = search_store::list(tx, &search(&person, &query, &levels), person.ctx.now, EXPORT_ROWS, 0).await?;
    let page = person.page(Area::Users, "users-title");
    let heads = [
        "user-given-name",
        "user-family-name",
        "user-email",
        "user-phone",
        "user-level",
        "user-company-id",
        "user-status",
    ];
    let mut table = vec![heads.map(|key| page.t(key)).to_vec()];
    table.extend(
        users.iter().map(|user| line(user, names.get(&user.organisation).copied().unwrap_or_default(), &person)),
    );
    csv::download("users.csv", &table).map_err(Failure::internal)
}

fn line(user: &User, level: &str, person: &SignedIn) -> Vec<String> {
    let (email, phone) = contact(user);
    let company_id = user.company_id.clone().unwrap_or_default();
    let status = user.status(person.ctx.now).as_str().to_owned();
    vec![user.given_name.clone(), user.family_name.clone(), email, phone, level.to_owned(), company_id, status]
}

/// E-mail address and phone number as shown; empty when there is none.
pub(super) fn contact(user: &User) -> (String, String) {
    let email = user.email.as_ref().map(|email| email.as_str().to_owned());
    let phone = user.phone.as_ref().map(|phone| phone.as_str().to_owned());
    (email.unwrap_or_default(), phone.unwrap_or_default())
}

async fn visible_levels(tx: &mut Tx, person: &SignedIn) -> Result<Vec<Level>, Failure> {
    let levels = tree::levels(tx, person, &READERS).await?;
    // Somebody who administers nobody has no such page.
    if levels.is_empty() { Err(Failure::NotFound) } else { Ok(levels) }
}

/// The search within the scope; a level that is not visible counts as not chosen, and the first is the default.
fn search(person: &SignedIn, query: &UserQuery, levels: &[Level]) -> Search {
    let chosen = query.level.filter(|id| levels.iter().any(|level| level.organisation.id == *id));
    let organisation = chosen.or_else(|| levels.first().map(|level| level.organisation.id));
    Search {
        scope: Scope::of_people(&person.authority, person.ctx.now),
        organisation: organisation.map(|id| (id, query.sub_levels)),
        group: query.group,
        given_name: query.given_name.clone(),
        family_name: query.family_name.clone(),
        email: query.email.clone(),
        phone: query.phone.clone(),
        status: Status::parse(&query.status),
        sort: sort(query.sort),
        descending: query.descending,
    }
}

fn sort(column: Column) -> SortBy {
    match column {
        Column::GivenName => SortBy::GivenName,
        Column::FamilyName => SortBy::FamilyName,
        Column::Email => SortBy::Email,
        Column::Phone => SortBy::Phone,
    }
}

fn create_link(query: &UserQuery) -> String {
    query.level.map_or_else(|| "/admin/users/new".to_owned(), |level| format!("/admin/users/new?level={level}"))
}

fn heading(page: &Page, query: &UserQuery, column: Column) -> Heading {
    let sorted = query.sort == column;
    let (direction, arrow) = if query.descending { ("descending", "▼") } else { ("ascending", "▲") };
    Heading {
        text: page.t(column.key()),
        link: query.sorted_by(column).link("/admin/users"),
        direction: sorted.then_some(direction),
        arrow: sorted.then_some(arrow),
    }
}

async fn places(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    query: &UserQuery,
    levels: &[Level],
) -> Result<Vec<Field>, Failure> {
    let level = query.level.or_else(|| levels.first().map(|level| level.organisation.id));
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
    for status in [Status::Active, Status::New, Status::Blocked, Status::Expired, Status::Deactivated] {
        states.push(Choice::new(status.as_str(), page.t(&format!("status-{}", status.as_str())), &query.status));
    }
    let sizes =
        SIZES.iter().map(|size| Choice::new(size.to_string(), size.to_string(), &query.size.to_string())).collect();
    Ok(vec![
        Field::select(page, "level", "users-select-level", tree::choices(levels, level)).filter(),
        Field::checkbox(page, "sub_levels", "include-sub-levels", query.sub_levels),
        Field::select(page, "group", "users-select-memberships", groups).filter(),
        Field::select(page, "status", "user-status", states).filter(),
        Field::select(page, "size", "page-size", sizes).filter(),
    ])
}

fn texts(page: &Page, query: &UserQuery) -> Vec<Field> {
    let values = [&query.given_name, &query.family_name, &query.email, &query.phone];
    let field = |(column, value): (Column, &String)| {
        Field::text(page, column.as_str(), column.key()).filter().value(value.clone())
    };
    Column::ALL.into_iter().zip(values).map(field).collect()
}
