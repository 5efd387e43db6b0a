//! The one answer that tells of hidden people: that a name is taken (`decisions.md` 2).

use std::time::Duration;

use chamberlain::audit::{Kind, store as audit};
use chamberlain::directory::user::conflict::{MAX_IN_AN_HOUR, WINDOW};
use chamberlain::kernel::time::Timestamp;
use serde_json::{Value, json};

use super::service::{Place, Service, person};

/// How often a client was told, as the audit log has it.
async fn told(place: &Place, service: &Service) -> i64 {
    let tx = &mut place.bank.world.db.reader().await.unwrap();
    audit::count_of_kind(tx, service.principal.uuid(), Kind::NameConflict, Timestamp(0)).await.unwrap()
}

fn named(user_name: &str, email: &str) -> Value {
    let mut person = person("somebody");
    person.as_object_mut().unwrap().remove("externalId");
    person["userName"] = json!(user_name);
    person["emails"] = json!([{"value": email, "type": "work"}]);
    person
}

on_both! {
    /// SC-08: the 409 says nothing but that something is in use, whoever has it, and by whichever of the two names.
    async fn sc_08_a_taken_name_is_a_bare_conflict(world: World) {
        let place = Place::new(world).await;
        let (hr, foreign) = (place.hr(place.bank.bank_b).await, place.hr(place.bank.bank_a).await);
        hr.joiner("ada").await;
        hr.call("POST", "/Users", &named("ada.login", "ada.mail@bank-b.example")).await;
        let mut answers = vec![hr.call("POST", "/Users", &person("ada")).await];
        for (user_name, email) in [
            ("ada@bank-b.example", "free@bank-a.example"),
            ("ADA.Login", "free@bank-a.example"),
            ("free", "ADA@bank-b.example"),
            ("ada.mail@bank-b.example", "free@bank-a.example"),
        ] {
            answers.push(foreign.call("POST", "/Users", &named(user_name, email)).await);
        }
        let free = foreign.call("POST", "/Users", &named("free", "free@bank-a.example")).await;
        let path = format!("/Users/{}", free.body["id"].as_str().unwrap());
        answers.push(foreign.call("PUT", &path, &named("ada.login", "free@bank-a.example")).await);
        answers.push(foreign.patch(&path, json!([{"op": "replace", "path": "userName", "value": "ada@bank-b.example"}])).await);
        answers.push(foreign.patch(&path, json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "ada.login"}])).await);
        let last = answers.pop().unwrap();
        assert_eq!(last.status, 400, "no e-mail address");
        for answer in &answers {
            assert_eq!((answer.status, &answer.text, &answer.headers), (409, &answers[0].text, &answers[0].headers));
        }
        assert_eq!(foreign.get(&path).await.text, free.text, "nothing of a refused change happens");
    }

    /// SC-08: each time is in the audit log, few are given in an hour, and the refusal behind them tells nothing.
    async fn sc_08_a_client_is_told_of_hidden_people_a_few_times_an_hour(world: World) {
        let place = Place::new(world).await;
        let (hr, foreign) = (place.hr(place.bank.bank_b).await, place.hr(place.bank.bank_a).await);
        let other = place.hr(place.bank.bank_a).await;
        hr.joiner("ada").await;
        let own = foreign.call("POST", "/Users", &named("own", "own@bank-a.example")).await;
        assert_eq!(own.status, 201, "{}", own.text);
        for _ in 0..=MAX_IN_AN_HOUR {
            assert_eq!(foreign.call("POST", "/Users", &named("own", "other@bank-a.example")).await.status, 409);
        }
        assert_eq!(told(&place, &foreign).await, 0, "one's own people are no secret");
        for asked in 1..=MAX_IN_AN_HOUR {
            assert_eq!(foreign.call("POST", "/Users", &named("ada@bank-b.example", "x@bank-a.example")).await.status, 409);
            assert_eq!(told(&place, &foreign).await, asked);
        }
        let taken = foreign.call("POST", "/Users", &named("ada@bank-b.example", "x@bank-a.example")).await;
        let free = foreign.call("POST", "/Users", &named("free", "free@bank-a.example")).await;
        assert_eq!((taken.status, &taken.text, &taken.headers), (429, &free.text, &free.headers));
        assert!(free.headers.contains(&("retry-after".to_owned(), WINDOW.as_secs().to_string())), "{free:?}");
        let path = format!("/Users/{}", own.body["id"].as_str().unwrap());
        let rename = |name: &str| json!([{"op": "replace", "path": "userName", "value": name}]);
        assert_eq!(foreign.patch(&path, rename("ada@bank-b.example")).await.status, 429);
        assert_eq!(foreign.patch(&path, rename("nobody")).await.status, 429);
        // What asks for no name goes on, and so do other clients.
        assert_eq!(foreign.patch(&path, json!([{"op": "replace", "path": "title", "value": "x"}])).await.status, 200);
        assert_eq!(other.call("POST", "/Users", &named("ada@bank-b.example", "x@bank-a.example")).await.status, 409);
        assert_eq!(told(&place, &foreign).await, MAX_IN_AN_HOUR);
        place.bank.world.clock.advance(WINDOW + Duration::from_secs(1));
        let mut later = foreign.clone();
        later.token = place.token(&foreign.client_id, |_| {}).await;
        assert_eq!(later.call("POST", "/Users", &named("free", "free@bank-a.example")).await.status, 201);
    }
}
