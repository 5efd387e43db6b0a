//! Groups from a file, each row for itself: what is there already is left, so that the same file again goes on where it was interrupted.

use serde::Deserialize;

use super::manage::{self, GroupDetails, GroupError};
use super::store;
use crate::authority::action::ManageGroup;
use crate::authority::{Door, Refusal};
use crate::db::{self, Tx};
use crate::directory::application::model::Environment;
use crate::directory::application::{environment_store, store as application_store};
use crate::directory::user::import::batch::Said;
use crate::kernel::ctx::Ctx;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The code of the application.
    pub application: String,
    /// The code of its environment; `production` if nothing stands there.
    #[serde(default)]
    pub environment: String,
    /// The code of the group, with or without the prefix of its environment.
    pub code: String,
    /// Its name; the code if nothing stands there.
    #[serde(default)]
    pub name: String,
    /// What its members may do.
    #[serde(default)]
    pub description: String,
    /// `true` where a second administrator is needed for changes of its members' addresses (D15); `false` or nothing.
    #[serde(default)]
    pub sensitive: String,
}

/// Creates the group of a row, by the decision of whoever asks.
pub async fn bring(tx: &mut Tx, door: &Door, row: &Row, ctx: &Ctx) -> db::Result<Said> {
    match bring_one(tx, door, row, ctx).await {
        Ok(said) => Ok(said),
        Err(GroupError::Db(error)) => Err(error),
        Err(refused) => Ok(Said::Refused(refused.to_string())),
    }
}

async fn bring_one(tx: &mut Tx, door: &Door, row: &Row, ctx: &Ctx) -> Result<Said, GroupError> {
    let sensitive = match row.sensitive.as_str() {
        "true" => true,
        "" | "false" => false,
        _ => return Ok(Said::Refused("`sensitive` is neither true nor false".to_owned())),
    };
    let Some(place) = place(tx, row).await? else {
        return Ok(Said::Refused("there is no application with this environment".to_owned()));
    };
    let code = if row.code.starts_with(&place.group_prefix) {
        row.code.clone()
    } else {
        format!("{}{}", place.group_prefix, row.code)
    };
    if let Some(found) = store::find_by_code(tx, &code).await? {
        let other = Said::Refused("a group of this code is there, of another application".to_owned());
        return Ok(if found.environment == place.id { Said::Unchanged } else { other });
    }
    let action = ManageGroup { application: place.application, environment: place.id };
    let permit = match door.authorise(tx, ctx, action).await {
        Ok(permit) => permit,
        Err(Refusal::Db(error)) => return Err(error.into()),
        Err(refusal) => return Ok(Said::Refused(refusal.to_string())),
    };
    let display_name = if row.name.is_empty() { code.clone() } else { row.name.clone() };
    let description = row.description.clone();
    let scim = serde_json::Map::new();
    let details = GroupDetails { code, display_name, description, documentation_url: None, sensitive, scim };
    manage::create(tx, permit, details, ctx).await?;
    Ok(Said::Created)
}

async fn place(tx: &mut Tx, row: &Row) -> db::Result<Option<Environment>> {
    let code = if row.environment.is_empty() { "production" } else { row.environment.as_str() };
    let Some(application) = application_store::find_by_code(tx, &row.application).await? else { return Ok(None) };
    let all = environment_store::list_of_application(tx, application.id).await?;
    Ok(all.into_iter().find(|environment| environment.code == code))
}
