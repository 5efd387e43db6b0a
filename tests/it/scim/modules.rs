//! Module access, as provisioning clients meet it.

use chamberlain::authority::Applications;
use serde_json::json;

use super::service::{OURS, Place, Service};
use crate::support::{Modules, only};

on_both! {
    /// D2, D9, I76: the same rule by SCIM: a clear refusal, nothing changed, and taking out works.
    async fn d2_members_are_added_only_where_the_module_is_active(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let modules = Modules::of(&bank.world, &bank.door);
        let roles = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let hr = place.service(bank.germany, &roles, "scim").await;
        let (ada, bea) = (hr.joiner("ada").await["id"].clone(), hr.joiner("bea").await["id"].clone());
        let group = format!("/Groups/{}", bank.imas_user);
        let add = |id: &serde_json::Value| json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        modules.ask(bank.imas).await;
        let at = (bank.germany, bank.imas);
        let answer = hr.patch(&group, add(&ada)).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body["detail"].as_str().unwrap().contains("no access to the module"), "{answer:?}");
        modules.grant(at).await.unwrap();
        assert!(hr.patch(&group, add(&ada)).await.status < 300);
        modules.suspend(at).await.unwrap();
        let answer = hr.patch(&group, json!([{"op": "replace", "path": "members", "value": [{"value": ada}, {"value": bea}]}])).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body["detail"].as_str().unwrap().contains("suspended"), "{answer:?}");
        let whole = hr.get(&format!("/Users/{}", ada.as_str().unwrap())).await;
        assert_eq!(whole.body["groups"].as_array().unwrap().len(), 1, "kept");
        let same = json!([{"op": "replace", "path": "members", "value": [{"value": ada}]}]);
        assert!(hr.patch(&group, same).await.status < 300, "a sync of what is there goes through");
        let out = json!([{"op": "remove", "path": format!("members[value eq {ada}]")}]);
        assert!(hr.patch(&group, out).await.status < 300);
        assert!(hr.get(&format!("/Users/{}", ada.as_str().unwrap())).await.body.get("groups").is_none());
    }

    /// I76, I79, D8: what the home organisation holds is told on request, of applications in sight; a change of it is a new
    /// version of the person.
    async fn i76_the_status_of_modules_is_an_attribute(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let modules = Modules::of(&bank.world, &bank.door);
        let roles = [("DelegatedUserAdmin", Applications::All)];
        let hr = place.service(bank.germany, &roles, "scim").await;
        let only_imas = place.service(bank.germany, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let id = hr.joiner("ada").await["id"].as_str().unwrap().to_owned();
        for application in [bank.imas, bank.casper] {
            modules.ask(application).await;
            modules.grant((bank.germany, application)).await.unwrap();
        }
        let asked = format!("/Users/{id}?attributes={OURS}:modules");
        let told = async |service: &Service| service.get(&asked).await.body[OURS]["modules"].clone();
        let line = |code: &str, status: &str| json!({"value": code, "status": status, "kind": "authority"});
        assert_eq!(told(&hr).await, json!([line("CASPER", "active"), line("IMAS", "active")]));
        assert_eq!(told(&only_imas).await, json!([line("IMAS", "active")]));
        let before = hr.get(&format!("/Users/{id}")).await;
        assert!(before.body[OURS].get("modules").is_none(), "on request only");
        modules.suspend((bank.germany, bank.casper)).await.unwrap();
        assert_eq!(told(&hr).await, json!([line("CASPER", "complete_only"), line("IMAS", "active")]));
        assert_eq!(told(&only_imas).await, json!([line("IMAS", "active")]));
        assert_ne!(hr.get(&format!("/Users/{id}")).await.etag, before.etag);
        let set = json!([{"op": "replace", "path": format!("{OURS}:modules"), "value": [line("IMAS", "active")]}]);
        assert_eq!(hr.patch(&format!("/Users/{id}"), set).await.body["scimType"], "mutability");
    }
}
