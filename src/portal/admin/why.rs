//! Why: what somebody may do to a person or at a level, by which roles; and who else may.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, RawQuery};
use uuid::Uuid;

use super::chain::Known;
use super::level;
use super::plain::{Cell, Table, TablePage};
use super::{rows, target};
use crate::authority::action::{
    AssignMembership, BlockUser, CreateOrganisation, CreateUser, DeleteUser, GrantRole, ReadContact, ReadGroup,
    ReadOrganisation, ReadRoles, ReadUser, ResetCredentials, UpdateOrganisation, UpdateUser,
};
use crate::authority::role::RoleScope;
use crate::authority::{Action, Applications, Decision, Scope, Validity};
use crate::db::Tx;
use crate::delegation::explain::{Eyes, explain_all, who_can_each};
use crate::delegation::listed_store::Sight;
use crate::directory::{group, names_store, user};
use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form, Page};

/// How many of those who may are named.
const NAMED: usize = 20;

/// A question as shown, and as decided.
type Question = (String, Action);

/// What is asked, about which place, from where.
struct Asked {
    questions: Vec<Question>,
    place: OrganisationId,
    base: String,
    fields: Vec<Field>,
}

/// Who would do it: the reader, or whom they name.
struct Who {
    id: PrincipalId,
    name: String,
    field: Field,
}

/// The one named, if the reader knows them by their address; nobody else is told apart from nobody (D8, decision 13).
async fn who(tx: &mut Tx, person: &SignedIn, page: &Page, form: &Form) -> Result<Who, Failure> {
    let me = PrincipalId::Person(person.user.id);
    let field = Field::email(page, "who", "why-who").filter().hint(page, "why-who-hint").value(form.text("who"));
    let Some(email) = form.given("who") else { return Ok(Who { id: me, name: page.t("why-you"), field }) };
    let found = user::store::find_by_email(tx, email).await?;
    if let Some(found) = found {
        let id = PrincipalId::Person(found.id);
        if id == me {
            return Ok(Who { id, name: page.t("why-you"), field });
        }
        if rows::allowed(tx, person, ReadContact { user: found.id }).await? {
            let name = format!("{} {}", found.given_name, found.family_name);
            return Ok(Who { id, name: if name.trim().is_empty() { found.user_name } else { name }, field });
        }
    }
    let error = Some(page.t("why-nobody"));
    Ok(Who { id: me, name: page.t("why-you"), field: field.error(error) })
}

/// `GET /admin/users/{id}/why`
pub(super) async fn of_user(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let form = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let page = person.page(Area::Users, "why-title");
    let title = page.t1("why-of", "name", found.name(&page));
    let page = page.titled(title);
    let (user, place) = (found.user.id, found.user.organisation);
    let mut questions = on_user(&page, user);
    let field = Field::text(&page, "group", "why-group").filter().value(form.text("group"));
    let (further, field) = on_group(tx, &person, &page, (user, form.given("group"), field)).await?;
    questions.extend(further);
    questions.extend(grants(&person, &page, user, place));
    let asked = Asked { questions, place, base: format!("/admin/users/{user}"), fields: vec![field] };
    show(tx, &person, page, asked, &form).await
}

fn on_user(page: &Page, user: UserId) -> Vec<Question> {
    let all: [(&str, Action); 6] = [
        ("why-user-read", ReadUser { user }.into()),
        ("why-user-contact", ReadContact { user }.into()),
        ("why-user-update", UpdateUser { user }.into()),
        ("why-user-reset", ResetCredentials { user }.into()),
        ("why-user-block", BlockUser { user }.into()),
        ("why-user-delete", DeleteUser { user }.into()),
    ];
    all.into_iter().map(|(key, action)| (page.t(key), action)).collect()
}

/// Putting the person into the group of this code, if the reader knows such a group.
async fn on_group(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (user, code, field): (UserId, Option<&str>, Field),
) -> Result<(Option<Question>, Field), Failure> {
    let Some(code) = code else { return Ok((None, field)) };
    if let Some(found) = group::store::find_by_code(tx, code).await? {
        let group = found.id;
        if rows::allowed(tx, person, ReadGroup { group }).await? {
            let text = page.t1("why-membership", "group", code);
            return Ok((Some((text, AssignMembership { user, group }.into())), field));
        }
    }
    let error = Some(page.t("why-no-group"));
    Ok((None, field.error(error)))
}

/// Giving the person each role over the place where they are.
fn grants(person: &SignedIn, page: &Page, user: UserId, organisation: OrganisationId) -> Vec<Question> {
    let given = person.app.door.roles().iter().filter(|role| role.scope == RoleScope::Organisation && !role.nominated);
    let question = |code: &str| {
        let action = GrantRole {
            to: PrincipalId::Person(user),
            role: code.to_owned(),
            organisation,
            include_sub_levels: false,
            applications: Applications::All,
            validity: Validity::default(),
        };
        (page.t1("why-grant", "role", code), action.into())
    };
    given.map(|role| question(&role.code)).collect()
}

/// `GET /admin/levels/{id}/why`
pub(super) async fn of_level(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let form = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let found = level::find(tx, &person, &id).await?;
    let page = person.page(Area::Levels, "why-title");
    let title = page.t1("why-of", "name", &found.name);
    let page = page.titled(title);
    let organisation = found.id;
    let all: [(&str, Action); 5] = [
        ("why-level-read", ReadOrganisation { organisation }.into()),
        ("why-level-roles", ReadRoles { organisation }.into()),
        ("why-level-users", CreateUser { organisation }.into()),
        ("why-level-below", CreateOrganisation { parent: Some(organisation) }.into()),
        ("why-level-update", UpdateOrganisation { organisation }.into()),
    ];
    let questions = all.into_iter().map(|(key, action)| (page.t(key), action)).collect();
    let base = format!("/admin/levels/{organisation}");
    let asked = Asked { questions, place: organisation, base, fields: Vec::new() };
    show(tx, &person, page, asked, &form).await
}

/// Who else may: by name, as far as the reader knows them and they are few; how many more.
fn others(page: &Page, names: &BTreeMap<Uuid, String>, able: impl Iterator<Item = PrincipalId>) -> String {
    let (mut named, mut unnamed) = (Vec::new(), 0_u64);
    for id in able {
        match names.get(&id.uuid()) {
            Some(name) => named.push(name.clone()),
            None => unnamed += 1,
        }
    }
    named.sort_unstable();
    let further = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if further > 0 {
        named.push(page.count("why-more", further as u64));
    }
    if unnamed > 0 {
        named.push(page.count("why-unnamed", unnamed));
    }
    if named.is_empty() { "–".to_owned() } else { named.join(", ") }
}

async fn show(tx: &mut Tx, person: &SignedIn, mut page: Page, asked: Asked, form: &Form) -> PageResult {
    let who = who(tx, person, &page, form).await?;
    let (door, now) = (&person.app.door, person.ctx.now);
    let (texts, actions): (Vec<String>, Vec<Action>) = asked.questions.into_iter().unzip();
    let sight = Sight::of(&person.authority, now);
    let eyes = Eyes::Of(person.ctx.actor, &sight);
    let explained = explain_all(tx, door, (eyes, who.id, &actions), now).await?;
    let known = Known::of(tx, person, (asked.place, &explained)).await?;
    let (able, whole) = who_can_each(tx, door, (eyes, &actions), (asked.place, 0), now).await?;
    let ids = able.iter().flatten().filter_map(|(id, _)| id.person()).map(|id| id.0).collect::<BTreeSet<_>>();
    let scopes = (&Scope::of_people(&person.authority, now), &Scope::of_contacts(&person.authority, now));
    let mut names = names_store::list_people(tx, scopes, &ids).await?;
    names.insert(person.user.id.0, format!("{} {}", person.user.given_name, person.user.family_name));
    let rows = texts.into_iter().zip(&explained).zip(&able).map(|((text, one), able)| {
        let yes = matches!(one.decision, Decision::Allow(_));
        let (word, kind) = if yes { ("yes", "active") } else { ("no", "blocked") };
        let others = others(&page, &names, able.iter().map(|(id, _)| *id).filter(|id| *id != who.id));
        vec![Cell::text(text), Cell::badge(page.t(word), kind).noted(known.because(&page, one)), Cell::text(others)]
    });
    let rows = rows.collect();
    let mut table =
        Table::new(&page, page.t1("why-caption", "who", &who.name), &["why-action", "why-may", "why-others"], rows);
    if let Some(column) = table.columns.get_mut(1) {
        column.clone_from(&who.name);
    }
    page.has_errors = who.field.error.is_some() || asked.fields.iter().any(|field| field.error.is_some());
    let lead = page.t("why-text");
    let lead = Some(if whole { lead } else { format!("{lead} {}", page.t("why-many")) });
    let filters = std::iter::once(who.field).chain(asked.fields).collect();
    let back = Some((asked.base.clone(), page.t("back")));
    let action = format!("{}/why", asked.base);
    Ok(TablePage { back, lead, action, filters, ..TablePage::new(page, table) }.show())
}
