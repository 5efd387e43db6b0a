//! What the module of an application asks for: its classification and its settings (I16, I26, I27).

use axum::extract::Path;

use super::applications::find;
use super::plain::FormPage;
use crate::authority::action::ManageApplication;
use crate::db::transact;
use crate::directory::module::settings::{MAX_SCHEMA, SettingsSchema};
use crate::directory::module::terms::Catalogue;
use crate::directory::module::{catalogue, catalogue_store, classes};
use crate::portal::error::{ChangeError, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

fn fields(page: &Page, stored: &Catalogue) -> Vec<Field> {
    let schema = stored.settings.as_ref().map(|schema| schema.text().to_owned()).unwrap_or_default();
    vec![
        Field { max: 60_000, ..Field::lines(page, "classes", "module-classification") }
            .hint(page, "module-classes-hint")
            .optional(page)
            .value(classes::write(&stored.classes)),
        Field { max: MAX_SCHEMA, ..Field::lines(page, "settings_schema", "module-settings-schema") }
            .hint(page, "module-settings-schema-hint")
            .optional(page)
            .value(schema),
    ]
}

/// What was sent, or what is wrong with it: in the words of the parser, which name line and cure.
fn read(page: &Page, form: &Form) -> Result<Catalogue, Errors> {
    let wrong = |key: &str, text: String| format!("{} {text}", page.t(key));
    let classes = classes::parse(form.text("classes"))
        .map_err(|error| Errors::one("classes", wrong("module-classes-wrong", error.to_string())))?;
    let settings = form.given("settings_schema").map(SettingsSchema::parse).transpose();
    let settings = settings
        .map_err(|error| Errors::one("settings_schema", wrong("module-settings-schema-wrong", error.to_string())))?;
    Ok(Catalogue { classes, settings })
}

/// `GET /admin/applications/{id}/module`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let application = find(tx, &person, &id).await?;
    let page = person.page(Area::Applications, "module-catalogue");
    let fields = fields(&page, &catalogue_store::find(tx, application.id).await?);
    let base = format!("/admin/applications/{}", application.id);
    let form = FormPage::saving(page, &base, format!("{base}/module"), fields);
    Ok(FormPage { intro: Some(application.name), ..form }.show())
}

/// `POST /admin/applications/{id}/module`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let mut page = person.page(Area::Applications, "module-catalogue");
    let base = format!("/admin/applications/{}", application.id);
    let catalogue = match read(&page, &form) {
        Ok(catalogue) => catalogue,
        Err(errors) => {
            page.has_errors = true;
            let mut all = fields(&page, &Catalogue::default());
            errors.fill(&mut all, Some(&form));
            let shown = FormPage::saving(page, &base, format!("{base}/module"), all);
            return Ok(FormPage { intro: Some(application.name), ..shown }.show());
        }
    };
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageApplication { application: Some(application.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(catalogue::describe(tx, permit, &catalogue, &person.ctx).await?)
    });
    made?;
    Ok(see_other(&format!("{base}?done=application-saved")))
}
