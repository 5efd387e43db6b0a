//! One module access of a level: what it is, changing it, suspending it and giving it back.

use axum::extract::Path;
use serde_json::Value;

use super::level::find as find_level;
use super::module_form::{badge, explain, kind_text, read, sections};
use super::modules::{People, reached, saved};
use super::plain::{FormPage, ViewPage};
use super::reach;
use crate::authority::Permission;
use crate::authority::action::{GrantModule, SuspendModule};
use crate::db::{Tx, transact};
use crate::directory::application;
use crate::directory::application::model::Application;
use crate::directory::module::model::{ModuleAccess, ModuleStatus};
use crate::directory::module::settings::SettingsSchema;
use crate::directory::module::terms::Catalogue;
use crate::directory::module::{catalogue_store, grant, store, suspend};
use crate::directory::names_store;
use crate::directory::organisation::model::{Organisation, Status};
use crate::kernel::ids::ApplicationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Form, Page};

/// What an address names.
struct Found {
    level: Organisation,
    application: Application,
    access: ModuleAccess,
}

impl Found {
    fn level(&self) -> String {
        format!("/admin/levels/{}/modules", self.level.id)
    }

    fn base(&self) -> String {
        format!("{}/{}", self.level(), self.access.application)
    }
}

/// Found by whoever manages it; for anybody else there is no such page.
async fn find(tx: &mut Tx, person: &SignedIn, (level, id): (&str, &str)) -> Result<Found, Failure> {
    let level = find_level(tx, person, level).await?;
    let id: ApplicationId = id.parse().map_err(|_| Failure::NotFound)?;
    let managed = reached(tx, person, Permission::ModuleManage, level.id).await?;
    if !managed.iter().any(|set| set.contains(id)) {
        return Err(Failure::NotFound);
    }
    let application = application::store::find(tx, id).await?.ok_or(Failure::NotFound)?;
    let access = store::find(tx, level.id, id).await?.ok_or(Failure::NotFound)?;
    Ok(Found { level, application, access })
}

/// `GET /admin/levels/{id}/modules/{application}`
pub(super) async fn get(person: SignedIn, Path((level, id)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = find(tx, &person, (&level, &id)).await?;
    let access = &found.access;
    let page = person.page(Area::Levels, "modules-title").titled(found.application.name.clone());
    let by = People::of(tx, &person, [access.granted_by, access.changed_by].into_iter()).await?;
    let named = access.coordinators.iter().map(|id| id.0).collect();
    let named = names_store::list_organisations(tx, &reach::levels(&person), &named).await?;
    let names: Vec<String> = access.coordinators.iter().filter_map(|id| named.get(&id.0).cloned()).collect();
    let catalogue = catalogue_store::find(tx, access.application).await?;
    let chosen = catalogue.classes.iter().filter(|class| access.terms.classification.contains(&class.code));
    let classes: Vec<&str> = chosen.map(|class| class.label(page.locale.tag())).collect();
    let facts = [
        ("user-level", found.level.name.clone()),
        ("module-kind", kind_text(&page, access.terms.kind)),
        ("module-coordinators", if names.is_empty() { "–".to_owned() } else { names.join(", ") }),
        ("module-classification", if classes.is_empty() { "–".to_owned() } else { classes.join(", ") }),
        ("module-granted", moment(access.granted_at)),
        ("module-granted-by", by.name(&page, access.granted_by)),
        ("module-since", moment(access.changed_at)),
        ("module-by", by.name(&page, access.changed_by)),
    ];
    let open = found.level.status == Status::Active;
    let suspended = access.status == ModuleStatus::Suspended;
    let word = if suspended { "module-regrant" } else { "module-suspend" };
    let end = (format!("{}/status", found.base()), page.t(word));
    let shown = ViewPage {
        back: (found.level(), page.t("back")),
        badge: Some(badge(&page, access.status)),
        links: open.then(|| (format!("{}/edit", found.base()), page.t("edit"))).into_iter().collect(),
        facts: facts
            .into_iter()
            .map(|(key, value)| (page.t(key), value))
            .chain(settings(&page, &catalogue, access))
            .collect(),
        tables: Vec::new(),
        ends: if suspended && !open { Vec::new() } else { vec![end] },
        page,
    };
    Ok(shown.show())
}

/// The settings of the module, as they stand.
fn settings<'a>(
    page: &'a Page,
    catalogue: &'a Catalogue,
    access: &'a ModuleAccess,
) -> impl Iterator<Item = (String, String)> + 'a {
    let asked = catalogue.settings.iter().flat_map(SettingsSchema::settings);
    asked.map(|setting| {
        let text = match access.terms.settings.get(&setting.name) {
            None => "–".to_owned(),
            Some(Value::Bool(set)) => page.t(if *set { "yes" } else { "no" }),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            Some(other) => other.to_string(),
        };
        (setting.title.clone(), text)
    })
}

async fn edit_form(tx: &mut Tx, person: &SignedIn, found: &Found, errors: &Errors, form: Option<&Form>) -> PageResult {
    let mut page = person.page(Area::Levels, "module-edit");
    page.has_errors = !errors.is_empty();
    let place = (&found.application, found.level.id);
    let sections = sections(tx, (person, &page), place, Some(&found.access), (errors, form)).await?;
    let intro = Some(format!("{}: {}", found.level.name, found.application.name));
    let hidden = vec![("version".to_owned(), found.access.version.to_string())];
    let base = found.base();
    Ok(FormPage { hidden, intro, sections, ..FormPage::saving(page, &base, format!("{base}/edit"), Vec::new()) }.show())
}

/// `GET /admin/levels/{id}/modules/{application}/edit`
pub(super) async fn get_edit(person: SignedIn, Path((level, id)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = find(tx, &person, (&level, &id)).await?;
    edit_form(tx, &person, &found, &Errors::default(), None).await
}

/// `POST /admin/levels/{id}/modules/{application}/edit` (I45, I57)
pub(super) async fn post_edit(person: SignedIn, Path((level, id)): Path<(String, String)>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = find(tx, &person, (&level, &id)).await?;
    let version: i64 = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let catalogue = catalogue_store::find(tx, found.access.application).await?;
    let (terms, coordinators) = read(&form, &catalogue)?;
    let (organisation, application) = (found.level.id, found.access.application);
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = GrantModule { organisation, application, coordinators: coordinators.clone() };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        grant::change(tx, permit, terms.clone(), Some(version), &person.ctx).await?;
        Ok(())
    });
    match made {
        Ok(()) => Ok(saved(organisation, "changed")),
        Err(ChangeError::Module(error)) => {
            let errors = explain(&person.page(Area::Levels, "module-edit"), &error, &catalogue).ok_or(error)?;
            edit_form(tx, &person, &found, &errors, Some(&form)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/levels/{id}/modules/{application}/status`: what suspending or giving back means, before it happens.
pub(super) async fn get_status(person: SignedIn, Path((level, id)): Path<(String, String)>) -> PageResult {
    let found = find(&mut person.app.db.reader().await?, &person, (&level, &id)).await?;
    let active = found.access.status == ModuleStatus::Active;
    let word = if active { "suspend" } else { "regrant" };
    let page = person.page(Area::Levels, &format!("module-{word}-title"));
    let intro = Some(format!("{}: {}", found.level.name, found.application.name));
    let points = vec![page.t(&format!("module-{word}-text")), page.t(&format!("module-{word}-text-2"))];
    let form = FormPage::asking(page, &found.base(), format!("{}/status", found.base()), &format!("module-{word}"));
    let hidden = vec![("to".to_owned(), word.to_owned())];
    Ok(FormPage { intro, points, hidden, danger: active, ..form }.show())
}

/// `POST /admin/levels/{id}/modules/{application}/status` (I53, I77)
pub(super) async fn post_status(person: SignedIn, Path((level, id)): Path<(String, String)>, form: Form) -> PageResult {
    let found = find(&mut person.app.db.reader().await?, &person, (&level, &id)).await?;
    let (organisation, application) = (found.level.id, found.access.application);
    let made: Result<&str, ChangeError> = transact!(person.app.db, tx => {
        match form.text("to") {
            "suspend" => {
                let action = SuspendModule { organisation, application };
                let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
                suspend::suspend(tx, permit, &person.ctx).await?;
                Ok("suspended")
            }
            "regrant" => {
                let action = GrantModule { organisation, application, coordinators: Vec::new() };
                let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
                grant::regrant(tx, permit, &person.ctx).await?;
                Ok("regranted")
            }
            _ => Err(ChangeError::Unknown),
        }
    });
    Ok(saved(organisation, made?))
}
