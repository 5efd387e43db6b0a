//! The demo world, and what its administrators may and may not do in it (D1–D15, DA-*).

use chamberlain::authority::action::{
    AssignMembership, CreateUser, DeleteUser, GrantRole, MoveUser, ReadUser, RemoveMembership, UpdateUser,
};
use chamberlain::authority::{Action, Applications, Door, Reason, Refusal, Validity};
use chamberlain::cli::demo::world::{Addresses, seed};
use chamberlain::db::transact;
use chamberlain::delegation::grant::{GrantError, grant};
use chamberlain::delegation::model::State;
use chamberlain::delegation::profile::Profile;
use chamberlain::delegation::revoke::{RevokeError, revoke};
use chamberlain::directory::membership::access_store;
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::{group, organisation, user};
use chamberlain::kernel::ids::{GroupId, OrganisationId, PrincipalId, UserId};

use crate::support::World;

/// The seeded demo world with names for its parts.
pub(super) struct Seeded {
    pub(super) world: World,
    pub(super) door: Door,
}

impl Seeded {
    pub(super) async fn new(world: World) -> Self {
        let profile = Profile::shipped("ecb-identity-portal").unwrap().unwrap();
        let door = Door::new(profile.roles);
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let addresses = Addresses { imas: at(4001), casper: at(4002), casper_pre: at(4003) };
        seed(&world.db, &door, &world.clock, &world.entropy, &addresses).await.unwrap();
        Self { world, door }
    }

    pub(super) async fn user(&self, given_name: &str) -> UserId {
        let tx = &mut self.world.db.reader().await.unwrap();
        for domain in ["bank-a.example", "bank-b.example", "institution.example"] {
            for family in [
                "meyer", "lind", "roux", "berg", "costa", "perry", "petit", "weiss", "novak", "kovac", "hahn",
                "brandt", "martin", "ito",
            ] {
                if let Some(user) =
                    user::store::find_by_email(tx, &format!("{given_name}.{family}@{domain}")).await.unwrap()
                {
                    return user.id;
                }
            }
        }
        panic!("{given_name} is not in the demo world");
    }

    pub(super) async fn group(&self, code: &str) -> GroupId {
        group::store::find_by_code(&mut self.world.db.reader().await.unwrap(), code).await.unwrap().unwrap().id
    }

    async fn organisation(&self, name: &str) -> OrganisationId {
        let tx = &mut self.world.db.reader().await.unwrap();
        let root = organisation::store::find_root(tx).await.unwrap().unwrap().id;
        let all = organisation::store::list_subtree(tx, root, 100).await.unwrap();
        all.into_iter().find(|organisation| organisation.name == name).unwrap().id
    }

    /// What the decision says to `actor`, from live facts.
    async fn answer<A: Into<Action> + Clone>(&self, actor: UserId, action: A) -> Result<(), Reason> {
        let ctx = self.world.ctx_of(PrincipalId::Person(actor));
        let result = transact!(self.world.db, tx => self.door.authorise(tx, &ctx, action.clone()).await.map(drop));
        match result {
            Ok(()) => Ok(()),
            Err(Refusal::Denied(reason)) => Err(reason),
            Err(other) => panic!("{other}"),
        }
    }
}

on_both! {
    /// DA-01, D8: what is outside the subtree does not exist.
    async fn da_01_a_user_administrator_does_not_find_people_of_another_bank(world: World) {
        let seeded = Seeded::new(world).await;
        let (dora, paul, fred) = (seeded.user("dora").await, seeded.user("paul").await, seeded.user("fred").await);
        assert_eq!(seeded.answer(dora, UpdateUser { user: fred }).await, Ok(()));
        assert_eq!(seeded.answer(dora, UpdateUser { user: paul }).await, Err(Reason::NotFound));
        let nobody = UserId(uuid::Uuid::nil());
        assert_eq!(seeded.answer(dora, UpdateUser { user: nobody }).await, Err(Reason::NotFound));
    }

    /// DA-02, D5: a sub-level administrator neither reaches nor outranks the level above.
    async fn da_02_an_administrator_of_a_sub_level_does_not_act_on_the_level_above(world: World) {
        let seeded = Seeded::new(world).await;
        let (greta, felix, daniel) = (seeded.user("greta").await, seeded.user("felix").await, seeded.user("daniel").await);
        assert_eq!(seeded.answer(greta, UpdateUser { user: felix }).await, Ok(()));
        assert_eq!(seeded.answer(greta, UpdateUser { user: daniel }).await, Err(Reason::NotFound));
        assert_eq!(seeded.answer(daniel, UpdateUser { user: greta }).await, Ok(()));
        let bank_b = seeded.organisation("Bank B").await;
        assert_eq!(seeded.answer(greta, CreateUser { organisation: bank_b }).await, Err(Reason::NotFound));
    }

    /// DA-11, DA-13, DA-16, E49, E66: what each administrator role does not hold.
    async fn da_16_user_and_access_administrators_cannot_do_each_others_work(world: World) {
        let seeded = Seeded::new(world).await;
        let (dora, anna, nina) = (seeded.user("dora").await, seeded.user("anna").await, seeded.user("nina").await);
        let imas = seeded.group("IMAS_PORTAL_USER").await;
        let casper = seeded.group("CASPER_WEB_USER_ADMIN").await;
        assert_eq!(seeded.answer(anna, AssignMembership { user: nina, group: imas }).await, Ok(()));
        assert_eq!(seeded.answer(anna, AssignMembership { user: nina, group: casper }).await, Err(Reason::NotFound));
        assert_eq!(seeded.answer(anna, UpdateUser { user: nina }).await, Err(Reason::NotPermitted));
        assert_eq!(seeded.answer(dora, AssignMembership { user: nina, group: imas }).await, Err(Reason::NotPermitted));
        assert_eq!(seeded.answer(dora, RemoveMembership { user: nina, group: imas }).await, Err(Reason::NotPermitted));
        let at = seeded.organisation("Bank A").await;
        let role = |role: &str| GrantRole {
            to: PrincipalId::Person(nina),
            role: role.to_owned(),
            organisation: at,
            include_sub_levels: true,
            applications: Applications::All,
validity: Validity::default(),
        };
        assert_eq!(seeded.answer(anna, role("DelegatedUserAdmin")).await, Err(Reason::NotPermitted));
        assert_eq!(seeded.answer(dora, role("ApplicationAccessAdmin")).await, Err(Reason::NotPermitted));
        assert_eq!(seeded.answer(dora, role("DelegatedUserAdmin")).await, Ok(()));
        assert_eq!(seeded.answer(dora, role("Operator")).await, Err(Reason::InvalidGrant));
    }

    /// D7, E60: taking a membership away binds at the next look.
    async fn d_07_a_membership_taken_away_is_gone_from_the_groups_of_the_person_at_once(world: World) {
        let seeded = Seeded::new(world).await;
        let (bruno, fred) = (seeded.user("bruno").await, seeded.user("fred").await);
        let group = seeded.group("IMAS_PORTAL_USER").await;
        let ctx = seeded.world.ctx_of(PrincipalId::Person(bruno));
        let db = &seeded.world.db;
        let held = access_store::list_held(&mut db.reader().await.unwrap(), fred).await.unwrap();
        assert!(held.iter().any(|held| held.code == "IMAS_PORTAL_USER"));
        transact!(db, tx => {
            let permit = seeded.door.authorise(tx, &ctx, RemoveMembership { user: fred, group }).await.unwrap();
            chamberlain::directory::membership::assign::remove(tx, permit, &ctx).await
        })
        .unwrap();
        let held = access_store::list_held(&mut db.reader().await.unwrap(), fred).await.unwrap();
        assert!(!held.iter().any(|held| held.code == "IMAS_PORTAL_USER"));
    }

    /// DA-21, D5: nobody grants themself anything.
    async fn da_21_nobody_gives_themself_a_role_or_a_membership(world: World) {
        let seeded = Seeded::new(world).await;
        let alma = seeded.user("alma").await;
        let imas = seeded.group("IMAS_PORTAL_USER").await;
        assert_eq!(seeded.answer(alma, AssignMembership { user: alma, group: imas }).await, Err(Reason::OwnAccount));
        assert_eq!(seeded.answer(alma, DeleteUser { user: alma }).await, Err(Reason::NotPermitted));
    }

    /// DA-22, D6: the last user administrator of a level stays.
    async fn da_22_the_last_user_administrator_of_a_level_cannot_be_switched_off_by_a_delegate(world: World) {
        let seeded = Seeded::new(world).await;
        let (daniel, greta) = (seeded.user("daniel").await, seeded.user("greta").await);
        let ctx = seeded.world.ctx_of(PrincipalId::Person(daniel));
        let result = transact!(seeded.world.db, tx => {
            let permit = seeded.door.authorise(tx, &ctx, UpdateUser { user: greta }).await.unwrap();
            let guard = Guard { roles: seeded.door.roles(), reason: Some("leaves") };
            let change = UserChange { active: Some(false), ..UserChange::default() };
            user::update::update(tx, permit, change, None, guard, &ctx).await
        });
        assert!(matches!(result, Err(UserError::LastHolder(last)) if last.role == "DelegatedUserAdmin"));
    }

    /// DA-23, SD5: of two last administrators who remove each other at once, exactly one succeeds.
    async fn da_23_two_last_administrators_cannot_remove_each_other_at_once(world: World) {
        let seeded = Seeded::new(world).await;
        let (daniel, boris) = (seeded.user("daniel").await, seeded.user("boris").await);
        let remove = async |actor: UserId, target: UserId| {
            let ctx = seeded.world.ctx_of(PrincipalId::Person(actor));
            let db = seeded.world.db.clone();
            transact!(db, tx => {
                let held = chamberlain::delegation::store::list_of(tx, PrincipalId::Person(target)).await?;
                let assignment = held.iter().find(|held| held.role == "DelegatedUserAdmin").unwrap().id;
                let action = chamberlain::authority::action::RevokeRole { assignment };
                match seeded.door.authorise(tx, &ctx, action).await {
                    Ok(permit) => {
                        revoke(tx, permit, seeded.door.roles(), None, &ctx).await.map(drop)
                    }
                    Err(Refusal::Db(error)) => Err(RevokeError::Db(error)),
                    Err(_) => Err(RevokeError::AlreadyRevoked),
                }
            })
        };
        let (first, second) = tokio::join!(remove(daniel, boris), remove(boris, daniel));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
    }

    /// D3, D11, requirements decision 2: the first of a scope waits for the operator, a peer does not.
    async fn d_11_the_first_administrator_of_a_level_waits_for_the_operator(world: World) {
        let seeded = Seeded::new(world).await;
        let (daniel, lea, paul) = (seeded.user("daniel").await, seeded.user("lea").await, seeded.user("paul").await);
        let give = async |to: UserId, place: OrganisationId| {
            let ctx = seeded.world.ctx_of(PrincipalId::Person(daniel));
            let action = GrantRole {
                to: PrincipalId::Person(to),
                role: "DelegatedUserAdmin".to_owned(),
                organisation: place,
                include_sub_levels: true,
                applications: Applications::All,
validity: Validity::default(),
            };
            let db = seeded.world.db.clone();
            transact!(db, tx => {
                let permit = seeded.door.authorise(tx, &ctx, action.clone()).await.unwrap();
                grant(tx, permit, seeded.door.roles(), &ctx).await
            })
        };
        let france = seeded.organisation("Bank B France").await;
        assert_eq!(give(lea, france).await.unwrap().state, State::Pending);
        assert!(matches!(give(lea, france).await, Err(GrantError::AlreadyHeld)));
        let frankfurt = seeded.organisation("Bank B Frankfurt").await;
        let felix = seeded.user("felix").await;
        assert_eq!(seeded.answer(lea, UpdateUser { user: felix }).await, Err(Reason::NotFound), "DA-28: nothing before confirmation");
        assert_eq!(seeded.answer(lea, CreateUser { organisation: france }).await, Err(Reason::NotFound));
        let _ = frankfurt;
        let bank_b = seeded.organisation("Bank B").await;
        assert_eq!(give(paul, bank_b).await.unwrap().state, State::Active);
    }

    /// D1, DA-07: moving needs cover at both ends.
    async fn da_07_moving_somebody_needs_authority_at_both_ends(world: World) {
        let seeded = Seeded::new(world).await;
        let (daniel, greta, felix) = (seeded.user("daniel").await, seeded.user("greta").await, seeded.user("felix").await);
        let (germany, france, bank_a) =
            (seeded.organisation("Bank B Germany").await, seeded.organisation("Bank B France").await, seeded.organisation("Bank A").await);
        assert_eq!(seeded.answer(greta, MoveUser { user: felix, to: germany }).await, Ok(()));
        assert_eq!(seeded.answer(greta, MoveUser { user: felix, to: france }).await, Err(Reason::NotFound));
        assert_eq!(seeded.answer(daniel, MoveUser { user: felix, to: france }).await, Ok(()));
        assert_eq!(seeded.answer(daniel, MoveUser { user: felix, to: bank_a }).await, Err(Reason::NotFound));
    }

    /// D15, DA-17, DA-19: an administrator's change of address waits, and sign-in stays where it was.
    async fn da_17_a_new_address_by_an_administrator_stays_pending(world: World) {
        let seeded = Seeded::new(world).await;
        let (dora, fred) = (seeded.user("dora").await, seeded.user("fred").await);
        let ctx = seeded.world.ctx_of(PrincipalId::Person(dora));
        let changed = transact!(seeded.world.db, tx => {
            let permit = seeded.door.authorise(tx, &ctx, UpdateUser { user: fred }).await.unwrap();
            let guard = Guard { roles: seeded.door.roles(), reason: None };
            let change = UserChange { email: Some("thief@bank-a.example".parse().ok()), ..UserChange::default() };
            user::update::update(tx, permit, change, None, guard, &ctx).await
        })
        .unwrap();
        assert_eq!(changed.email.unwrap().as_str(), "fred.perry@bank-a.example");
        assert_eq!(changed.pending.unwrap().email.unwrap().as_str(), "thief@bank-a.example");
    }

    /// D10, CR-09: every change is in the log, and the chain over it holds until somebody touches it.
    async fn cr_09_the_audit_chain_finds_a_changed_line(world: World) {
        let seeded = Seeded::new(world).await;
        let db = &seeded.world.db;
        while chamberlain::audit::chain::seal(db).await.unwrap() > 0 {}
        let intact = chamberlain::audit::chain::verify(&mut db.reader().await.unwrap()).await.unwrap();
        assert!(intact.broken_at.is_none() && intact.tail == 0 && intact.sealed > 50, "{intact:?}");
        transact!(db, tx => {
            let sql = "UPDATE audit_events SET details = '[]' WHERE sequence = 30";
            match tx {
                chamberlain::db::Tx::Sqlite(inner) => sqlx::query(sql).execute(inner.connection()).await.map(drop),
                chamberlain::db::Tx::Postgres(inner) => sqlx::query(sql).execute(inner.connection()).await.map(drop),
            }
            .map_err(chamberlain::db::Error::from)
        })
        .unwrap();
        let broken = chamberlain::audit::chain::verify(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!(broken.broken_at, Some(30));
    }

    /// DA-18, D5: an operator who lives in a level is beyond the reach of its administrators.
    async fn da_18_nobody_edits_an_administrator_with_wider_scope(world: World) {
        let seeded = Seeded::new(world).await;
        let (olga, otto, dora) = (seeded.user("olga").await, seeded.user("otto").await, seeded.user("dora").await);
        assert_eq!(seeded.answer(olga, UpdateUser { user: otto }).await, Ok(()));
        assert_eq!(seeded.answer(dora, ReadUser { user: otto }).await, Err(Reason::NotFound));
        assert_eq!(seeded.answer(olga, UpdateUser { user: dora }).await, Ok(()));
    }
}
