//! RFC 9865: pages behind cursors.

use std::time::Duration;

use chamberlain::authority::Applications;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use super::service::{Answer, OURS, Place, Service, person};
use crate::support::script_token;

async fn page(service: &Service, path: &str, more: &[(&str, &str)], cursor: &str) -> Answer {
    service.query(path, &[&[("cursor", cursor)], more].concat()).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let list = answer.body["Resources"].as_array().unwrap_or_else(|| panic!("{}", answer.body));
    list.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// All pages one behind the other.
async fn walk(service: &Service, path: &str, more: &[(&str, &str)]) -> (Vec<Vec<String>>, Vec<Value>) {
    let (mut pages, mut totals, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let answer = page(service, path, more, &cursor).await;
        assert!(answer.body.get("startIndex").is_none(), "{}", answer.body);
        assert_eq!(answer.body["itemsPerPage"], json!(ids(&answer).len()));
        pages.push(ids(&answer));
        totals.push(answer.body["totalResults"].clone());
        match answer.body["nextCursor"].as_str() {
            None => return (pages, totals),
            Some(next) => next.clone_into(&mut cursor),
        }
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)), "RFC 9865 §2: unreserved");
    }
}

on_both! {
    /// RFC 9865 §2: pages behind cursors hold everybody once, in every order, however full the last one is.
    async fn rfc9865_2_pages_behind_cursors_hold_everybody_once(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for name in ["ada", "bob", "eve", "kim"] {
            hr.joiner(name).await;
        }
        let pages = |sizes: &[usize]| sizes.to_vec();
        for (count, sizes) in [("1", pages(&[1, 1, 1, 1])), ("2", pages(&[2, 2])), ("3", pages(&[3, 1])), ("4", pages(&[4])), ("200", pages(&[4]))] {
            let (found, totals) = walk(&hr, "/Users", &[("count", count)]).await;
            assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{count}");
            assert!(totals.iter().all(|total| *total == json!(4)), "{totals:?}");
        }
        for sort in ["userName", "name.familyName", "name.givenName", "id", "meta.created", "meta.lastModified"] {
            for order in ["ascending", "descending"] {
                let sorted = [("sortBy", sort), ("sortOrder", order), ("filter", "active eq true and name.familyName sw \"join\"")];
                let (found, _) = walk(&hr, "/Users", &[sorted.as_slice(), &[("count", "1")]].concat()).await;
                let by_index = hr.query("/Users", &sorted).await;
                assert_eq!(found.concat(), ids(&by_index), "{sort} {order}");
            }
        }
        let by_post = hr.call("POST", "/Users/.search", &json!({ "cursor": "", "count": 3 })).await;
        let next = hr.call("POST", "/Users/.search", &json!({ "cursor": by_post.body["nextCursor"], "count": 3 })).await;
        assert_eq!((ids(&by_post).len(), ids(&next).len(), next.body.get("nextCursor")), (3, 1, None));
    }

    /// RFC 9865 §1: who comes or goes between two pages moves nobody else off a page.
    async fn rfc9865_1_nobody_is_skipped_or_repeated_when_people_come_and_go(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut made = Vec::new();
        for name in ["b", "d", "f", "h"] {
            made.push(hr.joiner(name).await["id"].as_str().unwrap().to_owned());
        }
        let sorted = [("sortBy", "userName"), ("count", "2")];
        let first = page(&hr, "/Users", &sorted, "").await;
        assert_eq!(ids(&first), made[..2]);
        hr.joiner("a").await;
        hr.delete(&format!("/Users/{}", made[1])).await;
        let second = page(&hr, "/Users", &sorted, first.body["nextCursor"].as_str().unwrap()).await;
        assert_eq!((ids(&second), second.body.get("nextCursor")), (made[2..].to_vec(), None));
    }

    /// RFC 9865 §2: every kind of resource has them.
    async fn rfc9865_2_every_list_has_cursors(world: World) {
        let place = Place::new(world).await;
        let all = place.service(place.bank.root, &[("Operator", Applications::All)], "scim").await;
        place.hr(place.bank.bank_b).await;
        for path in ["/Groups", "/Organizations", "/Applications", "/RoleAssignments"] {
            for order in ["ascending", "descending"] {
                let by_index = all.query(path, &[("sortOrder", order)]).await;
                let (found, _) = walk(&all, path, &[("count", "1"), ("sortOrder", order)]).await;
                assert_eq!(found.concat(), ids(&by_index), "{path}");
                assert!(found.len() > 1, "{path} has {} pages", found.len());
            }
        }
        let (found, _) = walk(&all, "/Groups", &[("count", "1"), ("sortBy", "displayName")]).await;
        assert_eq!(found.concat(), ids(&all.query("/Groups", &[("sortBy", "displayName")]).await));
        let refused = page(&all, "/Organizations", &[("sortBy", "name")], "").await;
        assert_eq!(refused.body["scimType"], json!("invalidValue"));
        let config = all.get("/ServiceProviderConfig").await.body;
        assert_eq!(config["pagination"], json!({
            "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100, "maxPageSize": 200, "cursorTimeout": 3600,
        }));
    }

    /// RFC 9865 §2.1, SC-27: a cursor is for one caller, one query and one hour, and cannot be made up.
    async fn rfc9865_2_1_a_cursor_is_bound_to_caller_query_and_time(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let colleague = place.hr(place.bank.bank_b).await;
        for name in ["ada", "bob", "eve"] {
            hr.joiner(name).await;
        }
        let one = [("count", "1"), ("sortBy", "userName")];
        let cursor = page(&hr, "/Users", &one, "").await.body["nextCursor"].as_str().unwrap().to_owned();
        let kind = |answer: Answer| answer.body["scimType"].as_str().unwrap_or_default().to_owned();
        assert!(!cursor.contains("ada"));
        let longer = format!("{cursor}A");
        let changed: String = cursor.chars().rev().collect();
        let huge = "A".repeat(5_000);
        for made_up in ["x", "....", &longer, &changed, &huge, "1", "' OR 1=1 --"] {
            assert_eq!(kind(page(&hr, "/Users", &one, made_up).await), "invalidCursor", "{made_up}");
        }
        for other in [
            vec![("count", "1")], vec![("count", "1"), ("sortBy", "userName"), ("sortOrder", "descending")],
            vec![("count", "1"), ("sortBy", "userName"), ("filter", "active eq true")],
        ] {
            assert_eq!(kind(page(&hr, "/Users", &other, &cursor).await), "invalidCursor", "{other:?}");
        }
        assert_eq!(kind(page(&hr, "/Groups", &[("count", "1")], &cursor).await), "invalidCursor");
        assert_eq!(kind(page(&colleague, "/Users", &one, &cursor).await), "invalidCursor");
        for count in ["0", "-1", "201", "99999999999999999999"] {
            assert_eq!(kind(page(&hr, "/Users", &[("count", count)], "").await), "invalidCount", "{count}");
        }
        assert_eq!(kind(page(&hr, "/Users", &[("startIndex", "2")], "").await), "invalidValue");
        assert_eq!(kind(page(&hr, "/Users", &[("sortBy", "emails")], "").await), "invalidValue");
        assert_eq!(page(&hr, "/Users", &one, &cursor).await.status, 200);
        place.bank.world.clock.advance(Duration::from_mins(59));
        assert_eq!(page(&hr, "/Users", &one, &cursor).await.status, 200);
        place.bank.world.clock.advance(Duration::from_mins(1));
        let hr = hr.with_token(&place.token(&hr.client_id, |claims| claims.sub.clone_from(&hr.client_id)).await);
        assert_eq!(kind(page(&hr, "/Users", &one, &cursor).await), "expiredCursor");
    }

    /// RFC 7644 §3.4.3: one search over all kinds, page by page, each under its own rules; RFC 7644 §3.4.2.1: by kind.
    async fn rfc7644_3_4_3_one_search_goes_over_all_kinds(world: World) {
        let place = Place::new(world).await;
        let all = place.service(place.bank.root, &[("Operator", Applications::All)], "scim").await;
        let hr = place.hr(place.bank.bank_b).await;
        let ada = hr.joiner("ada").await;
        let search = async |service: &Service, body: Value| service.call("POST", "/.search", &body).await;
        let mut counted = 0;
        let mut expected = Vec::new();
        for path in ["/Users", "/Groups", "/Organizations", "/Applications", "/RoleAssignments", "/Nominations", "/Invitations"] {
            let list = all.get(path).await;
            counted += list.body["totalResults"].as_i64().unwrap();
            expected.extend(list.body["Resources"].as_array().unwrap().clone());
        }
        let whole = search(&all, json!({})).await;
        assert_eq!((whole.status, &whole.body["totalResults"]), (200, &json!(counted)), "{}", whole.body);
        assert_eq!(whole.body["Resources"], json!(expected));
        let mut paged = Vec::new();
        for start in (1..=counted).step_by(3) {
            let part = search(&all, json!({ "startIndex": start, "count": 3 })).await;
            assert_eq!(part.body["totalResults"], json!(counted));
            paged.extend(part.body["Resources"].as_array().unwrap().clone());
        }
        assert_eq!(paged, expected);
        let by_kind = search(&all, json!({ "filter": "meta.resourceType eq \"User\"", "attributes": ["userName"] })).await;
        assert_eq!(by_kind.body["Resources"], json!([{ "id": ada["id"], "schemas": ada["schemas"], "userName": ada["userName"] }]));
        let by_name = search(&hr, json!({ "filter": "userName eq \"ada@bank-b.example\" or code eq \"NOTHING\"" })).await;
        assert_eq!(by_name.body["totalResults"], json!(1), "{}", by_name.body);
        let seen = search(&hr, json!({ "filter": "meta.resourceType eq \"Organization\"" })).await;
        assert_eq!(seen.body["totalResults"], hr.get("/Organizations").await.body["totalResults"]);
        for odd in [json!({ "sortBy": "id" }), json!({ "cursor": "" })] {
            assert_eq!(search(&all, odd.clone()).await.body["scimType"], json!("invalidValue"), "{odd}");
        }
        assert_eq!(search(&all, json!({ "filter": "password sw \"a\"" })).await.body["scimType"], json!("invalidFilter"));
        assert_eq!(search(&all, json!({ "count": 0 })).await.body["Resources"], json!([]));
    }

    /// RFC 7644 §3.11: `/Me` is the person of the token, under the rules of `/Users`; a service is nobody.
    async fn rfc7644_3_11_me_is_the_person_of_the_token(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for (method, body) in [("GET", Value::Null), ("PATCH", json!({})), ("PUT", person("x")), ("DELETE", Value::Null)] {
            assert_eq!(hr.call(method, "/Me", &body).await.status, 404, "{method}");
        }
        assert_eq!((hr.call("POST", "/Me", &person("x")).await.status, hr.anonymous("/Me").await.status), (405, 401));
        let anna = place.bank.person(place.bank.bank_b, "anna").await;
        place.appoint(PrincipalId::Person(anna), "DelegatedUserAdmin", place.bank.bank_b, &Applications::All).await;
        let token = script_token(&place.bank, anna, &["users:read", "users:write"], None).await.unwrap();
        let me = hr.with_token(&token);
        let shown = me.get("/Me?attributes=userName").await;
        assert_eq!(shown.body, me.get(&format!("/Users/{anna}?attributes=userName")).await.body);
        assert_eq!((shown.status, shown.body["id"].as_str()), (200, Some(anna.to_string().as_str())));
        let changed = json!({ "Operations": [{ "op": "add", "path": "title", "value": "Chief" }] });
        let (by_me, by_id) = (me.call("PATCH", "/Me", &changed).await, me.call("PATCH", &format!("/Users/{anna}"), &changed).await);
        assert_eq!(by_me.status, by_id.status, "{} {}", by_me.body, by_id.body);
        // Whom her script makes belongs to her organisation, or to one below it that is named.
        let script = |name: &str| {
            let mut made = person(name);
            made.as_object_mut().unwrap().remove("externalId");
            made
        };
        let made = me.call("POST", "/Users", &script("scriptone")).await;
        let at = |body: &Value| body[OURS]["organisation"].clone();
        assert_eq!((made.status, at(&made.body)), (201, json!(place.bank.bank_b.to_string())), "{}", made.body);
        let mut named = script("scripttwo");
        named[OURS] = json!({ "organisation": "Bank B Germany" });
        let made = me.call("POST", "/Users", &named).await;
        assert_eq!((made.status, at(&made.body)), (201, json!(place.bank.germany.to_string())), "{}", made.body);
    }
}
