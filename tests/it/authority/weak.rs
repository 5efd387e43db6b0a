//! What waits for a stronger sign-in: told to tokens, and to nobody else (RFC 9470; D8).

use chamberlain::authority::action::ReadUser;
use chamberlain::authority::{Applications, Door, Reason, Refusal};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::limits::Limits;
use chamberlain::kernel::strength::Strength;

use crate::support::{Bank, only};

on_both! {
    /// RFC 9470 §3: a token is told to come back with a stronger sign-in only where all that it carries waits for one, or where it is refused;
    /// on pages what is out of sight is not found.
    async fn only_tokens_are_told_that_a_sign_in_is_too_weak(world: World) {
        let mut bank = Bank::found(world).await;
        let profile = SHIPPED[0].1.replacen(
            "code = \"DelegatedUserAdmin\"",
            "code = \"DelegatedUserAdmin\"\nsecond_factor = \"passkey\"",
            1,
        );
        bank.door = Door::new(load(&profile).unwrap().roles).following(bank.world.db.changes());
        let dora = bank.user_admin(bank.germany, true, "Dora").await;
        let elsewhere = bank.person(bank.bank_a, "Elsa").await;
        let weak = Ctx { strength: Strength::Any, ..bank.world.ctx_of(PrincipalId::Person(dora)) };
        let scopes = vec!["users:read".to_owned()];
        let by_token = Ctx { token: Some(Limits { scopes, details: Vec::new() }), ..weak.clone() };
        let read = async |ctx: &Ctx| {
            let tx = &mut bank.world.db.reader().await.unwrap();
            match bank.door.authorise_read(tx, ctx, ReadUser { user: elsewhere }).await {
                Err(Refusal::Denied(reason)) => reason,
                other => unreachable!("{other:?}"),
            }
        };
        let held = async |ctx: &Ctx| {
            let tx = &mut bank.world.db.reader().await.unwrap();
            bank.door.authority(tx, ctx).await.is_ok()
        };
        assert_eq!(read(&weak).await, Reason::NotFound);
        assert!(held(&weak).await && !held(&by_token).await);
        bank.appoint(dora, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        assert_eq!(read(&by_token).await, Reason::TooWeak(Strength::Passkey));
        assert!(held(&by_token).await, "a part of it has effect");
        bank.appoint(dora, "ProvisioningAdmin", bank.germany, true, Applications::All).await;
        assert_eq!(read(&weak).await, Reason::NotFound);
    }
}
