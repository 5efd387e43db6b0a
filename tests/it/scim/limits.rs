//! Requests that are too long, too deep, too broad, or not what they seem.

use chamberlain::authority::Applications;
use chamberlain::scim::Limits;
use serde_json::json;

use super::service::{Answer, Place, person};

on_both! {
    /// SC-16: brackets without end are refused before anything recurses, wherever a filter may stand; the service lives on.
    async fn sc_16_nesting_without_end_is_refused(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        for open in ["not (", "(", "emails["] {
            for tail in ["", "userName pr", "userName eq"] {
                let filter = format!("{}{tail}", open.repeat(100_000));
                for resource in ["/Users", "/Groups"] {
                    let by_post = hr.call("POST", &format!("{resource}/.search"), &json!({"filter": filter})).await;
                    assert_eq!((by_post.status, &by_post.body["scimType"]), (400, &json!("invalidFilter")));
                }
                let nested = format!("{}{tail}{}", open.repeat(40), ")".repeat(40));
                assert_eq!(hr.find(&nested).await.status, 400);
                let deep = format!("emails[{filter}]");
                assert_eq!(hr.patch(&path, json!([{"op": "remove", "path": deep}])).await.status, 400);
            }
        }
        assert_eq!(hr.get(&path).await.body, made);
    }

    /// SC-17: what is too long is refused by its length.
    async fn sc_17_long_texts_are_refused_by_their_length(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let long = "a".repeat(900_000);
        let kind = |answer: Answer| (answer.status, answer.body["scimType"].as_str().unwrap_or_default().to_owned());
        let search = async |key: &str, value: &str| kind(hr.call("POST", "/Users/.search", &json!({key: value})).await);
        assert_eq!(search("filter", &format!("userName eq \"{long}\"")).await, (400, "invalidFilter".to_owned()));
        assert_eq!(search("filter", &format!("{long} pr")).await, (400, "invalidFilter".to_owned()));
        for list in ["attributes", "excludedAttributes", "sortBy"] {
            assert_eq!(search(list, &long).await, (400, "invalidPath".to_owned()), "{list}");
            assert_eq!(search(list, &"a,".repeat(400_000)).await, (400, "invalidPath".to_owned()), "{list}");
        }
        assert_eq!(kind(hr.patch(&path, json!([{"op": "add", "path": long, "value": "x"}])).await), (400, "invalidPath".to_owned()));
        assert_eq!(hr.call("POST", "/Users/.search", &json!({"filter": "a".repeat(8_000_000)})).await.status, 413);
        for name in ["userName", "externalId"] {
            let mut sent = person("bob");
            sent[name] = json!("x".repeat(3_000));
            assert_eq!(kind(hr.call("POST", "/Users", &sent).await), (400, "invalidValue".to_owned()), "{name}");
        }
        assert_eq!(hr.get(&path).await.body, made);
    }

    /// SC-18: so many terms, so many characters, and no more. (So much time: a test in `src/scim`.)
    async fn sc_18_a_filter_has_a_budget(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        hr.joiner("ada").await;
        let terms = |number: usize| vec!["userName eq \"ada\""; number].join(" or ");
        assert_eq!((hr.find(&terms(64)).await.status, hr.find(&terms(65)).await.status), (200, 400));
        for filter in ["userName co \"ad\"", "userName ew \"le\"", "not (name.familyName co \"x\")"] {
            assert_eq!(hr.find(filter).await.body["scimType"], json!("invalidFilter"), "{filter}");
        }
    }

    /// SC-18: every list, and the search over all of them, has its time to read its rows and no more; what is asked for by id is not a list.
    async fn sc_18_every_list_has_so_much_time(world: World) {
        let mut place = Place::new(world).await;
        place.scim.settings.list_seconds = 0;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let lists = ["Users", "Groups", "Organizations", "Applications", "Memberships", "RoleAssignments", "Nominations", "Invitations"];
        for kind in lists {
            let answer = hr.get(&format!("/{kind}")).await;
            assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("tooMany")), "{kind}: {}", answer.text);
        }
        let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
        assert_eq!(hr.call("POST", "/.search", &search).await.body["scimType"], json!("tooMany"));
        assert_eq!(hr.get(&format!("/Users/{}", made["id"].as_str().unwrap())).await.status, 200);
    }

    /// SC-16 to SC-20: an operator sets each limit; what there is a place for is announced, and an error names the limit.
    async fn sc_20_limits_are_those_of_the_settings_and_announced(world: World) {
        let mut place = Place::new(world).await;
        place.scim.settings.limits =
            Limits { filter_bytes: 300, filter_depth: 2, filter_terms: 3, operations: 2, body_bytes: 20_000, page: 10 };
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let config = hr.get("/ServiceProviderConfig").await.body;
        assert_eq!(config["bulk"], json!({ "supported": true, "maxOperations": 2, "maxPayloadSize": 20_000 }));
        assert_eq!((&config["filter"]["maxResults"], &config["pagination"]["maxPageSize"]), (&json!(10), &json!(10)));
        assert_eq!(config["pagination"]["defaultPageSize"], json!(10));
        let terms = |number: usize| vec!["userName pr"; number].join(" or ");
        for (good, bad, named) in [
            (terms(3), terms(4), "3"), ("((active eq true))".to_owned(), "(((active eq true)))".to_owned(), "2"),
            (format!("userName eq \"{}\"", "a".repeat(280)), format!("userName eq \"{}\"", "a".repeat(300)), "300"),
        ] {
            assert_eq!(hr.find(&good).await.status, 200, "{good}");
            let refused = hr.find(&bad).await;
            assert_eq!((refused.status, refused.body["detail"].as_str().unwrap().contains(named)), (400, true), "{bad}");
        }
        let one = json!({ "op": "replace", "path": "nickName", "value": "A" });
        assert_eq!(hr.patch(&path, json!([one, one])).await.status, 200);
        let refused = hr.patch(&path, json!([one, one, one])).await;
        assert_eq!((refused.status, refused.body["detail"].as_str().unwrap().contains("at most 2 operations")), (413, true));
        let bulk = |number: usize| json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": vec![json!({ "method": "DELETE", "path": "/Users/x" }); number] });
        assert_eq!(hr.call("POST", "/Bulk", &bulk(2)).await.status, 200);
        assert_eq!(hr.call("POST", "/Bulk", &bulk(3)).await.status, 413);
        let mut long = person("bob");
        long["nickName"] = json!("x".repeat(20_000));
        let refused = hr.call("POST", "/Users", &long).await;
        assert_eq!((refused.status, refused.body["detail"].as_str().unwrap().contains("20000")), (413, true));
        for number in 0..10 {
            hr.joiner(&format!("p{number}")).await;
        }
        let page = hr.get("/Users?count=50").await.body;
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(11), &json!(10)));
        assert_eq!(hr.get("/Users?cursor=&count=11").await.body["scimType"], json!("invalidCount"));
        assert_eq!(hr.get(&path).await.body["nickName"], json!("A"));
    }

    /// SC-23: nothing is unpacked.
    async fn sc_23_compressed_bodies_are_refused(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "GZIP"] {
            for (verb, path) in [("POST", "/Users"), ("PUT", path.as_str()), ("PATCH", path.as_str()), ("POST", "/Users/.search"), ("POST", "/Groups")] {
                assert_eq!(hr.coded(verb, path, coding, &person("bob")).await.status, 415, "{verb} {coding}");
            }
        }
        assert_eq!(hr.coded("POST", "/Users", "identity", &person("bob")).await.status, 201);
    }

    /// SC-26: `%`, `_` and `\` in a filter are plain characters.
    async fn sc_26_wildcards_are_plain_characters(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for (number, name) in ["plain", "per%cent", "under_score", "back\\slash"].into_iter().enumerate() {
            let mut sent = person(&format!("p{number}"));
            sent["userName"] = json!(name);
            assert_eq!(hr.call("POST", "/Users", &sent).await.status, 201);
        }
        for (filter, found) in [
            ("userName sw \"%\"", 0), ("userName co \"%_%\"", 0), ("userName co \"r%c\"", 1), ("userName ew \"%cent\"", 1), ("userName sw \"_\"", 0),
            ("userName co \"er_s\"", 1), ("userName co \"e__s\"", 0), ("userName co \"k\\\\s\"", 1), ("userName sw \"back\\\\\"", 1), ("userName eq \"%\"", 0),
            ("userName sw \"p\"", 2),
        ] {
            assert_eq!(hr.find(filter).await.body["totalResults"], json!(found), "{filter}");
        }
    }

    /// SC-27: what a client spells ends up as a bound value, or is refused as no attribute of ours.
    async fn sc_27_nothing_of_a_request_becomes_sql(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let all = place.service(place.bank.root, &[("Operator", Applications::All)], "scim").await;
        let made = hr.joiner("ada").await;
        let before = all.get("/Users").await.body;
        for text in ["id; DROP TABLE users", "u.id", "u.email_folded", "id) UNION SELECT * FROM users --", "1", "(SELECT 1)", "id desc, 1", "id\0", "ı"] {
            for key in ["sortBy", "attributes", "excludedAttributes", "startIndex", "count", "sortOrder"] {
                let answer = hr.query("/Users", &[(key, text), ("count", "5")]).await;
                assert!(matches!(answer.status, 200 | 400), "{key} {text}");
                assert!(answer.status == 400 || matches!(key, "attributes" | "excludedAttributes" | "sortOrder") || text == "1", "{key} {text}");
                assert!(matches!(hr.query("/Groups", &[(key, text)]).await.status, 200 | 400), "{key} {text}");
            }
            assert_eq!(hr.find(&format!("{text} eq \"x\"")).await.status, 400, "{text}");
            let quoted = json!(format!("' OR 1=1 -- {text}")).to_string();
            for attribute in ["userName", "externalId", "emails.value", "name.familyName", "id"] {
                assert_eq!(hr.find(&format!("{attribute} eq {quoted}")).await.body["totalResults"], json!(0), "{attribute} {quoted}");
            }
            assert_eq!(hr.find(&format!("groups.value eq {quoted}")).await.body["totalResults"], json!(0));
        }
        assert_eq!(all.get("/Users").await.body, before);
        assert_eq!(before["Resources"].as_array().unwrap().len(), 1, "{}", made["id"]);
    }
}
