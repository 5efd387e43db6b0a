//! Whoever gives access sees to whom, and not how to reach them (requirements, decision 13).

use chamberlain::audit::{Kind, store as audit};
use chamberlain::authority::Applications;
use chamberlain::db;
use chamberlain::directory::user::model::PendingContact;
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;
use serde_json::{Value, json};

use super::service::{Answer, OURS, Place, Service, person};
use crate::support::only;

/// How somebody is reached in one world.
struct Ways {
    email: Option<&'static str>,
    phone: Option<&'static str>,
    user_name: &'static str,
    pending: Option<&'static str>,
}

const WORLDS: [Ways; 3] = [
    Ways { email: Some("ada@one.example"), phone: Some("+491511111111"), user_name: "ada@one.example", pending: None },
    Ways {
        email: Some("zoe@two.example"),
        phone: Some("+33611111111"),
        user_name: "zoe@two.example",
        pending: Some("new@two.example"),
    },
    // The name is no longer the address, and still looks like one.
    Ways { email: None, phone: None, user_name: "ada@one.example", pending: None },
];

/// Makes the world one in which somebody is reached like this, and nothing else is different.
async fn reach(place: &Place, id: &str, ways: &Ways) {
    let db = &place.bank.world.db;
    let mut user = store::find(&mut db.reader().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
    user.email = ways.email.map(|email| email.parse().unwrap());
    user.phone = ways.phone.map(|phone| phone.parse().unwrap());
    ways.user_name.clone_into(&mut user.user_name);
    // As changes of them do.
    user.updated_at = user.updated_at.plus(std::time::Duration::from_hours(1));
    user.pending = ways.pending.map(|email| PendingContact {
        email: Some(email.parse().unwrap()),
        phone: None,
        since: user.created_at,
        email_by: Some(PrincipalId::Console),
        phone_by: None,
        agreed_at: None,
        approved: None,
    });
    let list = |value: Option<&str>| value.map_or(json!([]), |value| json!([{ "value": value, "type": "work" }]));
    for (key, value) in [("emails", ways.email), ("phoneNumbers", ways.phone), ("ims", ways.phone)] {
        user.scim.insert(key.to_owned(), list(value));
    }
    let done: db::Result<bool> = transact!(db, tx => store::save(tx, &user).await);
    assert!(done.unwrap());
}

/// When somebody was created; every caller sees it.
async fn place_time(service: &Service, id: &str) -> Timestamp {
    let created = service.get(&format!("/Users/{id}")).await.body["meta"]["created"].as_str().unwrap().to_owned();
    Timestamp::parse_rfc3339(&created).unwrap()
}

fn shifted(at: Timestamp, seconds: i64) -> String {
    Timestamp(at.0 + seconds * 1_000_000).to_rfc3339()
}

/// Everything by which somebody could be asked about.
async fn look(service: &Service, id: &str, group: &str) -> Vec<(String, Answer)> {
    let mut got = Vec::new();
    let mut values = vec!["example", "+49", "+336"];
    values
        .extend(WORLDS.iter().flat_map(|ways| [ways.email, ways.phone, Some(ways.user_name), ways.pending]).flatten());
    for attribute in
        ["emails", "emails.value", "emails[type eq \"work\"].value", "phoneNumbers.value", "userName", "emails.type"]
    {
        for value in &values {
            for operator in ["eq", "ne", "sw", "co", "ew", "gt", "le"] {
                let filter = format!("{attribute} {operator} {}", Value::from(*value));
                got.push((filter.clone(), service.query("/Users", &[("filter", &filter), ("sortBy", "id")]).await));
                let other = format!("not ({filter}) or {attribute} pr");
                got.push((other.clone(), service.query("/Users", &[("filter", &other), ("count", "0")]).await));
            }
        }
        let filter = format!("{attribute} eq null");
        got.push((filter.clone(), service.call("POST", "/Users/.search", &json!({ "filter": filter })).await));
    }
    let created = place_time(service, id).await;
    for operator in ["gt", "ge", "lt", "le", "eq", "ne", "pr"] {
        for seconds in [-1, 0, 5_000, 9_000] {
            let value = if operator == "pr" { String::new() } else { format!(" \"{}\"", shifted(created, seconds)) };
            let filter = format!("meta.lastModified {operator}{value}");
            got.push((filter.clone(), service.query("/Users", &[("filter", &filter), ("sortBy", "id")]).await));
        }
    }
    for sort in ["emails", "emails.value", "phoneNumbers", "userName", "name.familyName", "meta.lastModified", "id"] {
        for order in ["ascending", "descending"] {
            let sorted = service.query("/Users", &[("sortBy", sort), ("sortOrder", order)]).await;
            got.push((format!("{sort} {order}"), sorted));
        }
    }
    let path = format!("/Users/{id}");
    let named = format!("{path}?attributes=userName,emails,phoneNumbers,ims,{OURS}");
    for path in ["/Users", &path, &named, &format!("/Groups/{group}")] {
        let answer = service.get(path).await;
        if let Some(version) = &answer.etag {
            got.push(("unless".to_owned(), service.get_unless(path, version).await));
        }
        got.push((path.to_owned(), answer));
    }
    for value in &values {
        for operation in [
            json!({"op": "replace", "path": format!("emails[value eq \"{value}\"].type"), "value": "home"}),
            json!({"op": "remove", "path": format!("phoneNumbers[value eq \"{value}\"]")}),
            json!({"op": "add", "path": "userName", "value": value}),
        ] {
            got.push((operation.to_string(), service.patch(&path, json!([operation])).await));
        }
    }
    got.push(("PUT".to_owned(), service.call("PUT", &path, &person("ada")).await));
    got
}

on_both! {
    /// E53, D8, SC-02, SC-03, SC-07 and decision 13: worlds that differ only in how somebody is reached give an access
    /// administrator the same bytes, also one who administers people elsewhere.
    async fn how_somebody_is_reached_changes_no_answer_to_who_only_gives_access(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let imas = [("ApplicationAccessAdmin", only(&[bank.imas]))];
        let access = place.service(bank.germany, &imas, "scim").await;
        let mixed = place.service(bank.germany, &imas, "scim").await;
        place.appoint(mixed.principal, "DelegatedUserAdmin", bank.frankfurt, &Applications::All).await;
        let (hr, frankfurt) = (place.hr(bank.germany).await, place.hr(bank.frankfurt).await);
        for name in ["bob", "max"] {
            hr.joiner(name).await;
        }
        frankfurt.joiner("fay").await;
        let ada = hr.joiner("ada").await["id"].as_str().unwrap().to_owned();
        bank.assign(PrincipalId::Console, ada.parse().unwrap(), bank.imas_user).await.unwrap();
        let group = bank.imas_user.to_string();
        let mut told = 0;
        let mut first: Vec<Vec<(String, Answer)>> = Vec::new();
        for (number, ways) in WORLDS.iter().enumerate() {
            reach(&place, &ada, ways).await;
            for (caller, service) in [&access, &mixed].into_iter().enumerate() {
                let got = look(service, &ada, &group).await;
                for (request, answer) in &got {
                    for secret in [ways.email, ways.phone, Some(ways.user_name), ways.pending].into_iter().flatten() {
                        assert!(!answer.text.contains(secret), "{request}: {}", answer.text);
                    }
                }
                if number == 0 {
                    first.push(got);
                } else {
                    for ((request, one), (_, other)) in first[caller].iter().zip(&got) {
                        assert_eq!((one.status, &one.headers, &one.text), (other.status, &other.headers, &other.text), "{request}");
                    }
                }
            }
            told += i32::from(hr.get("/Users").await.text.contains(ways.user_name));
        }
        assert_eq!(told, 3, "whoever administers people sees what is different");
    }

    /// Decision 13: people whose addresses are not seen have none, as far as filters and orders go; the others have.
    async fn addresses_are_found_only_where_they_are_seen(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let imas = [("ApplicationAccessAdmin", only(&[bank.imas]))];
        let access = place.service(bank.germany, &imas, "scim").await;
        let mixed = place.service(bank.germany, &imas, "scim").await;
        place.appoint(mixed.principal, "DelegatedUserAdmin", bank.frankfurt, &Applications::All).await;
        let (hr, frankfurt) = (place.hr(bank.germany).await, place.hr(bank.frankfurt).await);
        let mut plain = person("ada");
        plain["userName"] = json!("ada.lovelace");
        assert_eq!(hr.call("POST", "/Users", &plain).await.status, 201);
        frankfurt.joiner("fay").await;
        for (filter, all, none, some) in [
            ("emails co \"bank-b\"", 2, 0, 1),
            ("not (emails co \"bank-b\")", 0, 2, 1),
            ("emails pr", 2, 0, 1),
            ("emails[type eq \"work\"]", 2, 0, 1),
            ("emails eq \"fay@bank-b.example\"", 1, 0, 1),
            ("emails eq \"ada@bank-b.example\"", 1, 0, 0),
            ("userName co \"bank-b\"", 1, 0, 1),
            ("userName eq \"ada.lovelace\"", 1, 1, 1),
            ("name.familyName eq \"joiner\"", 2, 2, 2),
        ] {
            for (service, expected) in [(&hr, all), (&access, none), (&mixed, some)] {
                assert_eq!(service.find(filter).await.body["totalResults"], json!(expected), "{filter}");
            }
        }
        for sort in ["emails.value", "phoneNumbers", "userName"] {
            assert_eq!(hr.query("/Users", &[("sortBy", sort)]).await.status, 200);
            for service in [&access, &mixed] {
                let refused = service.query("/Users", &[("sortBy", sort)]).await;
                assert_eq!((refused.status, &refused.body["scimType"]), (400, &json!("invalidValue")));
                assert!(refused.body["detail"].as_str().unwrap().contains("sort by name.familyName"), "{}", refused.text);
            }
        }
        let list = mixed.query("/Users", &[("sortBy", "name.givenName")]).await.body;
        let [ada, fay] = [&list["Resources"][0], &list["Resources"][1]];
        assert_eq!((&ada["userName"], ada.get("emails")), (&json!("ada.lovelace"), None));
        assert_eq!((&fay["userName"], &fay["emails"][0]["value"]), (&json!("fay@bank-b.example"), &json!("fay@bank-b.example")));
    }

    /// SC-08 and `decisions.md` 2: that an address is taken by somebody who is seen without it is told as of somebody out of
    /// sight: each time is audited and counted.
    async fn sc_08_that_a_masked_address_is_taken_is_counted(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let mixed = place.service(bank.germany, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        place.appoint(mixed.principal, "DelegatedUserAdmin", bank.frankfurt, &Applications::All).await;
        place.hr(bank.germany).await.joiner("ada").await;
        let mut twin = person("ada");
        twin[OURS] = json!({ "organisation": bank.frankfurt });
        assert_eq!(mixed.call("POST", "/Users", &twin).await.status, 409);
        let tx = &mut bank.world.db.reader().await.unwrap();
        let told = audit::count_of_kind(tx, mixed.principal.uuid(), Kind::NameConflict, Timestamp(0)).await.unwrap();
        assert_eq!(told, 1);
    }

    /// Decision 13, SC-28: a token for memberships shows no addresses, whatever its holder may see.
    async fn a_token_shows_addresses_only_if_it_is_for_people(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let roles = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        place.hr(bank.germany).await.joiner("ada").await;
        for (scope, shown) in [("users:read", true), ("users:write", true), ("scim", true), ("memberships:read", false), ("memberships:write", false)] {
            let service = place.service(bank.germany, &roles, scope).await;
            let list = service.get("/Users").await.body;
            assert_eq!(list["Resources"][0].get("emails").is_some(), shown, "{scope}");
            assert_eq!(service.find("emails pr").await.body["totalResults"], json!(i32::from(shown)), "{scope}");
        }
    }
}
