//! RFC 7644 §3.4.2: filters, sorting, paging, and what they must not tell.

use chamberlain::authority::Applications;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::UserId;
use serde_json::{Value, json};

use super::service::{OURS, Place, person};
use crate::support::only;

on_both! {
    /// RFC 7644 §3.4.2.2 on stored people, in every tolerated form.
    async fn rfc7644_3_4_2_2_filters_find_whom_they_describe(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for name in ["ada", "bob", "eve_x"] {
            hr.joiner(name).await;
        }
        let id = hr.find("userName eq \"ADA@bank-b.example\"").await.body["Resources"][0]["id"].clone();
        for (filter, expected) in [
            ("userName eq \"ada@bank-b.example\"".to_owned(), 1),
            (format!("id eq {id}"), 1),
            ("emails[type eq \"work\"].value eq \"bob@bank-b.example\"".to_owned(), 1),
            ("emails[type eq \"home\"]".to_owned(), 0),
            ("name.familyName sw \"join\" and not (name.givenName eq \"ada\")".to_owned(), 2),
            ("active eq True".to_owned(), 3),
            ("userName co \"ank-b\"".to_owned(), 3),
            ("userName co \"%_%\"".to_owned(), 0),
            ("userName co \"eve_\"".to_owned(), 1),
            ("userName ew \".example\" or userName pr".to_owned(), 3),
            ("meta.created ge \"2000-01-01T00:00:00Z\"".to_owned(), 3),
            ("phoneNumbers pr".to_owned(), 0),
            ("phoneNumbers ne \"+49\"".to_owned(), 3),
            ("userName eq \"nobody\"".to_owned(), 0),
        ] {
            let found = hr.find(&filter).await;
            assert_eq!((found.status, &found.body["totalResults"]), (200, &json!(expected)), "{filter} {}", found.body);
        }
    }

    /// I67–I69: the states of account and password are shown, and found by `eq` and `ne`.
    async fn i69_accounts_and_passwords_are_found_by_their_state(world: World) {
        let mut place = Place::new(world).await;
        place.scim.app.passwords = Profile::shipped("imi").unwrap().unwrap().passwords;
        let hr = place.hr(place.bank.bank_b).await;
        let now = place.bank.world.clock.now();
        for (name, days) in [("ada", None), ("bob", Some(1)), ("eve", Some(183)), ("kim", Some(400))] {
            let id: UserId = hr.joiner(name).await["id"].as_str().unwrap().parse().unwrap();
            let at = days.map(|days| now.minus(std::time::Duration::from_hours(24 * days)));
            let done: chamberlain::db::Result<()> = chamberlain::transact!(place.bank.world.db, tx => match at {
                Some(at) => store::save_password_changed(tx, id, at).await,
                None => Ok(()),
            });
            done.unwrap();
        }
        for (filter, expected) in [
            (format!("{OURS}:passwordStatus eq \"temporary\""), 1),
            (format!("{OURS}:passwordStatus eq \"VALID\""), 1),
            (format!("{OURS}:passwordStatus eq \"expired\""), 2),
            (format!("{OURS}:passwordStatus ne \"expired\""), 2),
            (format!("{OURS}:passwordStatus eq \"blocked\" or {OURS}:passwordStatus eq \"lost\""), 0),
            (format!("{OURS}:passwordStatus pr"), 4),
            (format!("{OURS}:accountStatus eq \"new\""), 4),
            (format!("{OURS}:accountStatus eq \"active\""), 0),
        ] {
            let found = hr.find(&filter).await;
            assert_eq!((found.status, &found.body["totalResults"]), (200, &json!(expected)), "{filter} {}", found.body);
        }
        let id = hr.find("userName eq \"kim@bank-b.example\"").await.body["Resources"][0]["id"].clone();
        let shown = hr.get(&format!("/Users/{}?attributes={OURS}:passwordStatus", id.as_str().unwrap())).await.body;
        assert_eq!(shown[OURS], json!({"passwordStatus": "expired"}), "{shown}");
        let refused = hr.find(&format!("{OURS}:passwordStatus co \"temp\"")).await;
        assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("invalidFilter")));
    }

    /// SC-01, SC-04, SC-18: what is secret, unknown to the index or too broad is 400.
    async fn sc_01_04_18_filters_that_could_tell_too_much_are_refused(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for filter in ["password sw \"a\"", "password pr", "userName co \"ab\"", "userName ew \"x\"", "nickName eq \"J\"", "groups pr", "externalId sw \"h\"", "userName eq", "("] {
            let refused = hr.find(filter).await;
            assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("invalidFilter")), "{filter}");
        }
        for sort in ["password", "nickName", "groups", "active;drop table users"] {
            assert_eq!(hr.get(&format!("/Users?sortBy={}", sort.replace(' ', "%20"))).await.status, 400, "{sort}");
        }
    }

    /// E82, SC-05, SC-19: numbers are moved into their range, totals are of what is seen.
    async fn sc_05_19_pages_are_cut_from_what_is_seen(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for name in ["ada", "bob", "eve"] {
            hr.joiner(name).await;
        }
        place.bank.person(place.bank.bank_a, "foreigner").await;
        for (query, total, shown) in [("count=0", 3, 0), ("count=-1", 3, 0), ("count=2147483648", 3, 3), ("startIndex=99", 3, 0), ("startIndex=-5&count=2", 3, 2), ("startIndex=3", 3, 1)] {
            let page = hr.get(&format!("/Users?sortBy=userName&{query}")).await.body;
            assert_eq!((&page["totalResults"], page["Resources"].as_array().unwrap().len()), (&json!(total), shown), "{query}");
        }
        assert_eq!(hr.get("/Users?count=abc").await.status, 400);
        let down = hr.get("/Users?sortBy=name.givenName&sortOrder=descending").await.body;
        assert_eq!(down["Resources"][0]["name"]["givenName"], json!("eve"));
    }

    /// SC-30: `/.search` answers as the GET does.
    async fn sc_30_search_and_get_are_the_same(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        hr.joiner("ada").await;
        let search = json!({"filter": "userName sw \"a\"", "attributes": ["userName"], "startIndex": 1, "count": 10});
        assert_eq!(hr.call("POST", "/Users/.search", &search).await.body, hr.get("/Users?filter=userName%20sw%20%22a%22&attributes=userName&count=10").await.body);
        assert_eq!(hr.call("POST", "/Users/.search", &json!({"filter": "password pr"})).await.status, 400);
    }

    /// SC-07: what a caller does not see of somebody moves no version of theirs; whoever sees it gets a new one.
    async fn sc_07_a_number_out_of_sight_moves_no_version(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let access = place.service(bank.bank_b, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let hr = place.hr(bank.bank_b).await;
        let path = format!("/Users/{}", hr.joiner("ada").await["id"].as_str().unwrap());
        let (seen, masked) = (hr.get(&path).await, access.get(&path).await);
        assert!(masked.etag.is_some() && masked.body.get("phoneNumbers").is_none());
        bank.world.clock.advance(std::time::Duration::from_secs(30));
        let number = json!([{"op": "add", "path": "phoneNumbers", "value": [{"value": "+4969555123", "type": "work"}]}]);
        assert_eq!(hr.patch(&path, number).await.status, 200);
        assert_ne!(hr.get(&path).await.etag, seen.etag);
        assert_eq!(access.get(&path).await.etag, masked.etag);
    }

    /// SC-02, SC-03, SC-07, D8: two states that differ only in what the caller may not see give the same bytes.
    async fn sc_02_03_07_hidden_things_change_no_answer(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let imas = [("ApplicationAccessAdmin", only(&[bank.imas]))];
        let caller = place.service(bank.bank_b, &imas, "scim").await;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let ada = place.hr(bank.bank_b).await.joiner("ada").await;
        let ada = ada["id"].as_str().unwrap();
        caller.patch(&format!("/Groups/{}", bank.imas_user), json!([{"op": "add", "path": "members", "value": [{"value": ada}]}])).await;
        let foreigner = bank.person(bank.bank_a, "foreigner").await;
        let look = async || {
            let mut seen: Vec<Value> = Vec::new();
            for path in [
                "/Users".to_owned(),
                format!("/Users/{ada}"),
                format!("/Groups/{}", bank.imas_user),
                format!("/Groups/{}", bank.casper_submitter),
                "/Groups".to_owned(),
                format!("/Users?filter=groups.value%20eq%20%22{}%22", bank.casper_submitter),
                format!("/Users?filter=groups.value%20eq%20%22{}%22", bank.imas_user),
                format!("/Groups?filter=members.value%20eq%20%22{foreigner}%22"),
                format!("/Users/{foreigner}"),
            ] {
                let answer = caller.get(&path).await;
                seen.push(json!([answer.status, answer.etag, answer.body]));
            }
            seen
        };
        let before = look().await;
        assert_eq!(before[6][2]["totalResults"], json!(1), "the caller sees something");
        let add = |id: String| json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        bank.world.clock.advance(std::time::Duration::from_secs(5));
        for (group, user) in [(bank.casper_submitter, ada.to_owned()), (bank.imas_user, foreigner.to_string())] {
            let done = operator.patch(&format!("/Groups/{group}"), add(user)).await;
            assert_eq!(done.status, 204, "{}", done.body);
        }
        assert_eq!(look().await, before);
    }

    /// The same filter gives the same people in memory and in SQL.
    async fn filters_mean_the_same_in_memory_and_in_the_database(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for name in ["ada", "bob", "eve", "adam"] {
            let mut sent = person(name);
            sent["active"] = json!(name != "bob");
            if name == "eve" {
                sent.as_object_mut().unwrap().remove("emails");
            }
            assert_eq!(hr.call("POST", "/Users", &sent).await.status, 201);
        }
        let all = hr.get("/Users").await.body["Resources"].as_array().unwrap().clone();
        let atoms = ["userName sw \"ada\"", "active eq true", "emails pr", "emails[type eq \"work\" and value co \"bob\"]", "name.givenName gt \"b\"", "emails ne \"bob@bank-b.example\"", "emails[not (value eq \"x\")]", "userName eq null"];
        let (mut found, mut checked) = (0, 0);
        for left in atoms {
            for right in atoms {
                for text in [format!("{left} and {right}"), format!("{left} or not ({right})"), format!("not ({left} or {right})")] {
                    let filter = chamberlain::scim::filter_parser::parse(&text).unwrap();
                    let expected: Vec<&Value> = all.iter().filter(|user| filter.matches(user.as_object().unwrap())).map(|user| &user["id"]).collect();
                    let answer = hr.find(&text).await.body;
                    let got: Vec<&Value> = answer["Resources"].as_array().unwrap().iter().map(|user| &user["id"]).collect();
                    assert_eq!(got, expected, "{text}");
                    found += usize::from(!expected.is_empty() && expected.len() < all.len());
                    checked += 1;
                }
            }
        }
        assert!(found * 3 > checked, "too many filters find nobody or everybody: {found} of {checked} do not");
    }
}
