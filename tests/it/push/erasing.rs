//! Whoever is erased here, and what an application still holds of them.

use std::time::Duration;

use chamberlain::authority::action::{DeleteUser, EraseUser};
use chamberlain::db::transact;
use chamberlain::directory::user::erase::{self, EraseError};
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::{delete, error::UserError};
use chamberlain::kernel::ids::UserId;
use chamberlain::push::model::{Ending, Rules, Status};
use chamberlain::signals::fan_out::fan_out;

use super::pushing::{FRED, Pushing};
use crate::support::state;

async fn delete(pushing: &Pushing, user: UserId) {
    let (provider, ctx) = (&pushing.provider, pushing.ctx());
    let door = &provider.oidc.app.door;
    let done: Result<(), UserError> = transact!(provider.world.db, tx => {
        let permit = door.authorise(tx, &ctx, DeleteUser { user }).await.unwrap();
        delete::delete(tx, permit, None, Guard { roles: door.roles(), reason: Some("leaves") }, &ctx).await
    });
    done.unwrap();
    fan_out(&provider.world.db, door, &provider.world.entropy, provider.world.clock.now()).await.unwrap();
}

async fn erase(pushing: &Pushing, user: UserId) -> Result<(), EraseError> {
    let (provider, ctx) = (&pushing.provider, pushing.ctx());
    transact!(provider.world.db, tx => {
        let permit = provider.oidc.app.door.authorise(tx, &ctx, EraseUser { user }).await?;
        erase::erase(tx, permit, (Some("asked for it"), Duration::ZERO), &ctx).await
    })
}

on_both! {
    /// GDPR Art. 17: the application is told of the deletion before the name is gone, and nothing is sent afterwards.
    async fn an_application_is_told_first_and_then_forgotten(world: World) {
        let pushing = Pushing::going(world, Rules { deleted: Ending::Deactivate, ..Rules::default() }).await;
        let fred = pushing.provider.user(FRED).await;
        delete(&pushing, fred).await;
        assert!(matches!(erase(&pushing, fred).await, Err(EraseError::StillTold)));
        assert!(!pushing.push().await.is_empty());
        assert!(pushing.peer.people().contains_key(FRED) && !pushing.peer.active().contains(FRED), "as the rule says");
        erase(&pushing, fred).await.unwrap();
        assert!(pushing.push().await.is_empty(), "nobody is sent who has no name");
        let held = state(&pushing.provider.world.db, &[]).await;
        let id = fred.0.simple().to_string();
        let speaks = |table: &str| held[table].iter().any(|row| row.to_lowercase().replace('-', "").contains(&id));
        assert!(!speaks("push_resources") && !speaks("push_members") && !speaks("push_work"));
    }

    /// GDPR Art. 17, 19: one that could not be reached for a month deletes them when it is back, whatever it does with others.
    async fn an_application_that_was_away_deletes_whom_it_still_holds(world: World) {
        let pushing = Pushing::going(world, Rules { deleted: Ending::Deactivate, ..Rules::default() }).await;
        let fred = pushing.provider.user(FRED).await;
        pushing.turn(Status::Paused).await;
        delete(&pushing, fred).await;
        pushing.push().await;
        assert!(matches!(erase(&pushing, fred).await, Err(EraseError::StillTold)));
        pushing.provider.world.clock.advance(Duration::from_hours(30 * 24));
        erase(&pushing, fred).await.unwrap();
        assert!(pushing.peer.people().contains_key(FRED));
        pushing.turn(Status::Active).await;
        pushing.push().await;
        assert!(!pushing.peer.people().contains_key(FRED), "{:?}", pushing.peer.people().keys());
    }
}
