//! What somebody brings along from the provider where they signed in before: a password that it hashed, apps whose codes it knew.
//! The operator whose file it is vouches for it.

use super::brought_store::{self, Mark};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::factors::authenticator::bring::{self, App};
use crate::factors::foreign_hash::ForeignHash;
use crate::factors::password_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

/// What one person brings along. Whoever does need not activate the account: it has been theirs before.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The password as it was hashed there.
    pub password: ForeignHash,
    /// Authenticator apps.
    pub apps: Vec<App>,
    /// Whether the address was proved there.
    pub email_verified: bool,
    /// Whether the phone number was proved there.
    pub phone_verified: bool,
}

impl Brought {
    /// A password alone, of somebody whose address and number were proved.
    pub fn password(hash: ForeignHash) -> Self {
        Self { password: hash, apps: Vec::new(), email_verified: true, phone_verified: true }
    }
}

/// Keeps what people bring who were created in this transaction.
pub(super) async fn keep(tx: &mut Tx, people: &[(User, Brought)], ctx: &Ctx) -> db::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let those = |which: fn(&User, &Brought) -> bool| -> Vec<UserId> {
        people.iter().filter(|(user, brought)| which(user, brought)).map(|(user, _)| user.id).collect()
    };
    brought_store::save(tx, Mark::TakenOver(ctx.now), &those(|_, _| true)).await?;
    let emails = those(|user, brought| user.email.is_some() && brought.email_verified);
    brought_store::save(tx, Mark::Email, &emails).await?;
    let phones = those(|user, brought| user.phone.is_some() && brought.phone_verified);
    brought_store::save(tx, Mark::Phone, &phones).await?;
    let hashes: Vec<_> = people.iter().map(|(user, brought)| (user.id, &brought.password)).collect();
    password_store::insert_foreign(tx, &hashes, ctx.now).await?;
    let apps = people.iter().flat_map(|(user, brought)| brought.apps.iter().map(|app| (user.id, app.clone())));
    bring::keep(tx, apps.collect(), ctx).await?;
    let event = |(user, _): &(User, Brought)| {
        (None, Event::new(Kind::UserActivated, Subject::User(user.id)).within(user.organisation))
    };
    audit::record_all(tx, ctx, people.iter().map(event).collect()).await
}
