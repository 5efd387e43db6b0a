//! What is out of a service's sight is answered to the byte as what is not there: by every verb, every filter, every place
//! in which it can be named (D8, SD3).

use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::service::{Answer, OURS, Place, Service, person};
use crate::support::only;

const NOBODY: &str = "0190163d-8694-7000-8000-000000000000";

/// Somebody or nobody, as far as another customer's service can name them.
struct Named {
    id: String,
    /// The user name and address.
    name: String,
    phone: String,
    family_name: String,
    organisation: String,
    organisation_name: String,
}

/// Every request about people that names them by id.
async fn by_id(service: &Service, named: &Named) -> Vec<Answer> {
    let path = format!("/Users/{}", named.id);
    let mut got = vec![
        service.get(&path).await,
        service.get(&format!("{path}?attributes=userName")).await,
        service.get(&format!("{path}?excludedAttributes=groups")).await,
        service.call("PUT", &path, &person("x")).await,
        service.call_if("PUT", &path, "W/\"0\"", &person("x")).await,
        service
            .call_if("PATCH", &path, "*", &json!({"Operations": [{"op": "add", "path": "title", "value": "x"}]}))
            .await,
        service.delete(&path).await,
        service.call("POST", &path, &person("x")).await,
    ];
    for operation in [
        json!({"op": "replace", "path": "active", "value": false}),
        json!({"op": "replace", "value": {"active": "True"}}),
        json!({"op": "remove", "path": "emails[value sw \"s\"]"}),
        json!({"op": "replace", "path": format!("{OURS}:organisation"), "value": service.home}),
        json!({"op": "replace", "path": "id", "value": "x"}),
    ] {
        got.push(service.patch(&path, json!([operation])).await);
    }
    got
}

/// Every way to look for people.
async fn by_search(service: &Service, named: &Named) -> Vec<Answer> {
    let mut got = Vec::new();
    for (attribute, value) in [
        ("id", &named.id),
        ("userName", &named.name),
        ("externalId", &named.name),
        ("emails", &named.name),
        ("emails.value", &named.name),
        ("emails[type eq \"work\"].value", &named.name),
        ("phoneNumbers.value", &named.phone),
        ("name.familyName", &named.family_name),
        ("name.givenName", &named.family_name),
        (&format!("{OURS}:organisation"), &named.organisation),
    ] {
        for operator in ["eq", "ne", "sw", "co", "ew", "gt", "le"] {
            let filter = format!("{attribute} {operator} {}", Value::from(value.as_str()));
            // What does not hold for anybody else tells of nobody; the others are the same list both times.
            got.push(service.find(&filter).await);
            got.push(service.find(&format!("active eq true and not ({filter})")).await);
            got.push(service.query("/Users", &[("filter", &filter), ("count", "0")]).await);
            got.push(
                service
                    .query(
                        "/Users",
                        &[
                            ("filter", &filter),
                            ("sortBy", "userName"),
                            ("sortOrder", "descending"),
                            ("startIndex", "2"),
                        ],
                    )
                    .await,
            );
            got.push(service.call("POST", "/Users/.search", &json!({"filter": filter, "count": 3})).await);
        }
    }
    for sort in ["userName", "name.familyName", "emails.value", "phoneNumbers.value", "meta.lastModified", "id"] {
        got.push(service.query("/Users", &[("sortBy", sort), ("count", "200")]).await);
    }
    for path in ["/Groups", "/Groups/.search"] {
        let filter = format!("members.value eq \"{}\"", named.id);
        got.push(if path.ends_with("search") {
            service.call("POST", path, &json!({"filter": filter})).await
        } else {
            service.query(path, &[("filter", &filter)]).await
        });
    }
    got
}

/// Every way to name people as members of a group, and organisations as homes of one's own people.
async fn by_reference(service: &Service, (named, group, own): (&Named, &str, &str)) -> Vec<Answer> {
    let member = json!([{"value": named.id}]);
    let path = format!("/Groups/{group}");
    let mut got = Vec::new();
    for operation in [
        json!({"op": "add", "path": "members", "value": member}),
        json!({"op": "replace", "path": "members", "value": member}),
        json!({"op": "remove", "path": "members", "value": member}),
        json!({"op": "remove", "path": format!("members[value eq \"{}\"]", named.id)}),
        json!({"op": "add", "value": {"members": member}}),
    ] {
        got.push(service.patch(&path, json!([operation])).await);
    }
    let shown = service.get(&path).await.body;
    got.push(service.call("PUT", &path, &json!({"displayName": shown["displayName"], "members": member})).await);
    for organisation in [&named.organisation, &named.organisation_name] {
        let mut joiner = person("joiner");
        joiner[OURS] = json!({ "organisation": organisation });
        got.push(service.call("POST", "/Users", &joiner).await);
        let move_there = json!([{"op": "replace", "path": format!("{OURS}:organisation"), "value": organisation}]);
        got.push(service.patch(&format!("/Users/{own}"), move_there).await);
        let mut whole = person("own");
        whole[OURS] = json!({ "organisation": organisation });
        got.push(service.call("PUT", &format!("/Users/{own}"), &whole).await);
    }
    got
}

on_both! {
    /// E12, DA-01, DA-06, DA-07, DA-15, SC-02, SC-03, SC-05, SC-10, SC-30: another customer's person and nobody, asked for side by
    /// side.
    async fn another_customers_people_are_answered_as_if_they_were_not_there(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let ours = place.service(bank.bank_b, &both, "scim").await;
        let foreign = place.service(bank.bank_a, &both, "scim").await;
        let mut theirs = person("secret");
        theirs["userName"] = json!("secret@bank-a.example");
        theirs["emails"] = json!([{"value": "secret@bank-a.example", "type": "work"}]);
        theirs["phoneNumbers"] = json!([{"value": "+4915150000001", "type": "mobile"}]);
        theirs["name"] = json!({"givenName": "Secretary", "familyName": "Secretary"});
        let theirs = foreign.call("POST", "/Users", &theirs).await;
        assert_eq!(theirs.status, 201, "{}", theirs.text);
        let id = theirs.body["id"].as_str().unwrap().to_owned();
        let group = bank.imas_user.to_string();
        let add = json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        assert_eq!(foreign.patch(&format!("/Groups/{group}"), add).await.status, 204);
        let before = (foreign.get(&format!("/Users/{id}")).await, foreign.members(bank.imas_user).await);
        let own = ours.joiner("own").await["id"].as_str().unwrap().to_owned();
        for name in ["one", "two"] {
            ours.joiner(name).await;
        }
        let somebody = Named {
            id: id.clone(),
            name: "secret@bank-a.example".to_owned(),
            phone: "+4915150000001".to_owned(),
            family_name: "Secretary".to_owned(),
            organisation: bank.bank_a.to_string(),
            organisation_name: "Bank A".to_owned(),
        };
        // So alike that none of one's own people stands between them in any order.
        let nobody = Named {
            id: NOBODY.to_owned(),
            name: "secrem@bank-a.example".to_owned(),
            phone: "+4915150000002".to_owned(),
            family_name: "Secretarx".to_owned(),
            organisation: NOBODY.to_owned(),
            organisation_name: "Bank Z".to_owned(),
        };
        let mut answers = Vec::new();
        for named in [&somebody, &nobody] {
            let mut got = by_id(&ours, named).await;
            assert!(got.iter().all(|answer| matches!(answer.status, 400 | 404 | 405)), "{got:?}");
            got.extend(by_search(&ours, named).await);
            let references = by_reference(&ours, (named, &group, &own)).await;
            assert!(references.iter().all(|answer| answer.status == 400), "{references:?}");
            got.extend(references);
            answers.push(got);
        }
        let (there, nowhere) = (&answers[0], &answers[1]);
        assert_eq!(there.len(), nowhere.len());
        for (at, (one, other)) in there.iter().zip(nowhere).enumerate() {
            assert_eq!((one.status, &one.headers), (other.status, &other.headers), "request {at}");
            assert!(!one.text.contains("bank-a.example") && !one.text.contains(&id), "request {at}");
            assert_eq!(one.text, other.text, "request {at}");
        }
        let after = (foreign.get(&format!("/Users/{id}")).await, foreign.members(bank.imas_user).await);
        assert_eq!(before, after, "nothing was done to them");
    }

    /// SC-09: attributes that are asked for by name are taken out of what is seen, never added to it.
    async fn sc_09_asking_for_attributes_by_name_shows_nothing_more(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let hr = place.hr(bank.bank_b).await;
        let other = place.hr(bank.bank_b).await;
        let imas = place.service(bank.bank_b, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let ada = other.joiner("ada").await;
        let id = ada["id"].as_str().unwrap().parse().unwrap();
        bank.assign(chamberlain::kernel::ids::PrincipalId::Console, id, bank.casper_submitter).await.unwrap();
        for service in [&hr, &imas] {
            let plain = service.get(&format!("/Users/{id}")).await.body;
            for names in ["password", "groups", "externalId", "groups.display", "epoch,blocked,createdBy", "urn:x:y:secret", OURS] {
                let shown = service.query(&format!("/Users/{id}"), &[("attributes", names)]).await;
                assert_eq!(shown.status, 200, "{names}");
                for (key, value) in shown.body.as_object().unwrap() {
                    let is_part = names.contains('.') && plain.get(key).is_some();
                    assert!(is_part || plain.get(key) == Some(value), "{names}: {key}");
                }
                let less = service.query(&format!("/Users/{id}"), &[("excludedAttributes", names)]).await.body;
                assert!(less.as_object().unwrap().keys().all(|key| plain.get(key).is_some()), "{names}");
            }
        }
        // One who manages another application sees the person, and not that group.
        let seen = imas.query(&format!("/Users/{id}"), &[("attributes", "groups,name")]).await.body;
        assert!(seen.get("groups").is_none() && seen["name"].is_object());
        assert!(imas.query("/Users", &[("attributes", "groups")]).await.body["Resources"][0].get("groups").is_none());
    }
}
