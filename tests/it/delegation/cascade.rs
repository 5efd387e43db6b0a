//! What ends with a role: what was handed on by it, and what was handed on by that (I02, D6, D10).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{DeleteUser, MoveUser};
use chamberlain::authority::{Applications, Door};
use chamberlain::delegation::ending::dependent_on;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::store as roles;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::{delete, transfer};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::deliver_due;
use chamberlain::transact;

use crate::support::{Bank, Failure, failure, only, outbox};

async fn is_live(bank: &Bank, role: RoleAssignmentId) -> bool {
    let tx = &mut bank.world.db.reader().await.unwrap();
    roles::find(tx, role).await.unwrap().unwrap().is_live(bank.world.clock.now())
}

/// In effect whoever had to confirm it.
async fn hand_on(bank: &Bank, by: UserId, to: UserId, role: &str, at: (OrganisationId, bool)) -> RoleAssignmentId {
    let (id, _) = bank.grant(PrincipalId::Person(by), to, role, at, Applications::All).await.unwrap();
    let confirmed = bank.confirm(PrincipalId::Console, id).await;
    assert!(confirmed.is_ok() || is_live(bank, id).await);
    id
}

/// Deletes an account.
async fn remove(bank: &Bank, by: PrincipalId, user: UserId, reason: Option<&str>) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(by);
    transact!(bank.world.db, tx => {
        let guard = Guard { roles: bank.door.roles(), reason };
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
        delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
    })
}

/// Moves an account to another home.
async fn transfer(bank: &Bank, user: UserId, to: OrganisationId) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, MoveUser { user, to }).await?;
        transfer::transfer(tx, permit, Guard { roles: bank.door.roles(), reason: Some("moves") }, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    bank.door.changed();
}

on_both! {
    /// P23, D10: who loses a role because another one ends is told of both; of several for single applications that end together once, and not
    /// at all of one beside which they hold another.
    async fn who_loses_a_role_along_with_another_is_told(world: World) {
        let bank = Bank::found(world).await;
        let (outbox, transports) = outbox::in_memory();
        let (petra, ada) = (bank.person(bank.germany, "Petra").await, bank.person(bank.germany, "Ada").await);
        for user in [petra, ada] {
            bank.activate(user).await;
        }
        let petras = bank.appoint(petra, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.appoint(petra, "ProvisioningAdmin", bank.germany, true, Applications::All).await;
        let mut adas = Vec::new();
        for application in [bank.imas, bank.casper, bank.imas] {
            let at = if adas.len() == 2 { bank.frankfurt } else { bank.germany };
            adas.push(bank.appoint(ada, "ApplicationAccessAdmin", at, true, only(&[application])).await);
        }
        let lost = async || {
            bank.world.clock.advance(Duration::from_hours(2));
            let seen = outbox.list().len();
            deliver_due(&bank.world.db, &transports, &bank.world.clock).await.unwrap();
            let texts = outbox.list().split_off(seen).into_iter().map(|mail| mail.text);
            texts.filter(|text| text.contains("you do not hold the role")).collect::<Vec<_>>()
        };
        assert!(lost().await.is_empty());
        bank.revoke(PrincipalId::Console, petras, Some("left")).await.unwrap();
        let told = lost().await;
        assert!(told.len() == 2 && ["DelegatedUserAdmin", "ProvisioningAdmin"].iter().all(|role| told.iter().any(|text| text.contains(role))), "{told:?}");
        bank.revoke(PrincipalId::Console, adas[1], Some("left")).await.unwrap();
        assert!(lost().await.is_empty(), "she holds the role there still");
        adas[1] = bank.appoint(ada, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.casper])).await;
        lost().await;
        transfer(&bank, ada, bank.france).await;
        let told = lost().await;
        assert!(told.len() == 2 && told.iter().all(|text| text.contains("ApplicationAccessAdmin")), "one for each place: {told:?}");
        let gone = bank.appoint(ada, "DelegatedUserAdmin", bank.france, true, Applications::All).await;
        lost().await;
        remove(&bank, PrincipalId::Console, ada, Some("left")).await.unwrap();
        assert!(!is_live(&bank, gone).await && lost().await.is_empty(), "an account that is gone reads no mail");
    }

    /// I02: revoking a national coordinator ends what they handed on, wholly or in part, and what was handed on by that; not what somebody
    /// else gave. What would end is known before.
    async fn i02_what_a_coordinator_handed_on_ends_with_them(world: World) {
        let mut bank = Bank::bare(world, "imi");
        bank.root = bank.organisation(None, "Commission").await;
        let country = bank.organisation(Some(bank.root), "Country").await;
        let [north, south] = [bank.organisation(Some(country), "North").await, bank.organisation(Some(country), "South").await];
        let [nina, nils, rita, rolf, vera] = [
            bank.person(country, "Nina").await,
            bank.person(north, "Nils").await,
            bank.person(north, "Rita").await,
            bank.person(south, "Rolf").await,
            bank.person(country, "Vera").await,
        ];
        let ninas = bank.appoint(nina, "NationalCoordinator", country, true, Applications::All).await;
        let veras = bank.appoint(vera, "NationalCoordinator", country, true, Applications::All).await;
        let nilss = hand_on(&bank, nina, nils, "NationalCoordinator", (north, true)).await;
        let ritas = hand_on(&bank, nils, rita, "RegistrationDelegate", (north, false)).await;
        let rolfs = hand_on(&bank, vera, rolf, "RegistrationDelegate", (south, false)).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        let held = roles::find(tx, ninas).await.unwrap().unwrap();
        let would: Vec<_> = dependent_on(tx, bank.door.roles(), &held).await.unwrap().into_iter().map(|role| role.id).collect();
        assert_eq!(would, [nilss, ritas]);
        // Somebody has to coordinate in the north: a delegate cannot leave it without by revoking above it, an operator says why.
        let refused = bank.revoke(PrincipalId::Person(vera), ninas, None).await.unwrap_err().to_string();
        assert!(refused.contains("last"), "{refused}");
        let refused = remove(&bank, PrincipalId::Person(vera), nina, None).await.unwrap_err().to_string();
        assert!(refused.contains("last"), "nor by deleting whoever handed it on: {refused}");
        assert!(is_live(&bank, ritas).await, "nothing has changed");
        bank.revoke(PrincipalId::Console, ninas, Some("left")).await.unwrap();
        for role in [ninas, nilss, ritas] {
            assert!(!is_live(&bank, role).await);
        }
        for role in [veras, rolfs] {
            assert!(is_live(&bank, role).await);
        }
        for (role, cause) in [(nilss, ninas), (ritas, nilss)] {
            let log = audit::store::list_of_subject(tx, role.0, Timestamp(0), 10).await.unwrap();
            assert!(log.iter().any(|row| row.kind == "role.revoked" && row.details.contains(&cause.to_string())), "{log:?}");
        }
    }

    /// I02: what an operator gave stays when the operator leaves: it was not handed on.
    async fn what_an_operator_gave_stays(world: World) {
        let mut bank = Bank::bare(world, "imi");
        bank.root = bank.organisation(None, "Commission").await;
        let country = bank.organisation(Some(bank.root), "Country").await;
        let [olga, otto] = [bank.person(bank.root, "Olga").await, bank.person(bank.root, "Otto").await];
        for operator in [olga, otto] {
            bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        }
        let nina = bank.person(country, "Nina").await;
        let ninas = hand_on(&bank, olga, nina, "NationalCoordinator", (country, true)).await;
        remove(&bank, PrincipalId::Console, olga, Some("left")).await.unwrap();
        assert!(is_live(&bank, ninas).await);
    }

    /// Where the profile does not say so, what was handed on stays: whoever gave it acted for their organisation (E61).
    async fn what_was_handed_on_stays_where_the_profile_does_not_end_it(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let lena = bank.person(bank.frankfurt, "Lena").await;
        let lenas = hand_on(&bank, dora, lena, "DelegatedUserAdmin", (bank.frankfurt, false)).await;
        bank.revoke(PrincipalId::Console, doras, Some("left")).await.unwrap();
        assert!(is_live(&bank, lenas).await);
    }

    /// D6, D10: it ends as well where the role above ends because its holder is deleted.
    async fn what_was_handed_on_ends_with_the_account_above(world: World) {
        let mut bank = Bank::found(world).await;
        let with = "code = \"DelegatedUserAdmin\"\nends_with_grantor = true";
        let profile = load(&SHIPPED[0].1.replacen("code = \"DelegatedUserAdmin\"", with, 1)).unwrap();
        bank.door = Door::new(profile.roles).following(bank.world.db.changes());
        let dora = bank.person(bank.germany, "Dora").await;
        bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let lena = bank.person(bank.frankfurt, "Lena").await;
        let lenas = hand_on(&bank, dora, lena, "DelegatedUserAdmin", (bank.frankfurt, false)).await;
        remove(&bank, PrincipalId::Console, dora, Some("left")).await.unwrap();
        assert!(!is_live(&bank, lenas).await);
    }

    /// D6, I02: who gave and who was given are not counted for each other where both end: one of a country's coordinators who handed the whole
    /// of it on cannot be taken away by the other, nor deleted, without a word.
    async fn two_who_end_together_do_not_stand_in_for_each_other(world: World) {
        let mut bank = Bank::bare(world, "imi");
        bank.root = bank.organisation(None, "Commission").await;
        let country = bank.organisation(Some(bank.root), "Country").await;
        let [nina, nils] = [bank.person(country, "Nina").await, bank.person(country, "Nils").await];
        let ninas = bank.appoint(nina, "NationalCoordinator", country, true, Applications::All).await;
        let nilss = hand_on(&bank, nina, nils, "NationalCoordinator", (country, true)).await;
        for user in [nina, nils] {
            bank.activate(user).await;
        }
        let refused = bank.revoke(PrincipalId::Person(nils), ninas, None).await.unwrap_err().to_string();
        assert!(refused.contains("last"), "{refused}");
        let refused = remove(&bank, PrincipalId::Person(nils), nina, None).await.unwrap_err().to_string();
        assert!(refused.contains("last"), "{refused}");
        assert!(is_live(&bank, ninas).await && is_live(&bank, nilss).await);
        // What nothing hangs on may go: the other one stays.
        bank.revoke(PrincipalId::Person(nina), nilss, None).await.unwrap();
        assert!(is_live(&bank, ninas).await && !is_live(&bank, nilss).await);
    }

    /// A role that the profile does not define any more gives nobody anything, and is cleared away by whoever gives roles everywhere.
    async fn what_the_profile_does_not_define_any_more_is_revoked_by_operators(world: World) {
        let mut bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let rosa = bank.person(bank.frankfurt, "Rosa").await;
        let rosas = bank.appoint(rosa, "ApplicationAccessAdmin", bank.frankfurt, true, Applications::All).await;
        let without = SHIPPED[0].1.replace("ApplicationAccessAdmin", "AnotherAdmin");
        bank.door = Door::new(load(&without).unwrap().roles).following(bank.world.db.changes());
        let refused = bank.revoke(PrincipalId::Person(dora), rosas, Some("left")).await;
        assert!(refused.is_err() && is_live(&bank, rosas).await, "not by a delegate");
        bank.revoke(PrincipalId::Console, rosas, Some("not in the profile")).await.unwrap();
        assert!(!is_live(&bank, rosas).await);
    }
}
