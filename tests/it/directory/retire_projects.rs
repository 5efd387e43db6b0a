//! What becomes of projects when an organisation in them is deleted (D9).

use std::time::Duration;

use chamberlain::authority::action::UpdateOrganisation;
use chamberlain::delegation::nomination::store as nominations;
use chamberlain::directory::organisation::model::Status;
use chamberlain::directory::organisation::retire::{Schedule, delete_all_due, remind_all_due};
use chamberlain::directory::organisation::{store, update};
use chamberlain::directory::project;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId};
use chamberlain::transact;

use crate::support::{Consortium, Failure, failure};

const AFTER: Duration = Duration::from_hours(183 * 24);

async fn deactivate(all: &Consortium, organisation: OrganisationId) {
    let ctx = all.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await?;
        update::deactivate(tx, permit, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    all.door.changed();
}

/// Half a year later the last reminder goes out, and two days later it is looked again.
async fn later(all: &Consortium) {
    for passed in [AFTER, Duration::from_hours(48)] {
        all.world.clock.advance(passed);
        let ctx = all.world.ctx_of(PrincipalId::Console);
        let schedule = Schedule { door: &all.door, after: AFTER };
        remind_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        delete_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        all.door.changed();
    }
}

async fn status(all: &Consortium, organisation: OrganisationId) -> Status {
    store::find(&mut all.world.db.reader().await.unwrap(), organisation).await.unwrap().unwrap().status
}

on_both! {
    /// D9, I81: a deleted organisation leaves its projects; what was held or proposed for it in them, by people elsewhere too, ends.
    async fn a_deleted_organisation_leaves_its_projects(world: World) {
        let all = Consortium::found(world).await;
        let in_project = (all.beta, Some(all.project));
        let elsewhere = all.person(all.gamma, "Else").await;
        all.assign(PrincipalId::Console, elsewhere, "ParticipantContact", in_project).await.unwrap();
        let here = all.person(all.beta, "Here").await;
        all.assign(PrincipalId::Console, here, "LEAR", (all.beta, None)).await.unwrap();
        all.nominate(PrincipalId::Person(elsewhere), "open@new.example", "TeamMember", in_project).await.unwrap();
        let at_home = all.nominate(PrincipalId::Console, "home@new.example", "AccountAdministrator", (all.beta, None)).await.unwrap();
        deactivate(&all, all.beta).await;
        later(&all).await;
        assert_eq!(status(&all, all.beta).await, Status::Deleted);
        assert!(all.held(elsewhere).await.is_empty() && all.held(here).await.is_empty());
        let tx = &mut all.world.db.reader().await.unwrap();
        let now = all.world.clock.now();
        assert!(!project::store::list_participants(tx, all.project).await.unwrap().contains(&all.beta));
        assert!(nominations::list_in_project(tx, all.project, now, 10).await.unwrap().is_empty());
        assert_eq!(nominations::find(tx, at_home.id).await.unwrap().unwrap().state.as_str(), "withdrawn");
    }

    /// D9, I81: whatever the clock says, nothing is deleted of which nobody was told a day before: after an outage, for example.
    async fn nothing_is_deleted_of_which_nobody_was_told(world: World) {
        let all = Consortium::found(world).await;
        deactivate(&all, all.gamma).await;
        all.world.clock.advance(AFTER * 2);
        let ctx = all.world.ctx_of(PrincipalId::Console);
        let schedule = Schedule { door: &all.door, after: AFTER };
        delete_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        remind_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        delete_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        assert_eq!(status(&all, all.gamma).await, Status::Deactivated, "told this minute");
        all.world.clock.advance(Duration::from_hours(25));
        let ctx = all.world.ctx_of(PrincipalId::Console);
        delete_all_due(&all.world.db, schedule, &ctx).await.unwrap();
        assert_eq!(status(&all, all.gamma).await, Status::Deleted);
    }

    /// D9: an organisation is not deleted while it coordinates something that is not over.
    async fn an_organisation_that_coordinates_a_project_is_held_up_until_it_is_over(world: World) {
        let all = Consortium::found(world).await;
        let pcoco = all.person(all.gamma, "Petra").await;
        all.assign(PrincipalId::Console, pcoco, "PrimaryCoordinatorContact", (all.acme, Some(all.project))).await.unwrap();
        deactivate(&all, all.acme).await;
        later(&all).await;
        assert_eq!(status(&all, all.acme).await, Status::Deactivated);
        assert_eq!(all.held(pcoco).await.len(), 1, "nothing is half done");
        // Somebody elsewhere signs for it: the second role ends with the first.
        let signs = all.person(all.gamma, "Sina").await;
        assert!(all.assign(PrincipalId::Console, signs, "FinancialSignatory", (all.acme, None)).await.is_err(), "deactivated");
        all.advance("closed").await.unwrap();
        later(&all).await;
        assert_eq!(status(&all, all.acme).await, Status::Deleted);
        assert!(all.held(pcoco).await.is_empty());
    }
}
