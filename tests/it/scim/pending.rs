//! Changes of addresses of people who have taken their accounts over (D15, `decisions.md` 5).

use chamberlain::directory::user::{activate, store};
use chamberlain::transact;
use serde_json::json;

use super::service::{OURS, Place, person};
use crate::support::{Failure, failure};

on_both! {
    /// SC-15, DA-17: a new address is taken with 200 and waits; until then everything shows and finds the old one.
    async fn sc_15_da_17_a_new_address_waits_and_the_old_one_stays_in_force(world: World) {
        let place = Place::new(world).await;
        let world = &place.bank.world;
        let hr = place.hr(place.bank.bank_b).await;
        let mut ada = person("ada");
        ada["phoneNumbers"] = json!([{"value": "+491511234567", "type": "mobile"}]);
        let made = hr.call("POST", "/Users", &ada).await.body;
        let id = made["id"].as_str().unwrap();
        let path = format!("/Users/{id}");
        let stored = store::find(&mut world.db.reader().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
        let done: Result<(), Failure> = transact!(world.db, tx => {
            activate::activate(tx, &stored, true, &world.ctx()).await.map(drop).map_err(failure)
        });
        done.unwrap();
        let (new_mail, new_phone) = ("attacker@bank-b.example", "+491719999999");
        for (attribute, value) in [("emails[type eq \"work\"].value", new_mail), ("phoneNumbers[type eq \"mobile\"].value", new_phone)] {
            let answer = hr.patch(&path, json!([{"op": "replace", "path": attribute, "value": value}])).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        let shown = hr.get(&path).await.body;
        assert_eq!((&shown["emails"], &shown["phoneNumbers"], &shown["userName"]), (&ada["emails"], &ada["phoneNumbers"], &ada["userName"]));
        assert_eq!(shown[OURS]["pendingPhone"], json!(new_phone));
        for (filter, found) in [
            (format!("emails.value eq \"{new_mail}\""), 0),
            ("emails.value eq \"ada@bank-b.example\"".to_owned(), 1),
            (format!("phoneNumbers.value eq \"{new_phone}\""), 0),
            ("phoneNumbers.value eq \"+491511234567\"".to_owned(), 1),
        ] {
            assert_eq!(hr.find(&filter).await.body["totalResults"], json!(found), "{filter}");
        }
        let stored = store::find(&mut world.db.reader().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(stored.email.unwrap().as_str(), "ada@bank-b.example");
        assert_eq!(stored.phone.unwrap().as_str(), "+491511234567");
        assert!(!shown.to_string().contains("Verified"), "nobody verifies for somebody else");
        // The same again, whole or in part, starts nothing anew, and a change of something else takes nothing back.
        let mut whole = ada.clone();
        whole["phoneNumbers"] = json!([{"value": new_phone, "type": "mobile"}]);
        let since = stored.pending.unwrap().since;
        world.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(hr.call("PUT", &path, &whole).await.status, 200);
        assert_eq!(hr.patch(&path, json!([{"op": "replace", "path": "title", "value": "x"}])).await.status, 200);
        let stored = store::find(&mut world.db.reader().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
        let pending = stored.pending.unwrap();
        assert_eq!((pending.since, pending.phone.unwrap().as_str()), (since, new_phone));
        assert_eq!(hr.get(&path).await.body["phoneNumbers"], ada["phoneNumbers"]);
    }

    /// DA-19: nobody sets a password for somebody else.
    async fn da_19_a_password_is_never_taken(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut sent = person("ada");
        sent["password"] = json!("correct horse");
        let made = hr.call("POST", "/Users", &sent).await;
        assert_eq!(made.status, 201, "clients that always send one are not refused");
        assert!(!made.text.contains("correct horse"));
        let id = made.body["id"].as_str().unwrap();
        let path = format!("/Users/{id}");
        let refused = hr.patch(&path, json!([{"op": "replace", "path": "password", "value": "correct horse"}])).await;
        assert_eq!((refused.status, &refused.body["scimType"]), (400, &json!("mutability")));
        assert_eq!(hr.call("PUT", &path, &sent).await.status, 200);
        assert_eq!(hr.patch(&path, json!([{"op": "replace", "value": {"password": "correct horse", "title": "x"}}])).await.status, 200);
        let stored = store::find(&mut place.bank.world.db.reader().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
        assert!(!format!("{stored:?}").contains("correct horse"));
    }
}
