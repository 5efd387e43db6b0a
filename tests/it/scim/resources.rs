//! The resource types beside users and groups: organisations, applications, role assignments; in the caller's sight only.

use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::service::{Place, Service};
use crate::support::only;

const LISTS: [&str; 3] = ["/Organizations", "/Applications", "/RoleAssignments"];

fn names(body: &Value, key: &str) -> Vec<String> {
    let list = body["Resources"].as_array().unwrap();
    list.iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
}

async fn filtered(service: &Service, path: &str, filter: &str) -> Value {
    let answer = service.query(path, &[("filter", filter)]).await;
    assert_eq!(answer.status, 200, "{path} {filter}: {}", answer.text);
    assert_eq!(answer.body["totalResults"], json!(answer.body["Resources"].as_array().unwrap().len()), "{filter}");
    answer.body
}

on_both! {
    /// D8, RFC 7643 §6: each type is discoverable, listed in the caller's sight, read by its address, and not changed in place.
    async fn further_resource_types_are_discoverable_and_in_sight_only(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let hr = place.hr(bank.germany).await;
        assert_eq!(names(&hr.get("/Organizations?sortBy=name").await.body, "name"), ["Bank B Frankfurt", "Bank B Germany"]);
        let types = hr.get("/ResourceTypes").await.body;
        for path in LISTS {
            let kind = types["Resources"].as_array().unwrap().iter().find(|kind| kind["endpoint"] == json!(path)).unwrap().clone();
            let schema = hr.get(&format!("/Schemas/{}", kind["schema"].as_str().unwrap())).await;
            assert_eq!(schema.status, 200, "{path}");
            let known: Vec<&str> = schema.body["attributes"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
            let list = hr.get(path).await;
            assert!(list.body["totalResults"].as_i64().unwrap() > 0, "{path}");
            for one in list.body["Resources"].as_array().unwrap() {
                let at = one["meta"]["location"].as_str().unwrap().strip_prefix("https://id.example/scim/v2").unwrap();
                let read = hr.get(at).await;
                assert_eq!((&read.body, read.etag.as_deref()), (one, one["meta"]["version"].as_str()), "{at}");
                assert_eq!(hr.get_unless(at, read.etag.as_deref().unwrap()).await.status, 304);
                let told = one.as_object().unwrap().keys().filter(|key| !["schemas", "id", "meta"].contains(&key.as_str()));
                assert!(told.clone().all(|key| known.contains(&key.as_str())), "{one}");
                assert_eq!(hr.call("PATCH", at, &json!({})).await.status, 405);
                let fewer = hr.get(&format!("{at}?attributes=meta.location")).await.body;
                assert!(fewer.get("name").is_none() && fewer.get("role").is_none());
            }
            let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
            assert_eq!(hr.call("POST", &format!("{path}/.search"), &search).await.body, list.body, "SC-30");
            assert_eq!(hr.get(&format!("{path}/{}", uuid::Uuid::from_u128(5))).await.status, 404);
            assert_eq!(hr.get(&format!("{path}/x")).await.status, 404);
            assert_eq!(hr.get(&format!("{path}?count=0")).await.body["Resources"], json!([]));
        }
        for hidden in [bank.bank_b, bank.france, bank.root] {
            assert_eq!(hr.get(&format!("/Organizations/{hidden}")).await.status, 404);
        }
        let germany = hr.get(&format!("/Organizations/{}", bank.germany)).await.body;
        assert!(germany.get("parent").is_none(), "Bank B is out of sight");
        let frankfurt = hr.get(&format!("/Organizations/{}", bank.frankfurt)).await.body;
        assert_eq!(frankfurt["parent"]["value"], json!(bank.germany));
    }

    /// RFC 7644 §3.4.2.2: the same filters, orders and pages as of users; what a list does not know is said.
    async fn further_resource_types_are_filtered_sorted_and_paged(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let hr = place.service(bank.bank_b, &[("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        for (filter, expected) in [
            ("name eq \"bank b FRANKFURT\"", 1), ("name co \"Bank B\"", 4), ("name sw \"bank b g\"", 1), ("not (name ew \"france\")", 3),
            ("status eq \"active\"", 4), ("status ne \"active\"", 0), ("country pr", 0), ("lei eq null", 4), ("name eq \"%\"", 0),
            ("meta.created lt \"2020-01-01T00:00:00Z\"", 0), ("meta.created ge \"2020-01-01T00:00:00Z\" and id pr", 4), ("id eq \"x\"", 0),
        ] {
            assert_eq!(filtered(&hr, "/Organizations", filter).await["totalResults"], json!(expected), "{filter}");
        }
        for (filter, expected) in [
            (format!("principal eq \"{gerda}\""), 1), (format!("principal.value ne \"{gerda}\""), 2), ("role eq \"ApplicationAccessAdmin\"".to_owned(), 1),
            (format!("organization.value eq \"{}\"", bank.germany), 1), ("includeSubLevels eq true".to_owned(), 3), ("validUntil pr".to_owned(), 0),
            ("project eq null and state eq \"active\"".to_owned(), 3), ("state eq \"revoked\"".to_owned(), 0),
        ] {
            assert_eq!(filtered(&hr, "/RoleAssignments", &filter).await["totalResults"], json!(expected), "{filter}");
        }
        assert_eq!(filtered(&hr, "/Applications", "code eq \"imas\"").await["totalResults"], json!(1));
        for (path, filter) in [("/Organizations", "people gt 3"), ("/Organizations", "name gt"), ("/RoleAssignments", "principal co \"x\""),
            ("/RoleAssignments", "grantedBy pr"), ("/Organizations", "meta.created eq \"yesterday\""), ("/RoleAssignments", "includeSubLevels eq \"maybe\"")] {
            let answer = hr.query(path, &[("filter", filter)]).await;
            assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("invalidFilter")), "{filter}");
        }
        let by_name = hr.get("/Organizations?sortBy=name&sortOrder=descending&count=2").await.body;
        assert_eq!((names(&by_name, "name"), &by_name["totalResults"]), (vec!["Bank B Germany".to_owned(), "Bank B Frankfurt".to_owned()], &json!(4)));
        let rest = hr.get("/Organizations?sortBy=name&sortOrder=descending&count=2&startIndex=3").await.body;
        assert_eq!(names(&rest, "name"), ["Bank B France", "Bank B"]);
        assert_eq!(hr.get("/Organizations?sortBy=people").await.status, 400);
    }

    /// D8, DA-34: of a role for two applications, who reads the roles of one here and of the other one elsewhere sees the one; a role for the
    /// other one alone is not there.
    async fn d8_roles_are_seen_by_application_and_place_together(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let access = place.service(bank.germany, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        place.appoint(access.principal, "ApplicationAccessAdmin", bank.bank_a, &only(&[bank.casper])).await;
        let (ada, eve) = (bank.person(bank.germany, "Ada").await, bank.person(bank.germany, "Eve").await);
        bank.appoint(ada, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas, bank.casper])).await;
        let hidden = bank.appoint(eve, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.casper])).await;
        let there = bank.appoint(eve, "ApplicationAccessAdmin", bank.bank_a, true, only(&[bank.imas, bank.casper])).await;
        let roles = |principal| format!("principal eq \"{principal}\"");
        let of_ada = filtered(&access, "/RoleAssignments", &roles(ada)).await;
        assert_eq!(of_ada["Resources"][0]["applications"].as_array().unwrap().len(), 1);
        assert_eq!(of_ada["Resources"][0]["applications"][0]["value"], json!(bank.imas));
        let of_eve = filtered(&access, "/RoleAssignments", &roles(eve)).await;
        assert_eq!((&of_eve["totalResults"], &of_eve["Resources"][0]["id"]), (&json!(1), &json!(there)));
        assert_eq!(of_eve["Resources"][0]["applications"], json!([{ "value": bank.casper, "$ref": format!("https://id.example/scim/v2/Applications/{}", bank.casper) }]));
        assert_eq!(access.get(&format!("/RoleAssignments/{hidden}")).await.status, 404);
    }

    /// D8, SC-03: two worlds that differ only out of the caller's sight give the same answers, to the byte.
    async fn what_is_out_of_sight_moves_nothing_in_further_resource_types(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let access = place.service(bank.germany, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let asked = [
            "/Organizations", "/Organizations?sortBy=name", "/Organizations?filter=name%20co%20%22Bank%22", "/Organizations?count=1", "/Applications",
            "/Applications?filter=code%20pr", "/RoleAssignments", "/RoleAssignments?filter=role%20pr", "/RoleAssignments?count=0", "/RoleAssignments?sortBy=role",
        ];
        let mut before = Vec::new();
        for path in asked {
            before.push(access.get(path).await);
        }
        assert_eq!(names(&before[4].body, "code"), ["IMAS"]);
        bank.organisation(Some(bank.france), "Bank B Paris").await;
        bank.organisation(Some(bank.bank_b), "Bank B Austria").await;
        bank.user_admin(bank.bank_b, true, "Boris").await;
        bank.access_admin(bank.france, true, &[bank.imas], "Francine").await;
        bank.access_admin(bank.germany, true, &[bank.casper], "Carla").await;
        for (path, before) in asked.iter().zip(before) {
            assert_eq!(access.get(path).await, before, "{path}");
        }
    }
}
