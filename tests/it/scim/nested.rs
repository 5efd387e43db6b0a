//! Groups in groups: there are none, so that nobody comes to a group by way of another one.

use chamberlain::authority::Applications;
use serde_json::json;

use super::service::Place;
use crate::support::only;

on_both! {
    /// DA-14: a group is nobody's member, whatever it is called, by every verb; and a person is not taken for one.
    async fn a_group_is_never_a_member_of_a_group(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas, bank.casper]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let ada = caller.joiner("ada").await["id"].clone();
        let path = format!("/Groups/{}", bank.imas_user);
        let inner = bank.casper_submitter.to_string();
        let add = |member: serde_json::Value| json!([{"op": "add", "path": "members", "value": [{"value": ada}, member]}]);
        for member in [
            json!({"value": inner, "type": "Group"}),
            json!({"value": inner}),
            json!({"value": inner, "type": "User"}),
            json!({"value": inner, "$ref": format!("https://id.bank.example/scim/v2/Groups/{inner}")}),
            json!({"value": bank.imas_user.to_string(), "type": "Group"}),
            json!({"value": ada, "type": "Group"}),
            json!({"value": ada, "type": ["User"]}),
        ] {
            let refused = caller.patch(&path, add(member.clone())).await;
            assert_eq!((refused.status, &refused.body["scimType"]), (400, &json!("invalidValue")), "{member}");
        }
        assert!(caller.get(&path).await.body.get("members").is_none(), "nothing of a refused change happens");
        let named = add(json!({"value": ada, "type": "User"}));
        assert_eq!(caller.patch(&format!("{path}?attributes=members"), named).await.body["members"][0]["value"], ada);
    }
}
