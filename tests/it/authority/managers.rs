//! Authorities that manage each other, through the real use cases: who comes to manage, what it allows, who is told.

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{CreateUser, ReadUser, ResetCredentials, UpdateOrganisation, UpdateUser};
use chamberlain::authority::{Applications, Reason};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};

use crate::support::{Failure, Network};

fn reason(outcome: Result<(), Failure>) -> Reason {
    outcome.unwrap_err().reason()
}

/// The kinds of what happened to an authority, with the one that manages it, if it is about that.
async fn log(all: &Network, of: OrganisationId) -> Vec<String> {
    let tx = &mut all.bank.world.db.reader().await.unwrap();
    let rows = audit::store::list_of_subject(tx, of.0, Timestamp(0), 100).await.unwrap();
    let rows = rows.into_iter().filter(|row| row.kind.starts_with("access_manager."));
    rows.map(|row| format!("{} {}", row.kind, row.details)).collect()
}

/// To whom mails about a new Access Manager went, with their texts.
async fn told(all: &Network) -> Vec<(String, String)> {
    let mut settings = Settings::default();
    (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
        (Driver::Memory, Driver::Memory, Driver::Memory);
    let public_url = "https://id.example".parse().unwrap();
    let sender = Sender::of(public_url);
    let outbox = DevOutbox::default();
    let transports = Transports::new(&settings, sender, Some(outbox.clone())).unwrap();
    deliver_due(&all.bank.world.db, &transports, &all.bank.world.clock).await.unwrap();
    let sent = outbox.list().into_iter().filter(|sent| sent.text.contains("managed by"));
    sent.map(|sent| (sent.to, sent.text)).collect()
}

async fn administers(all: &Network, who: UserId, at: OrganisationId) -> Result<(), Reason> {
    all.bank.may(who, CreateUser { organisation: at }).await?;
    all.bank.may(who, UpdateOrganisation { organisation: at }).await
}

on_both! {
    /// I39: the organisation for which somebody registers an authority manages it, by the same transaction; the console stands for none.
    async fn whoever_registers_an_authority_manages_it(world: World) {
        let all = Network::found(world).await;
        assert_eq!(all.managers(all.office).await, ["Germany"]);
        let library = all.register(PrincipalId::Person(all.maria), all.germany, "Library").await.unwrap();
        assert_eq!(all.managers(library).await, ["Ministry"], "the one of Maria, and not the one above");
        let log = log(&all, library).await;
        assert!(log.len() == 1 && log[0].starts_with("access_manager.added"), "{log:?}");
        administers(&all, all.maria, library).await.unwrap();
        let by_console = all.bank.organisation(Some(all.germany), "By the console").await;
        assert!(all.managers(by_console).await.is_empty());
        // Who manages nothing registers nothing.
        let refused = all.register(PrincipalId::Person(all.anton), all.germany, "Archive").await.unwrap_err();
        assert_eq!(refused.reason(), Reason::NotFound);
    }

    /// I03, I04, I06, I07, D7, D8: two conditions, each by itself not enough, and over with either of them at once.
    async fn an_administrator_of_the_manager_administers_what_is_managed(world: World) {
        let all = Network::found(world).await;
        let peter = all.bank.person(all.ministry, "Peter").await;
        let citizen = all.bank.person(all.agency, "Clara").await;
        administers(&all, all.maria, all.agency).await.unwrap();
        all.bank.may(all.maria, UpdateUser { user: citizen }).await.unwrap();
        assert_eq!(all.bank.may(peter, ReadUser { user: citizen }).await, Err(Reason::NotFound), "no Administrator");
        let olaf = PrincipalId::Person(all.olaf);
        assert_eq!(all.bank.may(all.olaf, ReadUser { user: citizen }).await, Err(Reason::NotFound), "no manager");
        all.bank.create(olaf, all.agency, "Nobody").await.unwrap_err();
        all.remove(all.nina, (all.agency, all.ministry)).await.unwrap();
        assert_eq!(all.bank.may(all.maria, ReadUser { user: citizen }).await, Err(Reason::NotFound));
        // It managed nothing else: its view of the country is gone as well.
        assert_eq!(administers(&all, all.maria, all.agency).await, Err(Reason::NotFound));
    }

    /// I50, I42, decisions.md 1: in one's own country only, told to its Administrators and to those who manage it already, and recorded as what it
    /// is.
    async fn somebody_makes_their_own_authority_an_access_manager(world: World) {
        let all = Network::found(world).await;
        let second = all.bank.person(all.germany, "Second of Germany").await;
        all.bank.appoint(second, "Administrator", all.germany, false, Applications::All).await;
        for user in [all.maria, second, all.olaf] {
            all.bank.activate(user).await;
        }
        assert_eq!(administers(&all, all.maria, all.office).await, Err(Reason::NotPermitted), "found, not managed");
        all.add(all.maria, (all.office, all.ministry)).await.unwrap();
        administers(&all, all.maria, all.office).await.unwrap();
        assert_eq!(all.managers(all.office).await, ["Germany", "Ministry"]);
        let log = log(&all, all.office).await;
        let own = |line: &&String| line.starts_with("access_manager.added") && line.contains("\"own\":true");
        assert_eq!((log.len(), log.iter().filter(own).count()), (2, 1), "{log:?}");
        let told = told(&all).await;
        let mut addresses: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
        addresses.sort_unstable();
        assert_eq!(addresses, ["olaf@bank.example", "second.of.germany@bank.example"]);
        assert!(told.iter().all(|(_, text)| text.contains("“Office”") && text.contains("“Ministry”")), "{told:?}");
        let again = all.add(all.maria, (all.office, all.ministry)).await.unwrap_err();
        assert_eq!(again.to_string(), "this organisation manages it already");
        assert_eq!(reason(all.add(all.maria, (all.marseille, all.ministry)).await), Reason::NotFound, "another country");
        assert_eq!(reason(all.add(all.maria, (all.ministry, all.ministry)).await), Reason::OtherCountry, "itself");
        assert_eq!(reason(all.add(all.anton, (all.office, all.agency)).await), Reason::NotFound, "manages nothing");
        // Whoever managed what stands above them would hold what is held from above, over the whole country (D4).
        for who in [all.maria, all.nina] {
            assert_eq!(reason(all.add(who, (all.germany, all.ministry)).await), Reason::StandsAbove);
        }
        assert!(all.managers(all.germany).await.is_empty());
    }

    /// I51: removed like added, and never the last.
    async fn the_last_access_manager_stays(world: World) {
        let all = Network::found(world).await;
        all.remove(all.maria, (all.agency, all.germany)).await.unwrap();
        let last = all.remove(all.maria, (all.agency, all.ministry)).await.unwrap_err();
        assert!(last.to_string().contains("last organisation that manages it"), "{last}");
        let none = all.remove(all.maria, (all.agency, all.office)).await.unwrap_err();
        assert_eq!(none.to_string(), "this organisation does not manage it");
        assert_eq!(all.managers(all.agency).await, ["Ministry"]);
        let log = log(&all, all.agency).await;
        let removed: Vec<_> = log.iter().filter(|line| line.starts_with("access_manager.removed")).collect();
        assert!(removed.len() == 1 && removed[0].contains(&all.germany.to_string()), "{log:?}");
        assert_eq!(reason(all.remove(all.anton, (all.agency, all.ministry)).await), Reason::NotPermitted, "their own");
    }

    /// I51, D6: two managers remove each other at once; one stays.
    async fn two_access_managers_cannot_remove_each_other(world: World) {
        let all = Network::found(world).await;
        for round in 0..10 {
            let name = format!("Contested {round}");
            let contested = all.register(PrincipalId::Person(all.nina), all.germany, &name).await.unwrap();
            all.add(all.maria, (contested, all.ministry)).await.unwrap();
            let insist = async |who, manager| loop {
                match all.remove(who, (contested, manager)).await {
                    Err(Failure::Db(error)) if error.is_retryable() => {}
                    outcome => return outcome.is_ok(),
                }
            };
            let (first, second) = tokio::join!(insist(all.nina, all.ministry), insist(all.maria, all.germany));
            assert_eq!(usize::from(first) + usize::from(second), 1, "round {round}: {first} {second}");
            assert_eq!(all.managers(contested).await.len(), 1);
        }
    }

    /// I50, D6: of many who add the same one, one succeeds; the others are told.
    async fn of_many_who_add_the_same_access_manager_one_succeeds(world: World) {
        let all = Network::found(world).await;
        let once = async || loop {
            match all.add(all.maria, (all.office, all.ministry)).await {
                Err(Failure::Db(error)) if error.is_retryable() => {}
                outcome => return outcome,
            }
        };
        let outcomes = tokio::join!(once(), once(), once(), once());
        let outcomes = [outcomes.0, outcomes.1, outcomes.2, outcomes.3];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().flat_map(Result::as_ref).count() <= 1);
        assert_eq!(all.managers(all.office).await, ["Germany", "Ministry"]);
    }

    /// D5: whoever manages an authority does not act on the Administrator of one that manages others itself, since they would get hold
    /// of those; the national coordinator does, and so does a peer.
    async fn an_access_manager_does_not_reach_through_another_one(world: World) {
        let all = Network::found(world).await;
        let peer = all.bank.person(all.ministry, "Petra").await;
        all.bank.appoint(peer, "Administrator", all.ministry, false, Applications::All).await;
        all.bank.may(all.maria, ResetCredentials { user: all.anton }).await.unwrap();
        all.add(all.nina, (all.office, all.agency)).await.unwrap();
        assert_eq!(all.bank.may(all.maria, ResetCredentials { user: all.anton }).await, Err(Reason::Outranked));
        all.bank.may(all.nina, ResetCredentials { user: all.anton }).await.unwrap();
        all.bank.may(peer, ResetCredentials { user: all.maria }).await.unwrap();
        all.bank.may(all.nina, ResetCredentials { user: all.maria }).await.unwrap();
        // Nor does she make an Administrator there, who would manage the office with them (D3, D4).
        let clara = all.bank.person(all.agency, "Clara").await;
        let maria = PrincipalId::Person(all.maria);
        let refused = all.bank.grant(maria, clara, "Administrator", (all.agency, false), Applications::All).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::NotPermitted);
        let anton = PrincipalId::Person(all.anton);
        all.bank.grant(anton, clara, "Administrator", (all.agency, false), Applications::All).await.unwrap();
    }

    /// D13, D4: adding an organisation hands on all that its people gain, for good: whose own right ends cannot.
    async fn adding_an_access_manager_is_decided_on_its_effect(world: World) {
        let all = Network::found(world).await;
        let soon = all.bank.world.clock.now().plus(Duration::from_mins(1));
        let temp = all.bank.person(all.germany, "Tim").await;
        let role = (temp, "NationalCoordinator");
        let over = (all.germany, true);
        all.bank.grant_until(PrincipalId::Console, role, over, Applications::All, Some(soon)).await.unwrap();
        assert_eq!(reason(all.add(temp, (all.office, all.ministry)).await), Reason::NotPermitted);
        all.add(all.nina, (all.office, all.ministry)).await.unwrap();
        // Maria manages the office now, and hands it on to the agency, which she also manages.
        all.add(all.maria, (all.office, all.agency)).await.unwrap();
        administers(&all, all.anton, all.office).await.unwrap();
        // What she does not see cannot be added; what is seen and of another country neither.
        assert_eq!(reason(all.add(all.maria, (all.office, all.marseille)).await), Reason::NotFound);
        let olga = all.bank.person(all.root, "Olga").await;
        all.bank.appoint(olga, "Operator", all.root, true, Applications::All).await;
        assert_eq!(reason(all.add(olga, (all.office, all.marseille)).await), Reason::OtherCountry);
        assert_eq!(reason(all.add(olga, (all.office, all.root)).await), Reason::OtherCountry);
    }
}
