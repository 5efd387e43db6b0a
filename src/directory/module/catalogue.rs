//! Saying what a module asks for: its classes and its settings (I26, I27). What was granted before stays as it is until it is changed.

use serde_json::json;

use super::catalogue_store;
use super::settings::SettingsSchema;
use super::terms::Catalogue;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageApplication;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;

/// Says what the module of the permitted application asks for, from now on.
pub async fn describe(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    catalogue: &Catalogue,
    ctx: &Ctx,
) -> db::Result<()> {
    let Some(application) = permit.action().application else { return Ok(()) };
    catalogue_store::save(tx, application, catalogue).await?;
    let classes: Vec<&str> = catalogue.classes.iter().map(|class| class.code.as_str()).collect();
    let settings = catalogue.settings.iter().flat_map(SettingsSchema::settings);
    let settings: Vec<&str> = settings.map(|setting| setting.name.as_str()).collect();
    let event = Event::new(Kind::ApplicationChanged, Subject::Application(application)).about(application);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "classes": classes, "settings": settings }))).await
}
