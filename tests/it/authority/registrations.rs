//! Who may decide on the registration of an authority, and what two at once come to.

use std::time::Duration;

use chamberlain::authority::Reason;
use chamberlain::authority::action::ValidateRegistration;
use chamberlain::directory::organisation::store as organisations;
use chamberlain::directory::registration::model::{State, Step};
use chamberlain::directory::user::store as people;
use chamberlain::kernel::ids::RegistrationId;

use crate::support::{Failure, Office, newcomer};

/// The actions that are asked about here and not in the matrix.
pub const ASKED: [&str; 1] = ["ValidateRegistration"];

/// 20 in `make test`; more by `CHAMBERLAIN_ROUNDS`.
fn rounds() -> usize {
    std::env::var("CHAMBERLAIN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// Tries again while the database asks for it, as a client told "busy" would.
macro_rules! insist {
    ($asked:expr) => {
        loop {
            match $asked.await {
                Err(Failure::Db(error)) if error.is_retryable() => {}
                outcome => break outcome,
            }
        }
    };
}

fn said(outcome: Result<impl std::fmt::Debug, Failure>) -> String {
    outcome.unwrap_err().to_string()
}

on_both! {
    /// I35, D8, D11: whoever creates organisations there decides; who cannot see the place finds nothing; the owner of the invited address never does.
    async fn who_decides_on_a_registration(world: World) {
        let office = Office::open(world).await;
        let bank = &office.bank;
        let rita = office.registrar(bank.bank_b, "Rita").await;
        let applicant = office.registrar(bank.bank_b, "Lou").await;
        let address = newcomer("Lou").email.unwrap().as_str().to_owned();
        let registration = office.registered(rita, bank.germany, &address).await;
        let action = |registration| ValidateRegistration { registration };
        let unknown = RegistrationId(bank.world.ctx().uuid());
        let asked = [
            (rita, registration, Ok(())),
            (office.registrar(bank.germany, "Gerd").await, registration, Ok(())),
            (applicant, registration, Err(Reason::OwnProposal)),
            (bank.user_admin(bank.bank_b, true, "Ute").await, registration, Err(Reason::NotPermitted)),
            (office.registrar(bank.bank_a, "Ruth").await, registration, Err(Reason::NotFound)),
            (office.registrar(bank.frankfurt, "Franz").await, registration, Err(Reason::NotFound)),
            (bank.person(bank.bank_b, "Nobody").await, registration, Err(Reason::NotFound)),
            (rita, unknown, Err(Reason::NotFound)),
        ];
        for (number, (who, what, expected)) in asked.into_iter().enumerate() {
            assert_eq!(bank.may(who, action(what)).await, expected, "{number}");
        }
    }

    /// D11, I35: two people validate where the profile says so, and they are two; given back, the first one looks again.
    async fn two_people_validate_where_the_profile_says_so(world: World) {
        let mut office = Office::open(world).await;
        office.profile.registrations.four_eyes = true;
        let place = office.bank.bank_b;
        let (rita, robert) = (office.registrar(place, "Rita").await, office.registrar(place, "Robert").await);
        let id = office.registered(rita, place, "lab@city.example").await;
        assert!(!office.validate(rita, id).await.unwrap(), "nothing is made yet");
        assert_eq!(office.validate(rita, id).await.unwrap_err().reason(), Reason::OwnProposal);
        assert_eq!(office.find(id).await.organisation, None);
        office.send_back(robert, id).await.unwrap();
        office.answer(id).await;
        assert!(!office.validate(robert, id).await.unwrap(), "what was given back is looked at anew by two");
        assert!(office.validate(rita, id).await.unwrap());
        assert!(office.find(id).await.organisation.is_some());
        assert!(said(office.validate(rita, id).await).contains("nothing to decide"));
    }

    /// I35, D9: of two decisions at once one counts; the organisation exists exactly if it was validated.
    async fn of_two_decisions_at_once_one_counts(world: World) {
        let office = Office::open(world).await;
        let place = office.bank.bank_b;
        let (rita, robert) = (office.registrar(place, "Rita").await, office.registrar(place, "Robert").await);
        for round in 0..rounds() {
            office.bank.world.clock.advance(Duration::from_mins(3));
            let id = office.registered(rita, place, &format!("lab{round}@city.example")).await;
            let one = async { insist!(office.validate(rita, id)) };
            let (one, two) = if round % 2 == 0 {
                let two = async { insist!(office.refuse(robert, id)) };
                let (one, two) = tokio::join!(one, two);
                (one.is_ok(), two.is_ok())
            } else {
                let two = async { insist!(office.validate(robert, id)) };
                let (one, two) = tokio::join!(one, two);
                (one.is_ok(), two.is_ok())
            };
            assert!(one != two, "round {round}: {one} {two}");
            let found = office.find(id).await;
            assert_eq!(found.organisation.is_some(), found.state == State::Validated, "round {round}");
        }
    }

    /// I15: the organisation and its first user exist together or not at all.
    async fn an_authority_is_registered_whole_or_not_at_all(world: World) {
        let office = Office::open(world).await;
        let place = office.bank.bank_b;
        let rita = office.registrar(place, "Rita").await;
        let id = office.registered(rita, place, "lab@city.example").await;
        // Meanwhile the address became somebody's elsewhere.
        let address = newcomer("Someone").email.unwrap().as_str().to_owned();
        let taken = office.registered(rita, place, &address).await;
        office.bank.person(office.bank.bank_a, "Someone").await;
        assert!(said(office.validate(rita, taken).await).contains("in use"));
        let found = office.find(taken).await;
        assert_eq!((found.state, found.organisation), (State::Registered, None));
        assert!(office.validate(rita, id).await.unwrap());
        let made = office.find(id).await.organisation.unwrap();
        let tx = &mut office.bank.world.db.reader().await.unwrap();
        let user = people::find_by_email(tx, "lab@city.example").await.unwrap().unwrap();
        assert_eq!(user.organisation, made);
        assert_eq!(organisations::find(tx, made).await.unwrap().unwrap().parent, Some(place));
        let names: Vec<_> = organisations::list_children(tx, place, 100).await.unwrap();
        assert!(names.iter().all(|one| one.name != found.application.name), "nothing of the other one is there");
    }

    /// I30, I33, AU-38: by its link an authority registers once, in time, and not once it was taken back or replaced.
    async fn au_38_an_invitation_is_answered_once_and_in_time(world: World) {
        let office = Office::open(world).await;
        let place = office.bank.bank_b;
        let rita = office.registrar(place, "Rita").await;
        let id = office.invite(rita, place, "lab@city.example").await.unwrap();
        let first = office.find(id).await;
        assert!(said(office.submit(&first).await).contains("missing"), "nothing was entered");
        office.enter(&first, Step::Authority).await.unwrap();
        assert!(said(office.enter(&first, Step::Authority).await).contains("does not work"), "another window was faster");
        for step in [Step::Classification, Step::FirstUser] {
            office.enter(&office.find(id).await, step).await.unwrap();
        }
        let complete = office.find(id).await;
        let (one, two) = tokio::join!(async { insist!(office.submit(&complete)) }, async { insist!(office.submit(&complete)) });
        assert!(one.is_ok() != two.is_ok(), "submitted once");
        let submitted = office.find(id).await;
        assert_eq!(submitted.state, State::Registered);
        assert!(said(office.enter(&submitted, Step::Authority).await).contains("does not work"));
        // Time is judged when it is used, whatever was stored.
        let late = office.invite(rita, place, "late@city.example").await.unwrap();
        for step in Step::ALL {
            office.enter(&office.find(late).await, step).await.unwrap();
        }
        office.bank.world.clock.advance(office.profile.registrations.lifetime);
        assert!(said(office.submit(&office.find(late).await).await).contains("does not work"));
        assert!(said(office.enter(&office.find(late).await, Step::Authority).await).contains("does not work"));
        assert_eq!(office.find(late).await.state, State::Opened);
    }

    /// I32, D14: limits of one inviter, and of one address; an address is invited to one place once at a time.
    async fn invitations_have_limits(world: World) {
        let mut office = Office::open(world).await;
        office.profile.registrations.max_open = 3;
        let place = office.bank.bank_b;
        let rita = office.registrar(place, "Rita").await;
        for number in 0..3 {
            office.invite(rita, place, &format!("lab{number}@city.example")).await.unwrap();
        }
        assert!(said(office.invite(rita, place, "lab4@city.example").await).contains("too many"));
        let robert = office.registrar(place, "Robert").await;
        assert!(said(office.invite(robert, place, "LAB1@city.example").await).contains("invited already"));
        office.profile.registrations.max_open = 1_000;
        for (number, parent) in [office.bank.germany, office.bank.france, office.bank.frankfurt, place].into_iter().enumerate() {
            office.invite(robert, parent, "one@city.example").await.unwrap();
            assert!(number < 5);
        }
        let fifth = office.registrar(office.bank.root, "Rosa").await;
        office.invite(fifth, office.bank.root, "one@city.example").await.unwrap();
        for number in 0..60 {
            let outcome = office.invite(fifth, office.bank.root, &format!("many{number}@city.example")).await;
            assert_eq!(outcome.is_ok(), number < 59, "{number}");
        }
    }
}
