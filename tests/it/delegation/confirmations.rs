//! What can be confirmed or rejected, and until when (D11).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::Applications;
use chamberlain::authority::action::{ConfirmRole, CreateUser};
use chamberlain::delegation::model::State;
use chamberlain::delegation::{confirm, store as roles};
use chamberlain::directory::user::model::User;
use chamberlain::directory::user::store as people;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::{DevOutbox, Transports, deliver_due};
use chamberlain::{db, transact};

use crate::support::{Bank, Failure, failure, outbox};

/// The role that somebody holds.
async fn role_of(bank: &Bank, person: UserId) -> RoleAssignmentId {
    let tx = &mut bank.world.db.reader().await.unwrap();
    roles::list_of(tx, PrincipalId::Person(person)).await.unwrap()[0].id
}

async fn reject(bank: &Bank, assignment: RoleAssignmentId) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, ConfirmRole { assignment }).await?;
        confirm::reject(tx, permit, "reason", &ctx).await.map(drop).map_err(failure)
    })
}

/// A bank, and where its mails arrive.
struct Post {
    bank: Bank,
    outbox: DevOutbox,
    transports: Transports,
}

impl Post {
    async fn found(world: crate::support::World) -> Self {
        let (outbox, transports) = outbox::in_memory();
        Self { bank: Bank::found(world).await, outbox, transports }
    }

    /// An administrator who has an account in use.
    async fn administrator(&self, name: &str) -> UserId {
        let id = self.bank.user_admin(self.bank.bank_b, true, name).await;
        self.bank.activate(id).await;
        id
    }

    /// Somebody whom `by` proposes as the first administrator of a level.
    async fn proposed(&self, by: UserId, name: &str, at: OrganisationId) -> RoleAssignmentId {
        let person = self.bank.person(at, name).await;
        let role = "DelegatedUserAdmin";
        let asked = self.bank.grant(PrincipalId::Person(by), person, role, (at, false), Applications::All).await;
        let (id, state) = asked.unwrap();
        assert_eq!(state, State::Pending);
        id
    }

    async fn edit(&self, user: UserId, edit: impl Fn(&mut User)) {
        let done: db::Result<()> = transact!(self.bank.world.db, tx => {
            let mut user = people::find(tx, user).await?.unwrap();
            edit(&mut user);
            assert!(people::save(tx, &user).await?);
            Ok(())
        });
        done.unwrap();
        self.bank.door.changed();
    }

    /// The new mails that name the role, not those by which accounts are activated and confirmations asked for: to whom, and what they say.
    async fn sent(&self) -> Vec<(String, String)> {
        let seen = self.outbox.list().len();
        deliver_due(&self.bank.world.db, &self.transports, &self.bank.world.clock).await.unwrap();
        let mut sent = self.outbox.list().split_off(seen);
        sent.retain(|mail| mail.text.contains("DelegatedUserAdmin"));
        sent.into_iter().map(|mail| (mail.to, mail.text)).collect()
    }
}

on_both! {
    /// D8, D11: whoever proposed a role is mailed what somebody else decided, in their language; nobody else is, and nobody who cannot sign in,
    /// has not proved their address, or does not see any more who holds roles there.
    async fn who_proposed_a_role_is_told_of_the_answer(world: World) {
        let post = Post::found(world).await;
        let bank = &post.bank;
        let (bea, cora) = (post.administrator("Bea").await, post.administrator("Cora").await);
        let confirm = async |id: RoleAssignmentId| bank.confirm(PrincipalId::Console, id).await.unwrap();
        let (first, second) = (post.proposed(bea, "Fred", bank.france).await, post.proposed(bea, "Gina", bank.germany).await);
        assert!(post.sent().await.is_empty(), "nothing is decided yet");
        confirm(first).await;
        let told = post.sent().await;
        assert_eq!(told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["bea@bank.example"]);
        let said = &told[0].1;
        assert!(said.contains("confirmed the role “DelegatedUserAdmin” at “Bank B France”"), "{said}");
        post.edit(bea, |user| user.locale = Some("de".to_owned())).await;
        reject(bank, second).await.unwrap();
        let told = post.sent().await;
        assert!(told.len() == 1 && told[0].1.contains("hat die Rolle „DelegatedUserAdmin“ bei „Bank B Germany“ abgelehnt"), "{told:?}");
        assert!(!told[0].1.contains("reason") && !told[0].1.contains("Gina"), "{told:?}");

        // What waits is proposed before its proposer comes to be somebody who is not told.
        let level = async |name: &str| bank.organisation(Some(bank.bank_b), name).await;
        let blocked = post.proposed(bea, "Hans", level("Bank B Italy").await).await;
        post.edit(bea, |user| user.blocked = true).await;
        confirm(blocked).await;
        let unproved = post.proposed(cora, "Ida", level("Bank B Spain").await).await;
        post.edit(cora, |user| user.email_verified = false).await;
        confirm(unproved).await;
        post.edit(cora, |user| user.email_verified = true).await;
        let unseen = post.proposed(cora, "Jan", level("Bank B Malta").await).await;
        bank.revoke(PrincipalId::Console, role_of(bank, cora).await, Some("left")).await.unwrap();
        confirm(unseen).await;
        let told = post.sent().await;
        assert!(told.len() == 1 && told[0].1.contains("you do not hold the role “DelegatedUserAdmin” at “Bank B”"), "but that: {told:?}");
    }

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
