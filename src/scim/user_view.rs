//! How a person looks to one caller.

use serde_json::{Map, Value};

use super::error::ScimError;
use super::request::Caller;
use super::router::Scim;
use super::user_resource::{self, Surroundings};
use crate::authority::action::ReadUser;
use crate::authority::{Applications, Permission, Scope, scope};
use crate::db::Tx;
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::membership::access_store;
use crate::directory::user::model::User;
use crate::directory::{organisation, user};
use crate::kernel::ids::{ClientId, UserId};
use crate::kernel::time::Timestamp;

/// The person, if the caller may see them.
pub async fn find(tx: &mut Tx, scim: &Scim, caller: &Caller, id: UserId) -> Result<User, ScimError> {
    scim.app.door.authorise_read(tx, &caller.ctx, ReadUser { user: id }).await?;
    user::store::find(tx, id).await?.filter(|user| user.deleted_at.is_none()).ok_or(ScimError::NotFound)
}

/// What a caller sees.
#[derive(Debug)]
pub struct Viewer {
    /// The people.
    pub people: Scope,
    /// The applications whose groups are seen.
    pub applications: Applications,
    client: ClientId,
    base: String,
    now: Timestamp,
}

impl Viewer {
    /// The view of this caller at this instant.
    pub async fn new(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Self, ScimError> {
        let authority = scim.app.door.authority(tx, &caller.ctx).await?;
        let now = caller.ctx.now;
        Ok(Self {
            people: Scope::of_people(&authority, now),
            applications: scope::applications(&authority, Permission::MembershipRead, now),
            client: caller.client,
            base: scim.base(),
            now,
        })
    }

    /// The resource, without a version.
    pub async fn render(&self, tx: &mut Tx, user: &User) -> Result<Map<String, Value>, ScimError> {
        let home = organisation::store::find(tx, user.organisation).await?;
        let groups = access_store::list_held(tx, user.id).await?;
        let seen = |application| self.applications.contains(application);
        let around = Surroundings {
            base: &self.base,
            organisation: home.as_ref().map_or("", |home| home.name.as_str()),
            external_id: external_id_store::find(tx, self.client, ResourceKind::User, user.id.0).await?,
            groups: groups
                .into_iter()
                .filter(|g| seen(g.application) && g.until.is_none_or(|end| self.now < end))
                .collect(),
            now: self.now,
        };
        Ok(user_resource::render(user, &around))
    }
}
