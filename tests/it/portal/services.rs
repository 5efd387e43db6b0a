//! The pages of delegates for the services of their levels.

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::authority::Validity;
use chamberlain::authority::action::{GrantRole, ManageClient};
use chamberlain::delegation::grant;
use chamberlain::directory::client::model::Client;
use chamberlain::directory::client::{manage, secret_store, store};
use chamberlain::kernel::ids::{ClientId, OrganisationId, PrincipalId};
use chamberlain::transact;

use super::browser::{Browser, Form};
use super::pages::check;
use super::town::Town;
use crate::support::{Failure, failure};

/// As the console: one more role for a service.
async fn give(town: &Town, to: ClientId, organisation: OrganisationId) {
    let ctx = town.world.ctx_of(PrincipalId::Console);
    let (role, applications, validity) = ("DelegatedUserAdmin".to_owned(), Applications::All, Validity::default());
    let to = PrincipalId::Service(to);
    let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity };
    let done: Result<(), Failure> = transact!(town.world.db, tx => {
        let permit = town.app.door.authorise(tx, &ctx, action.clone()).await?;
        grant::grant(tx, permit, town.app.door.roles(), &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    town.app.door.changed();
}

async fn of(town: &Town, organisation: OrganisationId) -> Vec<Client> {
    let tx = &mut town.world.db.reader().await.unwrap();
    let all = store::list(tx).await.unwrap();
    all.into_iter().filter(|client| client.organisation == Some(organisation)).collect()
}

/// A form as somebody else's page would send it.
fn by_hand(from: &Form, action: &str, fields: &[(&str, &str)]) -> Form {
    fields.iter().fold(Form { action: action.to_owned(), ..from.clone() }, |form, (name, value)| form.set(name, value))
}

on_both! {
    /// D3, D5, D8, D13: a delegate makes, sees and keeps services of their levels by the pages that operators have for clients, as far as
    /// they may; by hand-made forms no further.
    async fn a_delegate_keeps_the_services_of_their_levels_and_nothing_else(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        let web = town.client("web").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get("/admin/clients/new").await;
        let form = page.form("/admin/clients/new").set("name", "HR of Bank A").set("client_id", "hr-a").set("kind", "machine");
        olga.submit(&form.set("organisation", &town.bank_a.to_string())).await;
        let beside = format!("/admin/clients/{}", of(&town, town.bank_a).await[0].id);
        // Without the role there is nothing.
        let mut paul = town.signed_in(daa).await;
        assert_eq!(paul.get("/admin/clients").await.status, StatusCode::FORBIDDEN);
        let mut anna = town.signed_in(dua).await;
        let home = anna.get("/").await;
        assert!(!home.has("a[href='/admin/clients']"));
        town.give(dua, "ProvisioningAdmin", town.bank_b, &[]).await;
        let home = anna.get("/").await;
        assert!(home.has("a[href='/admin/clients']") && home.text.contains("Services"), "{}", home.text);
        let list = anna.get("/admin/clients").await;
        check(&list);
        assert!(!list.text.contains("hr-a") && !list.text.contains("/registration"), "{}", list.text);
        // Hers, below; more is not asked for and not taken.
        let page = anna.get("/admin/clients/new").await;
        check(&page);
        assert!(!page.has("#scopes") && !page.has("#kind") && !page.has(&format!("option[value='{}']", town.bank_a)));
        let form = page.form("/admin/clients/new").set("name", "HR of Frankfurt").set("organisation", &town.frankfurt.to_string());
        let greedy = by_hand(&form, "/admin/clients/new", &[("kind", "web"), ("client_id", "mine"), ("scopes", "payments:write"), ("introspection", "on"), ("exchange", "on"), ("redirects", "https://evil.example/cb")]);
        let made = anna.submit(&greedy).await;
        check(&made);
        assert!(made.has("#client-secret"), "{}", made.text);
        let service = of(&town, town.frankfurt).await.remove(0);
        assert!(service.client_id.starts_with("service-") && service.kind.as_str() == "machine");
        assert_eq!(service.settings, chamberlain::directory::client::service::settings());
        for elsewhere in [town.bank_a, town.root] {
            let refused = anna.submit(&form.clone().set("organisation", &elsewhere.to_string())).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND);
            assert!(of(&town, elsewhere).await.iter().all(|client| client.client_id == "hr-a"));
        }
        let link = format!("/admin/clients/{}", service.id);
        let page = anna.get(&link).await;
        check(&page);
        for shown in ["#valid_until", "#addresses", "#tolerance", "form[action$='/secrets']", "form[action$='/self-test']", "a[href$='/tokens']", "a[href$='/requests']", "a[href$='/roles']", "a[href$='/status']"] {
            assert!(page.has(shown), "{shown}");
        }
        for hidden in ["#scopes", "#introspection", "#exchange", "#jwks", "#method", "form[action$='/logo']"] {
            assert!(!page.has(hidden), "{hidden}");
        }
        // A role, by the same boxes as a person's.
        let roles = anna.get(&format!("{link}/roles")).await;
        check(&roles);
        let boxes = roles.form(&format!("{link}/roles"));
        let too_much = boxes.clone().tick("roles[]", "role-ProvisioningAdmin").tick("shown[]", "role-ProvisioningAdmin");
        assert_eq!(anna.submit(&too_much).await.status, StatusCode::FORBIDDEN);
        let given = anna.submit_and_follow(&boxes.tick("roles[]", "role-DelegatedUserAdmin")).await;
        check(&given);
        assert!(given.text.contains("DelegatedUserAdmin · Bank B Frankfurt"), "{}", given.text);
        // What is hers to say, and nothing else of what is sent.
        let form = given.form(&link).set("addresses", "192.0.2.0/24").set("name", "Personnel of Frankfurt");
        let root = town.root.to_string();
        let greedy = by_hand(&form, &link, &[("scopes", "payments:write"), ("introspection", "on"), ("exchange", "on"), ("method", "private_key_jwt"), ("organisation", &root), ("access_lifetime", "3600"), ("stopped", "true")]);
        check(&anna.submit_and_follow(&greedy).await);
        let saved = of(&town, town.frankfurt).await.remove(0);
        assert_eq!((saved.name.as_str(), saved.settings.provisioning.addresses.len()), ("Personnel of Frankfurt", 1));
        assert!(chamberlain::directory::client::service::may_become(&service.settings, &saved.settings));
        for (path, fields) in [("logo", ("do", "remove")), ("stream", ("do", "delete"))] {
            let answer = anna.submit(&by_hand(&form, &format!("{link}/{path}"), &[fields])).await;
            assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        }
        // Tokens, and the try-out.
        let page = anna.get(&format!("{link}/tokens/new")).await;
        let token = anna.submit(&page.form(&format!("{link}/tokens/new")).set("name", "Okta")).await;
        assert!(token.has("#client-token-secret"), "{}", token.text);
        let tokens = anna.get(&format!("{link}/tokens")).await;
        check(&tokens);
        assert!(tokens.text.contains("Anna Berg"), "with whose right it ends: {}", tokens.text);
        let page = anna.get(&link).await;
        assert!(page.text.contains("Anna Berg"), "{}", page.text);
        check(&anna.submit(&page.form(&format!("{link}/self-test"))).await);
        check(&anna.get(&format!("{link}/requests")).await);
        check(&anna.get(&format!("{link}/status")).await);
        assert!(anna.get("/admin/audit").await.text.contains(&service.client_id), "on the record of her levels");
        // Out of sight is not there, whatever is asked; an application is never hers.
        let nowhere = format!("/admin/clients/{}", ClientId(town.world.ctx().uuid()));
        nothing_is_there(&mut anna, &form, [&beside, &web, &nowhere]).await;
        for path in ["/admin/clients/registration", "/admin/clients/registration/new"] {
            assert_eq!(anna.get(path).await.status, StatusCode::FORBIDDEN);
        }
        // An operator gives it more between page and button: the button decides anew, in its own transaction.
        let before = secrets(&town, service.id).await;
        let page = anna.get(&link).await;
        let buttons = page.form(&format!("{link}/secrets"));
        give(&town, service.id, town.root).await;
        for (path, field) in [("/secrets", ("do", "rotate")), ("/tokens/new", ("days", "9")), ("/status", ("to", "disable")), ("/self-test", ("do", "x")), ("", ("name", "mine"))] {
            let answer = anna.submit(&by_hand(&buttons, &format!("{link}{path}"), &[field, ("name", "x"), ("version", "3")])).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(secrets(&town, service.id).await, before);
        let seen = anna.get(&link).await;
        check(&seen);
        assert!(!seen.has("form[action$='/secrets']") && !seen.has("#addresses") && seen.text.contains("it may do more than you"), "{}", seen.text);
        assert!(seen.text.contains("a level outside of your scope") || seen.text.contains("DelegatedUserAdmin · "), "{}", seen.text);
        // Operators keep all of it.
        let page = olga.get(&link).await;
        assert!(page.has("#scopes") && page.has("form[action$='/secrets']"));
        switch_off(&town, service.id).await;
        assert!(olga.get("/admin/clients").await.text.contains(&service.client_id));
    }
}

async fn switch_off(town: &Town, id: ClientId) {
    let ctx = town.world.ctx_of(PrincipalId::Console);
    let off: Result<(), Failure> = transact!(town.world.db, tx => {
        let permit = town.app.door.authorise(tx, &ctx, ManageClient { client: Some(id) }).await?;
        manage::set_active(tx, permit, false, &ctx).await.map(drop).map_err(failure)
    });
    off.unwrap();
}

async fn nothing_is_there(browser: &mut Browser, form: &Form, places: [&str; 3]) {
    for elsewhere in places {
        for path in ["", "/tokens", "/requests", "/roles", "/status", "/stream", "/tokens/new"] {
            let answer = browser.get(&format!("{elsewhere}{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{elsewhere}{path}");
        }
        for (path, field) in [
            ("", ("name", "mine")),
            ("/secrets", ("do", "rotate")),
            ("/tokens/new", ("days", "9")),
            ("/status", ("to", "disable")),
            ("/roles", ("shown[]", "x")),
            ("/self-test", ("do", "x")),
        ] {
            let answer = browser.submit(&by_hand(form, &format!("{elsewhere}{path}"), &[field])).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{elsewhere}{path}");
        }
    }
}

async fn secrets(town: &Town, of: ClientId) -> usize {
    let tx = &mut town.world.db.reader().await.unwrap();
    secret_store::list_live(tx, of, town.world.clock.now()).await.unwrap().len()
}
