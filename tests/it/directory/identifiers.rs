//! Official identifiers and affiliations: one PIC is one organisation, one person may stand for several (P03).

use std::collections::BTreeMap;

use chamberlain::authority::action::UpdateOrganisation;
use chamberlain::delegation::place_store;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::organisation::describe::model::Description;
use chamberlain::directory::organisation::describe::{change, store as descriptions};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId};
use chamberlain::transact;

use crate::support::{Consortium, Failure, failure};

async fn claim(all: &Consortium, organisation: OrganisationId, pic: &str) -> Result<(), Failure> {
    let terms = Profile::shipped("participant-portal").unwrap().unwrap().terms;
    let ctx = all.world.ctx_of(PrincipalId::Console);
    loop {
        let said =
            Description { identifiers: BTreeMap::from([("PIC".to_owned(), pic.to_owned())]), ..Description::default() };
        let done: Result<(), Failure> = transact!(all.world.db, tx => {
            let permit = all.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await?;
            change::describe(tx, permit, &terms, said.clone(), &ctx).await.map(drop).map_err(failure)
        });
        match done {
            Err(Failure::Db(error)) if error.is_retryable() => {}
            outcome => return outcome,
        }
    }
}

on_both! {
    /// P03, I09: of two organisations that claim one PIC at the same instant one has it, however it is spaced.
    async fn a_pic_is_one_organisation(world: World) {
        let all = Consortium::found(world).await;
        for round in 0..10 {
            let pic = format!("99988877{round}");
            let spaced = format!("{} {} {}", &pic[..3], &pic[3..6], &pic[6..]);
            let (one, two) = tokio::join!(claim(&all, all.beta, &pic), claim(&all, all.gamma, &spaced));
            assert!(one.is_ok() != two.is_ok(), "round {round}: {one:?} {two:?}");
            let refused = one.err().or(two.err()).unwrap().to_string();
            assert!(refused.contains("identifier"), "{refused}");
            let tx = &mut all.world.db.reader().await.unwrap();
            assert!(descriptions::find_by_identifier(tx, "PIC", &pic).await.unwrap().is_some());
        }
    }

    /// P03: a person stands for several organisations, and several people for one; what they hold at one gives nothing at another.
    async fn a_person_stands_for_several_organisations(world: World) {
        let all = Consortium::found(world).await;
        let (paula, peter) = (all.person(all.acme, "Paula").await, all.person(all.acme, "Peter").await);
        for organisation in [all.beta, all.gamma] {
            all.assign(PrincipalId::Console, paula, "AccountAdministrator", (organisation, None)).await.unwrap();
        }
        all.assign(PrincipalId::Console, peter, "AccountAdministrator", (all.beta, None)).await.unwrap();
        let read = |organisation| chamberlain::authority::action::ReadRoles { organisation }.into();
        for (who, may) in [(paula, [true, true]), (peter, [true, false])] {
            for (place, may) in [all.beta, all.gamma].into_iter().zip(may) {
                assert_eq!(all.may::<chamberlain::authority::Action>(who, read(place)).await.is_ok(), may);
            }
        }
        let tx = &mut all.world.db.reader().await.unwrap();
        let now = all.world.clock.now();
        let held = place_store::list_in_organisation(tx, all.beta, (now, 100)).await.unwrap();
        let holders: std::collections::BTreeSet<_> = held.iter().filter_map(|role| role.principal.person()).collect();
        assert_eq!(holders, [paula, peter].into());
    }
}
