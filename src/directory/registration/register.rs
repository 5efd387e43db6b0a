//! Registering an authority with its first user, whole or not at all (I12, I15).

use super::error::RegisterError;
use crate::authority::action::{CreateOrganisation, CreateUser};
use crate::authority::{Door, Permit};
use crate::db::Tx;
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::organisation::model::{Organisation, OrganisationDetails};
use crate::directory::user::model::{NewUser, User};
use crate::directory::{organisation, user};
use crate::kernel::ctx::Ctx;

/// What is registered.
#[derive(Clone, Debug)]
pub struct Authority {
    /// What it is.
    pub details: OrganisationDetails,
    /// What it says about itself.
    pub said: Description,
    /// Its first user.
    pub first_user: NewUser,
}

/// Creates the organisation by the permit, and its first user by another one of the same door: whoever registers an authority must
/// be allowed to create people there (D1, D13).
pub async fn register(
    tx: &mut Tx,
    door: &Door,
    permit: Permit<CreateOrganisation>,
    (authority, terms): (Authority, &Terms),
    ctx: &Ctx,
) -> Result<(Organisation, User), RegisterError> {
    let Authority { details, said, first_user } = authority;
    let made = organisation::create::create_described(tx, permit, details, (said, terms), ctx).await?;
    let permit = door.authorise(tx, ctx, CreateUser { organisation: made.id }).await?;
    let user = user::create::create(tx, permit, first_user, ctx).await?;
    Ok((made, user))
}
