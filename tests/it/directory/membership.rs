//! Access: who may give and take it, and what it opens.

use std::time::Duration;

use chamberlain::authority::action::{AssignMembership, RemoveMembership};
use chamberlain::authority::{Reason, Refusal};
use chamberlain::db::transact;
use chamberlain::directory::membership::assign::{MembershipError, assign, remove};
use chamberlain::directory::membership::import::{self, BringError, Row};
use chamberlain::directory::membership::{access_store, store};
use chamberlain::directory::user::import::batch::Said;
use chamberlain::kernel::time::Timestamp;

use crate::support::Demo;

async fn assigned(
    demo: &Demo,
    by: &str,
    user: &str,
    group: &str,
    until: Option<Timestamp>,
) -> Result<(), MembershipError> {
    let ctx = demo.acting(by).await;
    let action = AssignMembership { user: demo.user(user).await, group: demo.group(group).await };
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, action.clone()).await.unwrap();
        assign(tx, permit, until, &ctx).await.map(drop)
    })
}

on_both! {
    /// E49, DA-15: rows of a file are decided one by one for whoever brings it, and what is there already is left.
    async fn rows_of_a_file_are_decided_one_by_one(world: World) {
        let demo = Demo::seeded(world).await;
        let ctx = demo.acting("anna.berg@bank-a.example").await;
        let row = |user: &str, group: &str, until: &str| Row { user: user.to_owned(), group: group.to_owned(), until: until.to_owned() };
        let rows = [
            row("Nina.Petit@bank-a.example", "imas_portal_user", "2027-06-30"),
            row("nina.petit@bank-a.example", "IMAS_PORTAL_USER", "2027-06-30"),
            row("felix.brandt@bank-b.example", "IMAS_PORTAL_USER", ""),
            row("nobody@bank-a.example", "IMAS_PORTAL_USER", ""),
            row("nina.petit@bank-a.example", "NO_GROUP", ""),
            row("nina.petit@bank-a.example", "IMAS_PORTAL_USER", "2020-01-01"),
        ];
        let groups = import::groups(&mut demo.reader().await).await.unwrap();
        let said: Result<Vec<Said>, BringError> =
            transact!(demo.world.db, tx => import::bring(tx, &demo.door, (&rows, &groups), &ctx).await);
        let words: Vec<String> = said.unwrap().into_iter().map(|said| match said {
            Said::Created => "created".to_owned(),
            Said::Unchanged => "there already".to_owned(),
            Said::Refused(why) => why,
        }).collect();
        assert_eq!(words, ["created", "there already", "not found", "nobody has this address or user name",
            "there is no group of this code", "`until` is no day to come, as 2027-01-31"]);
        let (nina, group) = (demo.user("nina.petit@bank-a.example").await, demo.group("IMAS_PORTAL_USER").await);
        let held = store::find(&mut demo.reader().await, nina, group).await.unwrap().unwrap();
        assert!(held.granted_via.is_some() && held.until == Timestamp::end_of_date("2027-06-30"));
    }

    /// D2, E49
    async fn an_access_administrator_gives_and_takes_a_membership(world: World) {
        let demo = Demo::seeded(world).await;
        let (nina, group) = (demo.user("nina.petit@bank-a.example").await, demo.group("IMAS_PORTAL_USER").await);
        assigned(&demo, "anna.berg@bank-a.example", "nina.petit@bank-a.example", "IMAS_PORTAL_USER", None).await.unwrap();
        let again = assigned(&demo, "anna.berg@bank-a.example", "nina.petit@bank-a.example", "IMAS_PORTAL_USER", None).await;
        assert!(matches!(again, Err(MembershipError::AlreadyMember)));
        let held = store::find(&mut demo.reader().await, nina, group).await.unwrap().unwrap();
        assert!(held.granted_via.is_some(), "the assignment that allowed it is kept (D10)");
        let ctx = demo.acting("anna.berg@bank-a.example").await;
        let removed: Result<(), MembershipError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &ctx, RemoveMembership { user: nina, group }).await.unwrap();
            remove(tx, permit, &ctx).await
        });
        removed.unwrap();
        assert!(store::find(&mut demo.reader().await, nina, group).await.unwrap().is_none());
    }

    /// D12
    async fn a_membership_past_its_end_opens_nothing_and_can_be_given_again(world: World) {
        let demo = Demo::seeded(world).await;
        let nina = demo.user("nina.petit@bank-a.example").await;
        let end = demo.world.clock.now().plus(Duration::from_mins(1));
        assigned(&demo, "anna.berg@bank-a.example", "nina.petit@bank-a.example", "IMAS_PORTAL_USER", Some(end)).await.unwrap();
        assert_eq!(access_store::list_tiles(&mut demo.reader().await, nina, demo.world.clock.now()).await.unwrap().len(), 1);
        demo.world.clock.advance(Duration::from_mins(1));
        assert!(access_store::list_tiles(&mut demo.reader().await, nina, demo.world.clock.now()).await.unwrap().is_empty());
        assigned(&demo, "anna.berg@bank-a.example", "nina.petit@bank-a.example", "IMAS_PORTAL_USER", None).await.unwrap();
        assert_eq!(access_store::list_tiles(&mut demo.reader().await, nina, demo.world.clock.now()).await.unwrap().len(), 1);
    }

    async fn da_15_nobody_outside_the_own_level_gets_a_membership(world: World) {
        let demo = Demo::seeded(world).await;
        let action = AssignMembership { user: demo.user("felix.brandt@bank-b.example").await, group: demo.group("IMAS_PORTAL_USER").await };
        let refused = demo.ask(&demo.acting("anna.berg@bank-a.example").await, action).await;
        assert!(matches!(refused, Err(Refusal::Denied(Reason::NotFound))), "as if there were no such person");
    }

    /// E49: a user administrator who is no access administrator gives no access.
    async fn a_user_administrator_assigns_no_memberships(world: World) {
        let demo = Demo::seeded(world).await;
        let action = AssignMembership { user: demo.user("nina.petit@bank-a.example").await, group: demo.group("IMAS_PORTAL_USER").await };
        assert!(matches!(demo.ask(&demo.acting("dora.roux@bank-a.example").await, action).await, Err(Refusal::Denied(_))));
    }
}
