//! The audit log as administrators see it: what happened in their scope, and nothing else (D8, D10).

use chamberlain::audit::Kind;
use chamberlain::delegation::audit_store::{Search, View, list};
use chamberlain::kernel::ids::{PrincipalId, UserId};

use crate::support::{Bank, only};

/// What somebody sees of the log: kind and about whom.
async fn seen(bank: &Bank, by: UserId) -> Vec<(Kind, uuid::Uuid)> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    let now = bank.world.clock.now();
    let authority = bank.door.authority_of(tx, PrincipalId::Person(by), now).await.unwrap();
    let (kind, channel, organisation, actor) = (None, None, None, None);
    let (subject, since, until, after) = (None, None, None, None);
    let view = View::of(&authority, now);
    let search = Search { view, kind, channel, organisation, actor, subject, since, until, after };
    let rows = list(tx, &search, 1_000).await.unwrap();
    rows.into_iter().map(|row| (Kind::parse(&row.kind).unwrap(), row.subject_id)).collect()
}

on_both! {
    /// DA-42, DA-34: an administrator reads what happened in their levels, whoever did it, and nothing of others.
    async fn the_log_of_other_levels_is_not_read(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let [here, below, above, beside, other] = [
            bank.person(bank.germany, "Gustav").await,
            bank.person(bank.frankfurt, "Frank").await,
            bank.person(bank.bank_b, "Bruno").await,
            bank.person(bank.france, "Francine").await,
            bank.person(bank.bank_a, "Anna").await,
        ];
        let log = seen(&bank, admin).await;
        for user in [here, below] {
            assert!(log.contains(&(Kind::UserCreated, user.0)));
        }
        for user in [above, beside, other] {
            assert!(!log.iter().any(|(_, subject)| *subject == user.0));
        }
        assert!(!log.iter().any(|(kind, _)| matches!(kind, Kind::ApplicationCreated | Kind::GroupCreated)));
        assert_eq!(seen(&bank, here).await, [], "who administers nothing reads nothing");
    }

    /// DA-42, D8: nor what is about an application that one does not administer.
    async fn the_log_of_other_applications_is_not_read(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        bank.appoint(admin, "ApplicationAccessAdmin", bank.france, true, only(&[bank.casper])).await;
        let assigned = (Kind::MembershipAssigned, user.0);
        assert!(!seen(&bank, admin).await.contains(&assigned), "CASPER in France is not CASPER in Germany");
        bank.assign(PrincipalId::Console, user, bank.imas_user).await.unwrap();
        assert_eq!(seen(&bank, admin).await.iter().filter(|event| **event == assigned).count(), 1);
        let people = bank.user_admin(bank.germany, true, "Gerda").await;
        assert_eq!(seen(&bank, people).await.iter().filter(|event| **event == assigned).count(), 2);
    }
}
