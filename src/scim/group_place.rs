//! Where a new group goes: application and environment are named by their codes in our extension (C02).

use super::error::ScimError;
use super::request::Caller;
use super::router::Scim;
use super::schema::CHAMBERLAIN_GROUP;
use crate::authority::{ApplicationScope, Permission};
use crate::db::Tx;
use crate::directory::{application, client};
use crate::kernel::ids::{ApplicationId, EnvironmentId};

/// An environment whose groups the caller manages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The application.
    pub application: ApplicationId,
    /// Its code.
    pub application_code: String,
    /// The environment.
    pub environment: EnvironmentId,
    /// Its code.
    pub environment_code: String,
}

/// Every environment whose groups the caller manages; only the one that the client is registered for, if it is for one.
pub async fn list(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Vec<Place>, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    if !authority.has_anywhere(Permission::GroupManage, caller.ctx.now) {
        return Ok(Vec::new());
    }
    let managed = ApplicationScope::of(&authority, &[Permission::GroupManage], caller.ctx.now).applications();
    let only = client::store::find(tx, caller.client).await?.and_then(|client| client.settings.scim_environment);
    let applications = application::store::list(tx).await?;
    let environments = application::environment_store::list(tx).await?.into_iter();
    let wanted = environments.filter(|e| managed.contains(e.application) && only.is_none_or(|only| only == e.id));
    let place = |environment: application::model::Environment| {
        let application = applications.iter().find(|a| a.id == environment.application)?;
        Some(Place {
            application: application.id,
            application_code: application.code.clone(),
            environment: environment.id,
            environment_code: environment.code,
        })
    };
    Ok(wanted.filter_map(place).collect())
}

/// The one place that a document means.
pub async fn find(
    tx: &mut Tx,
    scim: &Scim,
    caller: &Caller,
    (application, environment): (Option<String>, Option<String>),
) -> Result<Place, ScimError> {
    let mut places = list(tx, scim, caller).await?;
    if places.is_empty() {
        return Err(ScimError::Forbidden("you do not manage the groups of any application".to_owned()));
    }
    let is = |wanted: &Option<String>, code: &str| wanted.as_ref().is_none_or(|text| text.eq_ignore_ascii_case(code));
    places.retain(|p| is(&application, &p.application_code) && is(&environment, &p.environment_code));
    match (places.pop(), places.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(ScimError::InvalidValue(format!("name `application` and `environment` in `{CHAMBERLAIN_GROUP}`")))
        }
        (None, _) => Err(ScimError::InvalidValue("there is no such application and environment".to_owned())),
    }
}
