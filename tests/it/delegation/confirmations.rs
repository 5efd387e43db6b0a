//! What can be confirmed or rejected, and until when (D11).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::Applications;
use chamberlain::authority::action::{ConfirmRole, CreateUser};
use chamberlain::delegation::confirm;
use chamberlain::delegation::model::State;
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use crate::support::{Bank, Failure, failure};

async fn reject(bank: &Bank, assignment: RoleAssignmentId) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, ConfirmRole { assignment }).await?;
        confirm::reject(tx, permit, "reason", &ctx).await.map(drop).map_err(failure)
    })
}

on_both! {
    /// D11, D12: a proposal is confirmed before the role would end, and a role that is held is neither confirmed nor rejected.
    async fn only_a_proposal_that_has_not_ended_is_confirmed_or_rejected(world: World) {
        let bank = Bank::found(world).await;
        let bea = bank.person(bank.bank_b, "Bea").await;
        let beas = bank.appoint(bea, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let bea = PrincipalId::Person(bea);
        let (now, day) = (bank.world.clock.now(), Duration::from_hours(24));
        let [fred, gina] = [bank.person(bank.france, "Fred").await, bank.person(bank.france, "Gina").await];
        let mut proposed = Vec::new();
        for person in [fred, gina] {
            let (at, until) = ((bank.france, false), Some(now.plus(day)));
            let asked = bank.grant_until(bea, (person, "DelegatedUserAdmin"), at, Applications::All, until).await;
            let (id, state) = asked.unwrap();
            assert_eq!(state, State::Pending);
            proposed.push(id);
        }
        let kinds = async |role: RoleAssignmentId| {
            let tx = &mut bank.world.db.reader().await.unwrap();
            let log = audit::store::list_of_subject(tx, role.0, Timestamp(0), 10).await.unwrap();
            log.into_iter().map(|row| row.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(proposed[0]).await, ["role.proposed"]);
        assert_eq!(kinds(beas).await, ["role.granted"]);
        bank.confirm(PrincipalId::Console, proposed[0]).await.unwrap();
        for refused in [bank.confirm(PrincipalId::Console, proposed[0]).await, reject(&bank, proposed[0]).await] {
            assert!(matches!(refused, Err(Failure::UseCase(_))), "{refused:?}");
        }
        assert_eq!(bank.may(fred, CreateUser { organisation: bank.france }).await, Ok(()));
        bank.world.clock.advance(day);
        for refused in [bank.confirm(PrincipalId::Console, proposed[1]).await, reject(&bank, proposed[1]).await] {
            assert!(matches!(refused, Err(Failure::UseCase(_))), "{refused:?}");
        }
    }
}
