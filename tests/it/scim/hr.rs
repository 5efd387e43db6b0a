//! The HR story: 500 people of one customer come, change and go; nobody else's are touched, or seen.

use serde_json::json;

use super::service::{Answer, OURS, Place, person};

/// How many people the customer has.
const PEOPLE: usize = 500;

on_both! {
    /// SC-19: and no page is longer than 200, whatever is asked for.
    async fn five_hundred_people_join_move_and_leave(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut ids = Vec::new();
        for number in 0..PEOPLE {
            let mut joiner = person(&format!("p{number}"));
            joiner[OURS] = json!({ "organisation": if number % 2 == 0 { place.bank.bank_b } else { place.bank.frankfurt }, "companyId": number.to_string() });
            let made = hr.call("POST", "/Users", &joiner).await;
            assert_eq!(made.status, 201, "{}", made.body);
            ids.push(made.body["id"].as_str().unwrap().to_owned());
        }
        for id in ids.iter().take(PEOPLE / 5) {
            let done = hr.patch(&format!("/Users/{id}"), json!([{"op": "replace", "path": "title", "value": "Moved"}])).await;
            assert_eq!((done.status, &done.body["title"]), (200, &json!("Moved")));
        }
        for id in ids.iter().skip(PEOPLE / 5).take(PEOPLE / 5) {
            assert_eq!(hr.patch(&format!("/Users/{id}"), json!([{"op": "replace", "value": {"active": false}}])).await.status, 200);
        }
        for id in ids.iter().rev().take(PEOPLE / 5) {
            assert_eq!(hr.delete(&format!("/Users/{id}")).await.status, 204);
        }
        assert_eq!(hr.find("active eq false").await.body["totalResults"], json!(PEOPLE / 5));
        for count in ["201", "100000", "2147483648", "99999999999999999999"] {
            let page = hr.get(&format!("/Users?count={count}")).await.body;
            assert_eq!((page["Resources"].as_array().unwrap().len(), &page["itemsPerPage"]), (200, &json!(200)), "{count}");
        }
        assert_eq!(hr.get("/Users?count=0").await.body["totalResults"], json!(PEOPLE - PEOPLE / 5));
    }

    /// Every verb and every filter on another customer's people answers as for people who do not exist.
    async fn another_customers_people_do_not_exist(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let foreign = place.hr(place.bank.bank_a).await;
        let mut theirs = person("theirs");
        theirs["userName"] = json!("secret@bank-a.example");
        let theirs = foreign.call("POST", "/Users", &theirs).await.body;
        let (there, nowhere) = (theirs["id"].as_str().unwrap().to_owned(), "0190163d-8694-7000-8000-000000000000".to_owned());
        let mut answers: Vec<Vec<Answer>> = Vec::new();
        for (id, name) in [(&there, "secret@bank-a.example"), (&nowhere, "nobody@bank-a.example")] {
            let path = format!("/Users/{id}");
            let mut got = vec![
                hr.get(&path).await,
                hr.get(&format!("{path}?attributes=userName")).await,
                hr.call("PUT", &path, &person("x")).await,
                hr.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await,
                hr.patch(&path, json!([{"op": "remove", "path": "emails[value sw \"s\"]"}])).await,
                hr.delete(&path).await,
            ];
            for filter in [format!("id eq \"{id}\""), format!("userName eq \"{name}\""), format!("emails.value eq \"{name}\""), format!("userName sw \"{name}\"")] {
                got.push(hr.find(&filter).await);
            }
            let mut joiner = person("ours");
            joiner[OURS] = json!({ "organisation": if *id == there { place.bank.bank_a.to_string() } else { nowhere.clone() } });
            got.push(hr.call("POST", "/Users", &joiner).await);
            answers.push(got);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(foreign.get(&format!("/Users/{there}")).await.body, theirs);
    }
}
