//! What one person may not hold together: said by either role, where the two reach the same, whenever they come to meet (D6, D8, D13).

use chamberlain::authority::Door;
use chamberlain::authority::action::{GrantRole, MoveOrganisation, NameDeputy};
use chamberlain::authority::{Applications, Roles, Validity};
use chamberlain::delegation::deputy::name;
use chamberlain::delegation::grant;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::organisation::transfer;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Failure, failure, only};

/// User administrators exclude access administrators, who say nothing of them.
fn separated() -> Roles {
    let with = "code = \"DelegatedUserAdmin\"\nseparation_of_duties = [\"ApplicationAccessAdmin\"]";
    load(&SHIPPED[0].1.replacen("code = \"DelegatedUserAdmin\"", with, 1)).unwrap().roles
}

fn separate(bank: &mut Bank) {
    bank.door = Door::new(separated()).following(bank.world.db.changes());
}

async fn give(bank: &Bank, to: UserId, role: &str, at: (OrganisationId, bool)) -> Result<(), Failure> {
    let over = if role == "ApplicationAccessAdmin" { only(&[bank.imas]) } else { Applications::All };
    bank.grant(PrincipalId::Console, to, role, at, over).await.map(drop)
}

async fn relocate(bank: &Bank, organisation: OrganisationId, to: OrganisationId) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, MoveOrganisation { organisation, to }).await?;
        transfer::transfer(tx, permit, &ctx).await.map(drop).map_err(failure)
    })
}

const USERS: &str = "DelegatedUserAdmin";
const ACCESS: &str = "ApplicationAccessAdmin";

on_both! {
    /// D6, D8: whichever is given first, and also where one reaches the other from above; not where they do not meet. The refusal does not
    /// say which other role it is.
    async fn roles_that_exclude_each_other_are_not_held_over_one_organisation(world: World) {
        let mut bank = Bank::found(world).await;
        separate(&mut bank);
        let [one, two, three] = [
            bank.person(bank.germany, "One").await,
            bank.person(bank.germany, "Two").await,
            bank.person(bank.germany, "Three").await,
        ];
        give(&bank, one, USERS, (bank.bank_b, true)).await.unwrap();
        for place in [bank.bank_b, bank.frankfurt] {
            let refused = give(&bank, one, ACCESS, (place, true)).await.unwrap_err().to_string();
            assert!(refused.contains("together"), "{refused}");
            assert!(!refused.contains(USERS) && !refused.contains(ACCESS), "{refused}");
        }
        give(&bank, one, ACCESS, (bank.bank_a, true)).await.unwrap();
        give(&bank, two, ACCESS, (bank.frankfurt, true)).await.unwrap();
        assert!(give(&bank, two, USERS, (bank.bank_b, true)).await.is_err(), "said by the other one");
        assert!(give(&bank, two, USERS, (bank.frankfurt, false)).await.is_err());
        give(&bank, two, USERS, (bank.bank_b, false)).await.unwrap();
        // What is only proposed counts as well.
        let bea = bank.user_admin(bank.bank_b, true, "Bea").await;
        let (_, state) = bank.grant(PrincipalId::Person(bea), three, USERS, (bank.france, false), Applications::All).await.unwrap();
        assert_eq!(state, chamberlain::delegation::model::State::Pending);
        assert!(give(&bank, three, ACCESS, (bank.france, false)).await.is_err());
    }

    /// D11, D13: it is judged again when a proposal is confirmed, and what is lent counts as what is held.
    async fn it_is_judged_again_at_a_confirmation_and_for_deputies(world: World) {
        let mut bank = Bank::found(world).await;
        let bea = bank.user_admin(bank.bank_b, true, "Bea").await;
        let both = bank.person(bank.germany, "Bodo").await;
        let (proposal, _) = bank.grant(PrincipalId::Person(bea), both, USERS, (bank.germany, true), Applications::All).await.unwrap();
        give(&bank, both, ACCESS, (bank.frankfurt, false)).await.unwrap();
        separate(&mut bank);
        let refused = bank.confirm(PrincipalId::Console, proposal).await.unwrap_err().to_string();
        assert!(refused.contains("together"), "{refused}");

        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, USERS, bank.germany, true, Applications::All).await;
        let lend = async |deputy: UserId| {
            let ctx = bank.world.ctx_of(PrincipalId::Person(dora));
            let until = ctx.now.plus(std::time::Duration::from_hours(48));
            let action = NameDeputy { assignment: doras, deputy, from: None, until };
            let done: Result<(), Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
                name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
            });
            done
        };
        assert!(lend(both).await.unwrap_err().to_string().contains("together"));
        let fred = bank.person(bank.frankfurt, "Fred").await;
        lend(fred).await.unwrap();
        assert!(give(&bank, fred, ACCESS, (bank.frankfurt, false)).await.is_err(), "in the place of Dora");
    }

    /// D13: an organisation is not moved to where somebody would come to hold both over it.
    async fn a_move_that_brings_them_together_is_refused(world: World) {
        let mut bank = Bank::found(world).await;
        separate(&mut bank);
        let one = bank.person(bank.germany, "One").await;
        give(&bank, one, USERS, (bank.bank_b, true)).await.unwrap();
        give(&bank, one, ACCESS, (bank.bank_a, true)).await.unwrap();
        let refused = relocate(&bank, bank.bank_a, bank.germany).await.unwrap_err().to_string();
        assert!(refused.contains("by this move") && !refused.contains(USERS), "{refused}");
        // What is lent counts here, too.
        let (dora, fred) = (bank.person(bank.germany, "Dora").await, bank.person(bank.frankfurt, "Fred").await);
        let doras = bank.appoint(dora, USERS, bank.germany, true, Applications::All).await;
        let third = bank.organisation(Some(bank.root), "Bank C").await;
        give(&bank, fred, ACCESS, (third, true)).await.unwrap();
        let ctx = bank.world.ctx_of(PrincipalId::Person(dora));
        let until = ctx.now.plus(std::time::Duration::from_hours(48));
        let action = NameDeputy { assignment: doras, deputy: fred, from: None, until };
        let lent: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
            name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
        });
        lent.unwrap();
        let refused = relocate(&bank, third, bank.germany).await.unwrap_err().to_string();
        assert!(refused.contains("by this move"), "{refused}");
        relocate(&bank, third, bank.bank_a).await.unwrap();
        relocate(&bank, bank.france, bank.bank_a).await.unwrap();
        relocate(&bank, bank.frankfurt, bank.bank_b).await.unwrap();
    }

    /// D3, D6: roles that do not exclude each other are held together, and those that do one after the other; what is lent counts for as
    /// long as it is lent.
    async fn what_does_not_exclude_or_does_not_meet_is_held_together(world: World) {
        let mut bank = Bank::found(world).await;
        separate(&mut bank);
        let one = bank.person(bank.germany, "One").await;
        bank.appoint(one, "Operator", bank.root, true, Applications::All).await;
        give(&bank, one, USERS, (bank.bank_b, true)).await.unwrap();
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, USERS, bank.germany, true, Applications::All).await;
        let (now, day) = (bank.world.clock.now(), std::time::Duration::from_hours(24));
        let access = async |to: UserId, from: u32, until: Option<u32>| {
            let ctx = bank.world.ctx_of(PrincipalId::Console);
            let validity = Validity { from: Some(now.plus(day * from)), until: until.map(|end| now.plus(day * end)) };
            let action = GrantRole {
                to: PrincipalId::Person(to),
                role: ACCESS.to_owned(),
                organisation: bank.frankfurt,
                include_sub_levels: false,
                applications: only(&[bank.imas]),
                validity,
            };
            let done: Result<(), Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
                grant::grant(tx, permit, bank.door.roles(), &ctx).await.map(drop).map_err(failure)
            });
            done
        };
        let lend = async |deputy: UserId, from: u32, until: u32| {
            let ctx = bank.world.ctx_of(PrincipalId::Person(dora));
            let (from, until) = (Some(now.plus(day * from)), now.plus(day * until));
            let action = NameDeputy { assignment: doras, deputy, from, until };
            let done: Result<(), Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
                name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
            });
            done
        };
        let [before, after, lent] = [
            bank.person(bank.frankfurt, "Bodo").await,
            bank.person(bank.frankfurt, "Anna").await,
            bank.person(bank.frankfurt, "Lena").await,
        ];
        access(before, 0, Some(5)).await.unwrap();
        lend(before, 5, 10).await.unwrap();
        access(after, 20, None).await.unwrap();
        lend(after, 0, 20).await.unwrap();
        lend(lent, 0, 10).await.unwrap();
        assert!(access(lent, 9, None).await.unwrap_err().to_string().contains("together"));
        access(lent, 10, None).await.unwrap();
    }
}
