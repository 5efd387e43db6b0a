//! The module access of a level: the table on its page, granting, and what stands in the way of a deactivation.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use uuid::Uuid;

use super::level::{find, find_own};
use super::module_form::{badge, explain, kind_text, read, sections};
use super::plain::{Cell, FormPage, Link, Table, TablePage};
use super::{reach, tree};
use crate::authority::action::{GrantModule, SuspendModule};
use crate::authority::{Action, Applications, Permission, Refusal, Scope};
use crate::db::{self, Tx, transact};
use crate::directory::application;
use crate::directory::application::model::Application;
use crate::directory::module::model::ModuleAccess;
use crate::directory::module::{catalogue_store, grant, store, suspend};
use crate::directory::names_store;
use crate::directory::organisation::model::{Organisation, Status};
use crate::directory::organisation::{search_store, store as organisations};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Form, Page};

/// How many active accesses are named, and suspended at once.
const AT_ONCE: usize = 200;

/// The applications whose modules a permission reaches at a level.
pub(super) async fn reached(
    tx: &mut Tx,
    person: &SignedIn,
    permission: Permission,
    level: OrganisationId,
) -> Result<Vec<Applications>, Failure> {
    let path = organisations::path(tx, level).await?.ok_or(Failure::NotFound)?;
    Ok(reach::applications_at(person, permission, &path))
}

fn holds(sets: &[Applications], application: ApplicationId) -> bool {
    sets.iter().any(|set| set.contains(application))
}

/// Whether there is anything about modules to be shown at a level.
pub(super) async fn any(tx: &mut Tx, person: &SignedIn, level: OrganisationId) -> Result<bool, Failure> {
    let seen = reached(tx, person, Permission::OrganisationRead, level).await?;
    if seen.is_empty() {
        return Ok(false);
    }
    let asking = application::store::list(tx).await?;
    if asking.iter().any(|application| application.modules.required && holds(&seen, application.id)) {
        return Ok(true);
    }
    Ok(store::list_of_organisation(tx, level).await?.iter().any(|access| holds(&seen, access.application)))
}

/// The part of a level's page about modules; none where no application asks for module access. What is shown is about
/// applications that the reader has to do with at this level (D8).
pub(super) async fn section(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    level: &Organisation,
) -> Result<Option<(String, Table, Vec<Link>)>, Failure> {
    let seen = reached(tx, person, Permission::OrganisationRead, level.id).await?;
    let managed = reached(tx, person, Permission::ModuleManage, level.id).await?;
    let mut held = store::list_of_organisation(tx, level.id).await?;
    held.retain(|access| holds(&seen, access.application));
    let applications = application::store::list(tx).await?;
    let asking = applications.iter().any(|application| application.modules.required && holds(&seen, application.id));
    if held.is_empty() && !asking {
        return Ok(None);
    }
    let taken: BTreeSet<ApplicationId> = held.iter().map(|access| access.application).collect();
    let left = applications.iter().any(|a| a.modules.required && holds(&managed, a.id) && !taken.contains(&a.id));
    let names: BTreeMap<ApplicationId, String> = applications.into_iter().map(|a| (a.id, a.name)).collect();
    let table = table(tx, person, page, (level, &held), (&names, &managed)).await?;
    let base = format!("/admin/levels/{}/modules", level.id);
    let active = level.status == Status::Active;
    let links = (active && left).then(|| (format!("{base}/new"), page.t("module-grant"))).into_iter().collect();
    Ok(Some((page.t("modules-title"), table, links)))
}

async fn table(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (level, held): (&Organisation, &[ModuleAccess]),
    (names, managed): (&BTreeMap<ApplicationId, String>, &[Applications]),
) -> Result<Table, Failure> {
    let by = People::of(tx, person, held.iter().map(|access| access.changed_by)).await?;
    let coordinators: BTreeSet<Uuid> = held.iter().flat_map(|a| a.coordinators.iter().map(|id| id.0)).collect();
    let coordinators = names_store::list_organisations(tx, &reach::levels(person), &coordinators).await?;
    let row = |access: &ModuleAccess| {
        let name = names.get(&access.application).cloned().unwrap_or_default();
        let named = access.coordinators.iter().filter_map(|id| coordinators.get(&id.0).cloned());
        let (kind, status) = badge(page, access.status);
        vec![
            if holds(managed, access.application) {
                Cell::link(name, format!("/admin/levels/{}/modules/{}", level.id, access.application))
            } else {
                Cell::text(name)
            },
            Cell::text(kind_text(page, access.terms.kind)).noted(named.collect::<Vec<_>>().join(", ")),
            Cell::badge(status, kind),
            Cell::whole(moment(access.changed_at)),
            Cell::text(by.name(page, access.changed_by)),
        ]
    };
    let rows = held.iter().map(row).collect();
    let columns = ["application-name", "module-kind", "user-status", "module-since", "module-by"];
    Ok(Table::new(page, page.t("modules-title"), &columns, rows).or_else(page, "modules-none"))
}

/// Names of whoever granted and suspended, as far as the reader may know them.
pub(super) struct People(BTreeMap<Uuid, String>);

impl People {
    pub(super) async fn of(
        tx: &mut Tx,
        person: &SignedIn,
        principals: impl Iterator<Item = PrincipalId>,
    ) -> Result<Self, Failure> {
        let ids = principals.filter_map(PrincipalId::person).map(|id| id.0).collect();
        let scope = Scope::of_people(&person.authority, person.ctx.now);
        let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
        Ok(Self(names_store::list_people(tx, (&scope, &contacts), &ids).await?))
    }

    pub(super) fn name(&self, page: &Page, principal: PrincipalId) -> String {
        match principal {
            PrincipalId::Person(id) => self.0.get(&id.0).cloned().unwrap_or_else(|| page.t("by-outside")),
            PrincipalId::Service(_) => page.t("by-service"),
            PrincipalId::Console => page.t("by-console"),
        }
    }
}

/// Modules that can be granted to the level: asked for, managed here, not held.
async fn grantable(tx: &mut Tx, person: &SignedIn, level: &Organisation) -> Result<Vec<Application>, Failure> {
    let managed = reached(tx, person, Permission::ModuleManage, level.id).await?;
    if managed.is_empty() {
        return Err(Failure::Forbidden);
    }
    let held = store::list_of_organisation(tx, level.id).await?;
    let mut applications = application::store::list(tx).await?;
    applications.retain(|one| {
        one.modules.required && holds(&managed, one.id) && !held.iter().any(|access| access.application == one.id)
    });
    Ok(applications)
}

/// `GET /admin/levels/{id}/modules/new`: which module, then as what.
pub(super) async fn get_new(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    let mut left = grantable(tx, &person, &level).await?;
    let only = if left.len() == 1 { left.pop() } else { None };
    let wanted: Option<ApplicationId> = query.text("application").parse().ok();
    let chosen = only.or_else(|| left.iter().find(|one| Some(one.id) == wanted).cloned());
    match chosen {
        Some(application) => new_form(tx, &person, (&level, &application), (&Errors::default(), None)).await,
        None => Ok(choose(&person, &level, left)),
    }
}

fn choose(person: &SignedIn, level: &Organisation, left: Vec<Application>) -> Response {
    let page = person.page(Area::Levels, "module-grant-title");
    let base = format!("/admin/levels/{}", level.id);
    let row = |application: Application| {
        let address = format!("{base}/modules/new?application={}", application.id);
        vec![Cell::link(application.name, address).noted(application.description), Cell::code(application.code)]
    };
    let rows = left.into_iter().map(row).collect();
    let columns = ["application-name", "application-code"];
    let table = Table::new(&page, page.t("module-choose"), &columns, rows).or_else(&page, "module-none-left");
    let lead = Some(page.t1("module-grant-choose", "level", &level.name));
    let back = Some((base, page.t("back")));
    TablePage { back, lead, ..TablePage::new(page, table) }.show()
}

async fn new_form(
    tx: &mut Tx,
    person: &SignedIn,
    (level, application): (&Organisation, &Application),
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Levels, "module-grant-title");
    page.has_errors = !errors.is_empty();
    let sections = sections(tx, (person, &page), (application, level.id), None, (errors, form)).await?;
    let comes_along = person.app.door.roles().iter().any(|role| role.auto_groups);
    let text = if comes_along { "module-grant-text-groups" } else { "module-grant-text" };
    let intro = page.t1(text, "level", &level.name);
    let intro = Some(format!("{}: {intro}", application.name));
    let base = format!("/admin/levels/{}", level.id);
    let submit = page.t("module-grant");
    let hidden = vec![("application".to_owned(), application.id.to_string())];
    let form = FormPage::saving(page, &base, format!("{base}/modules/new"), Vec::new());
    Ok(FormPage { hidden, intro, sections, submit, ..form }.show())
}

/// `POST /admin/levels/{id}/modules/new`
pub(super) async fn post_new(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    let application: ApplicationId = form.text("application").parse().map_err(|_| Failure::BadRequest)?;
    let catalogue = catalogue_store::find(tx, application).await?;
    let (terms, coordinators) = read(&form, &catalogue)?;
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = GrantModule { organisation: level.id, application, coordinators: coordinators.clone() };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        grant::grant(tx, permit, terms.clone(), &person.ctx).await?;
        Ok(())
    });
    match made {
        Ok(()) => Ok(saved(level.id, "granted")),
        Err(ChangeError::Module(error)) => {
            let errors = explain(&person.page(Area::Levels, "module-grant-title"), &error, &catalogue).ok_or(error)?;
            let found = application::store::find(tx, application).await?.ok_or(Failure::NotFound)?;
            new_form(tx, &person, (&level, &found), (&errors, Some(&form))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Back to the level, with what was done.
pub(super) fn saved(level: OrganisationId, word: &str) -> Response {
    see_other(&format!("/admin/levels/{level}/modules?done=module-{word}"))
}

/// What is still active at a level and below it, with names as far as the reader may know them, and how many there are.
async fn active(tx: &mut Tx, person: &SignedIn, page: &Page, level: &Organisation) -> Result<Vec<String>, Failure> {
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let found = store::list_active_below(tx, level.id, most).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let count = store::count_active_below(tx, level.id).await?;
    let scope = tree::scope(person, &[Permission::OrganisationRead]);
    let levels: Vec<OrganisationId> = found.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>().into_iter().collect();
    let places = search_store::list_places(tx, &scope, &levels).await?;
    let names: BTreeMap<ApplicationId, String> =
        application::store::list(tx).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let mut points = Vec::new();
    for (level, application) in &found {
        let place = places.get(level).map_or_else(|| page.t("level-outside"), |place| place.join(" / "));
        points.push(format!("{place}: {}", names.get(application).map_or("", String::as_str)));
    }
    let more = usize::try_from(count).unwrap_or(0).saturating_sub(found.len());
    if more > 0 {
        points.push(page.count("modules-more", more as u64));
    }
    Ok(points)
}

/// D9, I74: instead of the question whether to deactivate, what has to be suspended first.
pub(super) async fn in_the_way(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
) -> Result<Option<Response>, Failure> {
    let page = person.page(Area::Levels, "level-deactivate-title");
    let points = active(tx, person, &page, level).await?;
    if points.is_empty() {
        return Ok(None);
    }
    let base = format!("/admin/levels/{}", level.id);
    let mut warning = page.t1("modules-in-the-way", "level", &level.name);
    let all = may_suspend_all(tx, person, level.id).await?;
    let end = all.then(|| (format!("{base}/modules/suspend"), page.t("modules-suspend-all")));
    if !all {
        warning = format!("{warning} {}", page.t("modules-suspended-by-others"));
    }
    Ok(Some(FormPage { warning: Some(warning), points, end, ..FormPage::telling(page, &base) }.show()))
}

/// What [`post_suspend_all`] asks the door, for drawing its button.
async fn may_suspend_all(tx: &mut Tx, person: &SignedIn, level: OrganisationId) -> Result<bool, Failure> {
    let actions: Vec<Action> = suspensions(tx, level).await?.into_iter().map(Into::into).collect();
    match person.app.door.judge(tx, &person.ctx, &actions).await {
        Ok(allowed) => Ok(allowed.into_iter().all(|one| one)),
        Err(Refusal::Db(error)) => Err(error.into()),
        Err(Refusal::Denied(_) | Refusal::Anonymous) => Ok(false),
    }
}

/// The suspension of each access that is still active at a level and below it.
async fn suspensions(tx: &mut Tx, level: OrganisationId) -> db::Result<Vec<SuspendModule>> {
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let found = store::list_active_below(tx, level, most).await?;
    Ok(found.into_iter().map(|(organisation, application)| SuspendModule { organisation, application }).collect())
}

/// `GET /admin/levels/{id}/modules/suspend`: what would be suspended (I75).
pub(super) async fn get_suspend_all(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    let page = person.page(Area::Levels, "modules-suspend-all");
    let points = active(tx, &person, &page, &level).await?;
    let base = format!("/admin/levels/{}", level.id);
    if points.is_empty() {
        return Err(Failure::Conflict);
    }
    let intro = Some(page.t1("modules-suspend-all-text", "level", &level.name));
    let form = FormPage::asking(page, &base, format!("{base}/modules/suspend"), "modules-suspend-all");
    Ok(FormPage { intro, points, ..form }.show())
}

/// `POST /admin/levels/{id}/modules/suspend`: each access is decided on its own; on to the deactivation.
pub(super) async fn post_suspend_all(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let level = find_own(&mut person.app.db.reader().await?, &person, &id).await?;
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let actions = suspensions(tx, level.id).await?;
        let permits = person.app.door.authorise_all(tx, &person.ctx, actions).await?;
        suspend::suspend_all(tx, permits, &person.ctx).await?;
        Ok(())
    });
    made?;
    Ok(see_other(&format!("/admin/levels/{}/status?done=modules-suspended", level.id)))
}
