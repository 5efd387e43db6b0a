//! Groups of applications by SCIM: D2, DA-13, DA-43.

use chamberlain::authority::Applications;
use serde_json::json;

use super::service::{Place, person};
use crate::support::only;

on_both! {
    /// One member is added and removed; 204 when members are not asked for; who is in stays in.
    async fn rfc7644_3_5_2_members_come_and_go_one_by_one(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let (ada, bob) = (caller.joiner("ada").await["id"].clone(), caller.joiner("bob").await["id"].clone());
        let path = format!("/Groups/{}", bank.imas_user);
        let add = |id: &serde_json::Value| json!([{"op": "Add", "path": "members", "value": [{"value": id}]}]);
        let lean = caller.patch(&path, add(&ada)).await;
        assert_eq!((lean.status, lean.body), (204, json!(null)));
        let twice = caller.patch(&format!("{path}?attributes=members"), add(&ada)).await;
        assert_eq!((twice.status, twice.body["members"].as_array().unwrap().len()), (200, 1));
        assert_eq!(caller.patch(&format!("{path}?attributes=members.value"), add(&bob)).await.body["members"].as_array().unwrap().len(), 2);
        assert_eq!(caller.get(&format!("/Users/{}", ada.as_str().unwrap())).await.body["groups"][0]["value"], json!(bank.imas_user));
        // As Entra ID removes: by a list of values; and by a filter, as the RFC says.
        caller.patch(&path, json!([{"op": "Remove", "path": "members", "value": [{"value": ada}]}])).await;
        let empty = caller.patch(&format!("{path}?attributes=members"), json!([{"op": "remove", "path": format!("members[value eq {bob}]")}])).await;
        assert!(empty.status == 200 && empty.body.get("members").is_none());
    }

    /// DA-13, DA-43: neither another application, nor another customer's people, nor a service; and nothing of the rest happens.
    async fn da_13_43_a_service_gives_only_what_it_manages(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let caller = place.service(bank.bank_b, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let people_only = place.hr(bank.bank_b).await;
        let ada = people_only.joiner("ada").await["id"].as_str().unwrap().to_owned();
        let foreigner = bank.person(bank.bank_a, "foreigner").await.to_string();
        let add = |ids: &[&str]| json!([{"op": "add", "path": "members", "value": ids.iter().map(|id| json!({"value": id})).collect::<Vec<_>>()}]);
        let (imas, casper) = (format!("/Groups/{}", bank.imas_user), format!("/Groups/{}", bank.casper_submitter));
        assert_eq!(caller.patch(&casper, add(&[&ada])).await.status, 404);
        let nobody = caller.patch(&imas, add(&[&ada, "0190163d-8694-7000-8000-000000000000"])).await;
        let hidden = caller.patch(&imas, add(&[&ada, &foreigner])).await;
        let service = caller.patch(&imas, add(&[&ada, &caller.principal.uuid().to_string()])).await;
        assert_eq!(nobody.status, 400);
        assert_eq!((&hidden, &service), (&nobody, &nobody));
        assert!(caller.get(&imas).await.body.get("members").is_none(), "nothing of a refused change happens");
        assert!(matches!(people_only.patch(&imas, add(&[&ada])).await.status, 403 | 404));
        let mut with_groups = person("bob");
        with_groups["groups"] = json!([{"value": bank.casper_submitter}]);
        assert_eq!(people_only.call("POST", "/Users", &with_groups).await.status, 400);
        let put = people_only.call("PUT", &format!("/Users/{ada}"), &json!({"userName": "ada", "groups": [{"value": bank.casper_submitter}]})).await;
        assert_eq!((put.status, put.body.get("groups")), (200, None));
        assert_eq!(caller.call("POST", "/Groups", &json!({"displayName": "Mine"})).await.status, 403);
        assert_eq!(caller.delete(&imas).await.status, 403);
    }

    /// Groups are made by those who manage them, with a code out of the name, and deleted with their memberships.
    async fn an_operator_creates_replaces_and_deletes_groups(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let extension = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Group";
        assert_eq!(operator.call("POST", "/Groups", &json!({"displayName": "Where"})).await.status, 400, "two applications");
        let sent = json!({"displayName": "Data readers", "externalId": "7", extension: {"application": "CASPER", "environment": "production", "description": "Reads"}});
        let made = operator.call("POST", &format!("/Groups?attributes=displayName,meta,{extension}"), &sent).await;
        assert_eq!((made.status, &made.body[extension]["code"]), (201, &json!("DATA_READERS")), "{}", made.body);
        let path = format!("/Groups/{}", made.body["id"].as_str().unwrap());
        let found = operator.get("/Groups?filter=displayName%20eq%20%22data%20READERS%22").await;
        assert_eq!(found.body["totalResults"], json!(1));
        let put = operator.call_if("PUT", &path, made.etag.as_deref().unwrap(), &json!({"displayName": "Readers"})).await;
        assert_eq!((put.status, &put.body["displayName"]), (200, &json!("Readers")));
        assert_eq!(operator.call_if("PUT", &path, made.etag.as_deref().unwrap(), &json!({"displayName": "Again"})).await.status, 412);
        assert_eq!((operator.delete(&path).await.status, operator.get(&path).await.status), (204, 404));
    }
}
