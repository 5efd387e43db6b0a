//! What a module asks for besides: the operator says it, whoever grants access answers it, the page shows it.

use axum::http::StatusCode;
use serde_json::json;

use super::town::Town;
use crate::support::Modules;

const CLASSES: &str = "TEACHERS = Teachers\nTEACHERS.de = Lehrkräfte\nNURSES = Nurses\n";

fn schema() -> String {
    json!({
        "type": "object", "required": ["allocation"],
        "properties": {
            "approval": { "type": "boolean", "title": "Answers need approval" },
            "allocation": { "type": "string", "enum": ["manual", "automatic"], "title": "Allocation" },
            "days": { "type": "integer", "minimum": 1, "maximum": 90, "title": "Days to answer" },
            "languages": { "type": "array", "items": { "enum": ["de", "fr"] }, "title": "Languages" },
        },
    })
    .to_string()
}

on_both! {
    /// I16, I26, I27, I45: classes with labels per language and settings by a JSON Schema are said by the operator, asked where access
    /// is granted and changed, refused where they are wrong with what was typed kept, and shown.
    async fn a_module_asks_for_its_classification_and_its_settings(world: World) {
        let town = Town::build(world).await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.ask(town.imas).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let catalogue = format!("/admin/applications/{}/module", town.imas);
        assert!(olga.get(&format!("/admin/applications/{}", town.imas)).await.has(&format!("a[href='{catalogue}']")));
        let form = olga.get(&catalogue).await.form(&catalogue).set("classes", "TEACHERS").set("settings_schema", &schema());
        let page = olga.submit(&form).await;
        assert!(page.has("#classes-error") && page.text.contains("line 1") && page.text.contains("Days to answer"), "{}", page.text);
        let page = olga.submit(&form.clone().set("classes", CLASSES).set("settings_schema", "{\"type\": 1}")).await;
        assert!(page.has("#settings_schema-error"), "{}", page.text);
        assert!(olga.submit_and_follow(&form.set("classes", CLASSES)).await.text.contains("saved"));

        let address = format!("/admin/levels/{}/modules/new", town.frankfurt);
        let form = olga.get(&address).await.form(&address);
        let page = olga.submit(&form).await;
        assert!(page.has("#setting-allocation-error") && page.text.contains("Allocation"), "{}", page.text);
        let form = form.set("setting-allocation", "manual").set("setting-days", "ninety").tick("class-NURSES", "on");
        let page = olga.submit(&form).await;
        assert!(page.has("#setting-days-error") && page.has("#class-NURSES[checked]") && page.has("#setting-days[value='ninety']"));
        let forged = form.clone().set("setting-days", "30").set("setting-allocation", "by mood");
        assert!(olga.submit(&forged).await.has("#setting-allocation-error"));
        let form = form.set("setting-days", "30").tick("setting-languages.fr", "on");
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("has been granted"), "{}", page.text);
        let at = (town.frankfurt, town.imas);
        let terms = modules.find(at).await.unwrap().terms;
        assert_eq!(terms.classification, ["NURSES"]);
        assert_eq!(json!(terms.settings), json!({ "approval": false, "allocation": "manual", "days": 30, "languages": ["fr"] }));

        let module = format!("/admin/levels/{}/modules/{}", town.frankfurt, town.imas);
        let page = olga.get(&module).await;
        assert!(page.text.contains("Nurses") && page.text.contains("Days to answer"), "{}", page.text);
        let edit = format!("{module}/edit");
        let page = olga.get(&edit).await;
        assert!(page.has("#class-NURSES[checked]") && page.has("#setting-days[value='30']"));
        let form = page.form(&edit).untick("class-NURSES", "on").tick("class-TEACHERS", "on").set("setting-days", "");
        olga.submit_and_follow(&form).await;
        let terms = modules.find(at).await.unwrap().terms;
        assert_eq!((terms.classification, terms.settings.contains_key("days")), (vec!["TEACHERS".to_owned()], false));

        // Nobody but the operator says what a module asks for.
        let (dua, ..) = town.staff().await;
        assert_eq!(town.signed_in(dua).await.get(&catalogue).await.status, StatusCode::FORBIDDEN);
    }
}
