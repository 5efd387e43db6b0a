//! The SQL of what modules ask for.

use std::collections::BTreeMap;

use super::settings::SettingsSchema;
use super::terms::{Catalogue, Class};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::ApplicationId;

statements! {
    FIND = "SELECT classification, settings_schema FROM module_catalogues WHERE application_id = $1";
    LIST = "SELECT application_id, classification FROM module_catalogues";
    SAVE = "INSERT INTO module_catalogues (application_id, classification, settings_schema) VALUES ($1, $2, $3)
        ON CONFLICT (application_id) DO UPDATE SET classification = excluded.classification,
        settings_schema = excluded.settings_schema";
    REMOVE = "DELETE FROM module_catalogues WHERE application_id = $1";
}

/// What the module of an application asks for.
pub async fn find(tx: &mut Tx, application: ApplicationId) -> db::Result<Catalogue> {
    let row: Option<(String, Option<String>)> =
        on!(tx, c => sqlx::query_as(FIND).bind(application).fetch_optional(c).await)?;
    let Some((classes, schema)) = row else { return Ok(Catalogue::default()) };
    let classes = read_classes(&classes)?;
    let settings = schema.as_deref().map(SettingsSchema::parse).transpose();
    Ok(Catalogue { classes, settings: settings.map_err(|_| Error::Corrupt("module_catalogues.settings_schema"))? })
}

/// The classes of every module that has some.
pub async fn list_classes(tx: &mut Tx) -> db::Result<BTreeMap<ApplicationId, Vec<Class>>> {
    let rows: Vec<(ApplicationId, String)> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(|(application, classes)| Ok((application, read_classes(&classes)?))).collect()
}

fn read_classes(text: &str) -> db::Result<Vec<Class>> {
    serde_json::from_str(text).map_err(|_| Error::Corrupt("module_catalogues.classification"))
}

/// Writes it.
pub(super) async fn save(tx: &mut Tx, application: ApplicationId, catalogue: &Catalogue) -> db::Result<()> {
    let classes = serde_json::to_string(&catalogue.classes).map_err(|_| Error::Corrupt("module_catalogues"))?;
    let schema = catalogue.settings.as_ref().map(|schema| schema.text().to_owned());
    Ok(on!(tx, c => sqlx::query(SAVE).bind(application).bind(&classes).bind(&schema).execute(c).await.map(drop))?)
}

/// Forgets it: the application goes.
pub(in crate::directory) async fn remove(tx: &mut Tx, application: ApplicationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(application).execute(c).await.map(drop))?)
}
