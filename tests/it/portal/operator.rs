//! The operator's area: levels, applications and their groups, OIDC clients.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::directory::{client, group, membership, organisation};

use super::browser::{Answer, Browser, Form, selector};
use super::town::Town;
use crate::support::signing::Signer;

/// The last choice of a list on a page.
fn last_choice(page: &Answer, field: &str) -> String {
    let html = page.html();
    let option = html.select(&selector(&format!("#{field} option:last-child"))).next().unwrap();
    option.value().attr("value").unwrap().to_owned()
}

on_both! {
    /// E51, C02, C07: the operator adds a level, an application with a group, and a client whose secret is shown once.
    async fn an_operator_registers_an_application_and_its_client(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let form = olga.get("/admin/levels/new").await.form("/admin/levels/new").set("name", "Bank C");
        assert_eq!(olga.submit_and_follow(&form).await.heading().trim(), "Bank C Active");
        let form = olga.get("/admin/applications/new").await.form("/admin/applications/new");
        let page = olga.submit_and_follow(&form.set("code", "ASTRA").set("name", "Astra")).await;
        let base = page.path.split('?').next().unwrap().to_owned();
        let address = format!("{base}/environments/new");
        let form = olga.get(&address).await.form(&address).set("code", "pre-production").set("group_prefix", "A-");
        olga.submit_and_follow(&form).await;
        let address = format!("{base}/groups/new");
        let form = olga.get(&address).await.form(&address).set("code", "ASTRA_READER").set("display_name", "Astra readers");
        assert!(olga.submit_and_follow(&form).await.text.contains("A-ASTRA_READER"), "C07");

        let page = olga.get("/admin/clients/new").await;
        let place = last_choice(&page, "environment");
        let form = page.form("/admin/clients/new").set("name", "Astra").set("client_id", "astra").set("environment", &place);
        let page = olga.submit(&form.clone().set("redirects", "http://astra.example/cb")).await;
        assert!(page.has("#redirects-error"), "{}", page.text);
        let page = olga.submit(&form.set("redirects", "https://astra.example/cb")).await;
        assert!(page.has("#client-secret"), "{}", page.text);
        let list = olga.get("/admin/clients").await;
        let link = list.html().select(&selector("tbody a")).next().unwrap().value().attr("href").unwrap().to_owned();
        let page = olga.get(&link).await;
        assert!(!page.has("#client-secret") && page.text.contains("OIDCClientID astra"));
        assert!(olga.get("/admin/audit").await.text.contains("Client created"));
    }

    /// All settings of a client on one page; all mistakes at once, each at its field, with what was typed kept.
    async fn the_settings_of_a_client_are_edited_on_one_page(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let form = olga.get(&link).await.form(&link);
        let wrong = form.clone().set("redirects", "ftp://x").set("origins", "app.example").set("access_lifetime", "5");
        let page = olga.submit(&wrong.set("scopes", "openid gr\"oups")).await;
        for field in ["redirects", "origins", "access_lifetime", "scopes"] {
            assert!(page.has(&format!("#{field}-error")) && page.has(&format!("#problem a[href='#{field}']")), "{field}:\n{}", page.text);
        }
        assert!(page.has("details[open] #origins-error"), "what is wrong is not hidden");
        let right = form.clone().set("redirects", "https://imas.example/cb\r\nhttps://imas.example/cb2").set("access_lifetime", "600");
        let page = olga.submit_and_follow(&right.tick("company_id", "on")).await;
        assert!(page.text.contains("https://imas.example/cb2") && page.has("#access_lifetime[value='600']") && page.has("#company_id[checked]"));
        assert_eq!(olga.submit(&form).await.status, StatusCode::CONFLICT, "somebody else saved in between");
    }

    /// OA-39, OA-21: a client that signs gets no secret; its keys, their address and its rules are set on its page, what is wrong is told at
    /// the fields, and a private key is not taken.
    async fn the_keys_of_a_client_are_set_on_its_page(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        assert!(page.has("#profile") && page.has("#jwks-hint") && page.has("#jwks_uri-hint"));
        let form = page.form(&link).set("method", "private_key_jwt");
        let key = Signer::new("ES256");
        let public = serde_json::json!({"keys": [key.registered()]}).to_string();
        let private = serde_json::json!({"keys": [key.private]}).to_string();
        for (set, address, field) in [
            ("", "", "jwks"), ("nonsense", "", "jwks"), ("[]", "", "jwks"), ("{\"keys\":[]}", "", "jwks"), (private.as_str(), "", "jwks"),
            (public.as_str(), "https://imas.example/jwks", "jwks_uri"), ("", "http://imas.example/jwks", "jwks_uri"),
        ] {
            let page = olga.submit(&form.clone().set("jwks", set).set("jwks_uri", address)).await;
            assert!(page.has(&format!("details[open] #{field}-error")), "{set} {address}: {}", page.text);
        }
        let page = olga.submit(&page.form(&link).set("profile", "fapi2")).await;
        assert!(page.has("#method-error"), "{}", page.text);
        let page = olga.submit_and_follow(&form.set("jwks", &public).set("profile", "fapi2")).await;
        // The name of the key holds a sign that pages escape.
        let named = key.kid.split('"').nth_back(0).unwrap();
        assert!(page.text.contains(named) && page.has("#profile option[value='fapi2'][selected]"), "{}", page.text);
        let tx = &mut town.world.db.reader().await.unwrap();
        let stored = client::store::find_by_client_id(tx, "imas").await.unwrap().unwrap();
        assert!(stored.epoch > 0, "bearer tokens given before work no longer");
        let live = client::secret_store::list_live(tx, stored.id, town.world.clock.now()).await.unwrap();
        assert!(live.is_empty(), "what proved it before does not when the method is changed back");
        assert!(page.has("#method option[value='private_key_jwt'][selected]") && !page.has(&format!("form[action='{link}/secrets']")));
        let page = olga.submit_and_follow(&page.form(&link).set("jwks", "").set("jwks_uri", "https://imas.example/jwks")).await;
        assert!(page.has("#jwks_uri[value='https://imas.example/jwks']"), "{}", page.text);
        let form = page.form(&link).tick("signed", "on").tick("dpop_nonce", "on").set("token_format", "opaque").set("answer_algorithm", "PS256").set("algorithm", "EdDSA");
        let refused = olga.submit(&form.clone().set("grace", "11")).await;
        assert!(refused.has("details[open] #grace-error"), "{}", refused.text);
        let page = olga.submit_and_follow(&form.set("grace", "7")).await;
        assert!(page.has("#signed[checked]") && page.has("#dpop_nonce[checked]") && page.has("#grace[value='7']") && !page.has("#bound[checked]"));
        assert!(page.has("#token_format option[value='opaque'][selected]"));
        assert!(page.has("#answer_algorithm option[value='PS256'][selected]") && page.has("#algorithm option[value='EdDSA'][selected]"));
    }

    /// RFC 8705 §2.1.2: the name of a certificate is set on its page; what is no name, and none, is told at the field.
    async fn the_certificate_of_a_client_is_named_on_its_page(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        let form = page.form(&link).set("method", "tls_client_auth").set("certificate_kind", "san_dns").tick("certificate_bound", "on");
        for odd in ["", "*.imas.example", "imas example"] {
            let page = olga.submit(&form.clone().set("certificate_name", odd)).await;
            assert!(page.has("details[open] #certificate_name-error"), "{odd}: {}", page.text);
        }
        let page = olga.submit_and_follow(&form.set("certificate_name", "imas.example").set("profile", "fapi2")).await;
        assert!(page.has("#method option[value='tls_client_auth'][selected]") && page.has("#certificate_name[value='imas.example']"), "{}", page.text);
        assert!(page.has("#certificate_kind option[value='san_dns'][selected]") && page.has("#certificate_bound[checked]"));
        let tx = &mut town.world.db.reader().await.unwrap();
        let stored = client::store::find_by_client_id(tx, "imas").await.unwrap().unwrap();
        assert!(stored.epoch > 0, "bearer tokens given before work no longer");
        let own = page.form(&link).set("method", "self_signed_tls_client_auth");
        assert!(olga.submit(&own).await.has("#jwks-error"));
        let mut key = Signer::new("ES256").registered();
        key["x5c"] = serde_json::json!([crate::support::certificates::self_made(&Signer::new("ES256")).x5c()]);
        let set = serde_json::json!({"keys": [key]}).to_string();
        assert!(olga.submit(&own.set("jwks", &set)).await.has("#jwks-error"), "the certificate of another key");
    }

    /// OA-42, OA-03: that a client is run by somebody else, and where it says what it does, is set on its page; links that
    /// are no https addresses are refused at their fields.
    async fn a_client_of_somebody_else_is_marked_and_linked(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        assert!(page.has("#third_party") && !page.has("#third_party[checked]") && page.has("#third_party-hint"));
        let form = page.form(&link).tick("third_party", "on");
        let wrong = form.clone().set("policy", "javascript:alert(1)").set("terms", "http://imas.example/terms");
        let page = olga.submit(&wrong).await;
        assert!(page.has("#policy-error") && page.has("#terms-error") && page.has("#third_party[checked]"), "{}", page.text);
        assert!(!page.has("a[href^='javascript']"));
        let right = form.set("policy", "https://imas.example/privacy").set("terms", "");
        let page = olga.submit_and_follow(&right).await;
        assert!(page.has("#third_party[checked]") && page.has("#policy[value='https://imas.example/privacy']") && page.has("#terms[value='']"));
        let id = link.rsplit('/').next().unwrap().parse().unwrap();
        let stored = client::store::find(&mut town.world.db.reader().await.unwrap(), id).await.unwrap().unwrap().settings;
        assert!(stored.third_party && stored.tos_uri.is_none());
        let page = olga.submit_and_follow(&page.form(&link).untick("third_party", "on")).await;
        assert!(!page.has("#third_party[checked]"));
    }

    /// SE-12: a logo is a PNG within bounds, drawn anew; whatever else is uploaded is refused and leaves the old one.
    async fn se_12_a_logo_is_uploaded_drawn_anew_and_taken_away(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let address = format!("{link}/logo");
        let mut olga = town.signed_in(town.operator().await).await;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
        let page = olga.get(&link).await;
        assert!(page.has("input[type=file][name=logo]") && !page.has("#client-logo"));
        let form = page.form(&address);
        let picture = crate::support::picture(64);
        for (file, error) in [(svg, true), (vec![], true), (picture[..40].to_vec(), true), (vec![1; 300_000], true), (picture.clone(), false)] {
            let answer = upload(&mut olga, &form.clone().set("do", "save"), &file).await;
            assert_eq!(answer.has("#logo-error"), error, "{}", answer.text);
            assert!(!answer.text.contains("<script>alert"));
        }
        let page = olga.get(&link).await;
        assert!(page.has("#client-logo[src^='data:image/png;base64,']"));
        assert_eq!(upload(&mut olga, &form.clone().set("do", "save"), &vec![0; 400_000]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(upload(&mut olga, &form.clone().set("csrf", "x").set("do", "remove"), b"").await.status, StatusCode::FORBIDDEN);
        assert_eq!(upload(&mut olga, &form.clone().set("do", "x"), &picture).await.status, StatusCode::BAD_REQUEST);
        let (_, _, fred) = town.staff().await;
        let mut fred = town.signed_in(fred).await;
        let own = fred.get("/profile").await.form("/profile").fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let foreign = form.clone().set("csrf", &own).set("do", "remove");
        assert!(upload(&mut fred, &foreign, b"").await.status.is_client_error());
        assert!(olga.get(&link).await.has("#client-logo"));
        upload(&mut olga, &form.set("do", "remove"), b"").await;
        assert!(!olga.get(&link).await.has("#client-logo"));
    }

    /// Two secrets at most are valid; those replaced can be ended. DA-38: no page shows one again.
    async fn da_38_secrets_are_rotated_and_never_shown_again(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let secrets = format!("{link}/secrets");
        let mut shown = Vec::new();
        for _ in 0..2 {
            let form = olga.get(&link).await.form(&secrets);
            let page = olga.submit(&form.set("do", "rotate")).await;
            let html = page.html();
            shown.push(html.select(&selector("#client-secret")).next().unwrap().text().collect::<String>());
            assert_eq!(html.select(&selector("form[action$='/secrets']")).count(), 1);
        }
        assert_ne!(shown[0], shown[1]);
        let valid = |page: &Answer| page.text.matches("Valid since").count();
        assert_eq!(valid(&olga.get(&link).await), 2, "the first one ended when it was replaced a second time");
        let form = olga.get(&link).await.form(&secrets).set("do", "end");
        assert_eq!(valid(&olga.submit_and_follow(&form).await), 1);
        for path in [link.as_str(), "/admin/clients", "/admin/audit", "/admin/audit.csv"] {
            let text = olga.get(path).await.text;
            assert!(shown.iter().all(|secret| !text.contains(secret.as_str())), "{path}");
        }
    }

    /// Switching a client off asks first; what is not one of the two words is refused.
    async fn a_client_is_switched_off_and_on(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let status = format!("{link}/status");
        let form = olga.get(&status).await.form(&status);
        assert_eq!(olga.submit(&form.clone().set("to", "nonsense")).await.status, StatusCode::BAD_REQUEST);
        assert!(olga.submit_and_follow(&form).await.has(".badge.blocked"));
        let form = olga.get(&status).await.form(&status);
        assert!(olga.submit_and_follow(&form).await.has("h1 .badge.active"));
    }

    /// D13, DA-08: before a level moves, whoever loses and whoever gains authority over it is named and counted.
    async fn a_move_is_shown_before_it_happens(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        let gainer = town.person("Gina", "Gain", town.bank_a).await;
        town.give(gainer, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let address = format!("/admin/levels/{}/move", town.frankfurt);
        assert!(!olga.get(&address).await.has("#preview"));
        let preview = olga.get(&format!("{address}?to={}", town.bank_a)).await;
        let text = preview.html().select(&selector("section")).next().unwrap().text().collect::<String>();
        let (loses, gains) = text.split_once("Gain it").unwrap();
        assert!(loses.contains("Lose it (2)") && loses.contains("Anna Berg") && loses.contains("Paul Ito"), "{text}");
        assert!(gains.contains("(1)") && gains.contains("Gina Gain") && !gains.contains("Anna Berg"), "{text}");

        // Somebody else is given a role there meanwhile: what was shown is not what would happen.
        let form = preview.form(&address);
        town.give(daa, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let page = olga.submit(&form).await;
        assert!(page.has("#to-error"), "{}", page.text);
        let tx = &mut town.world.db.reader().await.unwrap();
        let parent = organisation::store::find(tx, town.frankfurt).await.unwrap().unwrap().parent;
        assert_ne!(parent, Some(town.bank_a));

        // D7: whoever lives there stays signed in, and is reached by others from now on.
        let fred = town.person("Frieda", "Frankfurt", town.frankfurt).await;
        let mut frieda = town.signed_in(fred).await;
        let form = olga.get(&format!("{address}?to={}", town.bank_a)).await.form(&address);
        olga.submit_and_follow(&form).await;
        assert_eq!(frieda.get("/profile").await.status, StatusCode::OK);
        let view = format!("/admin/users/{fred}");
        assert_eq!(town.signed_in(gainer).await.get(&view).await.status, StatusCode::OK);
        assert_eq!(town.signed_in(dua).await.get(&view).await.status, StatusCode::NOT_FOUND);
        let parent = organisation::store::find(tx, town.frankfurt).await.unwrap().unwrap().parent;
        assert_eq!(parent, Some(town.bank_a));
    }

    /// DA-08: moving is offered to who administers what is above, also when that is deactivated; to nobody else.
    async fn moving_is_offered_where_it_can_be_done(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let rita = town.person("Rita", "Reg", town.bank_b).await;
        town.give(rita, "NationalCoordinator", town.bank_b, &[]).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let mut rita = town.signed_in(rita).await;
        let (top, below) = (format!("/admin/levels/{}", town.bank_b), format!("/admin/levels/{}", town.frankfurt));
        let offered = |page: &Answer, level: &str| page.has(&format!("a[href='{level}/move']"));
        assert!(offered(&olga.get(&top).await, &top) && offered(&olga.get(&below).await, &below));
        assert!(!offered(&rita.get(&top).await, &top) && offered(&rita.get(&below).await, &below));
        let status = format!("{top}/status");
        let form = olga.get(&status).await.form(&status);
        olga.submit_and_follow(&form).await;
        assert!(offered(&olga.get(&below).await, &below), "out of what is switched off");
    }

    /// DA-08, DA-09: who does not administer the tree neither moves levels nor sees a preview; a level cannot go below itself.
    async fn da_08_da_09_only_who_covers_both_ends_moves_a_level(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let operator = town.operator().await;
        let address = format!("/admin/levels/{}/move", town.frankfurt);
        let mut anna = town.signed_in(dua).await;
        for path in [address.clone(), format!("{address}?to={}", town.bank_a), format!("/admin/levels/{}/edit", town.bank_b)] {
            assert_eq!(anna.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(anna.get(&format!("/admin/levels/{}/move", town.bank_a)).await.status, StatusCode::NOT_FOUND);
        let mut olga = town.signed_in(operator).await;
        let address = format!("/admin/levels/{}/move", town.bank_b);
        let page = olga.get(&format!("{address}?to={}", town.bank_a)).await;
        let offered = |level| page.has(&format!("#to option[value='{level}']"));
        assert!(offered(town.bank_a) && !offered(town.bank_b) && !offered(town.frankfurt), "{}", page.text);
        let form = page.form(&address);
        assert!(olga.submit(&form.set("to", &town.frankfurt.to_string())).await.has("#to-error"));
    }

    /// I46, I78, DA-44: switching a level off asks first, and stops everybody below it.
    async fn a_level_is_switched_off_and_on(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let address = format!("/admin/levels/{}/status", town.bank_b);
        let page = olga.get(&address).await;
        assert!(page.text.contains("Affected: 3 users"), "{}", page.text);
        olga.submit_and_follow(&page.form(&address)).await;
        assert_eq!(anna.get("/admin/users").await.location(), "/login?return=%2Fadmin%2Fusers");
        let form = olga.get(&address).await.form(&address);
        assert!(olga.submit_and_follow(&form).await.has("h1 .badge.active"));
    }

    /// E92, C11, C15: Names, descriptions and links of an application, an environment and a group are changed; codes and prefixes
    /// stay.
    async fn the_catalogue_is_edited(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/applications/{}", town.imas);
        let address = format!("{base}/edit");
        let form = olga.get(&address).await.form(&address).set("name", "Imas II").set("description", "Two\r\nlines.").set("documentation_url", "http://evil.example");
        assert!(olga.submit(&form).await.has("#documentation_url-error"));
        let page = olga.submit_and_follow(&form.set("documentation_url", "https://manual.example/imas")).await;
        assert!(page.heading().contains("Imas II") && page.text.contains("Two lines.") && page.text.contains("https://manual.example/imas"));
        let fred = town.person("Fred", "Perry", town.bank_b).await;
        town.join(fred, town.imas_user).await;
        assert!(town.signed_in(fred).await.get("/").await.has("a.manual[href='https://manual.example/imas']"), "beside the tile");

        let link = |page: &Answer, part: &str| {
            let (html, wanted) = (page.html(), selector(&format!("tbody a[href*='{part}']")));
            html.select(&wanted).next().unwrap().value().attr("href").unwrap().to_owned()
        };
        let address = link(&page, "/environments/");
        let form = olga.get(&address).await.form(&address).set("title", "IMAS Portal").set("group_prefix", "X-");
        assert!(olga.submit_and_follow(&form).await.text.contains("IMAS Portal"));
        let page = olga.get(&base).await;
        assert!(!page.text.contains("X-"), "the prefix never changes");

        let address = link(&page, "/groups/");
        let form = olga.get(&address).await.form(&address).set("display_name", "Portal people").set("code", "OTHER").tick("sensitive", "on");
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("Portal people") && page.text.contains("IMAS_PORTAL_USER") && !page.text.contains("OTHER"));
        assert_eq!(olga.submit(&form).await.status, StatusCode::CONFLICT, "the version that was seen is gone");
    }

    /// D13: the groups in a group are named on its page, one code a line; whoever gives the inner one is told what comes with it, and the pages of a
    /// person and of their own access say by way of which group they are in the outer one.
    async fn d13_an_operator_puts_groups_into_a_group(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/applications/{}", town.imas);
        let address = format!("{base}/groups/new");
        let form = olga.get(&address).await.form(&address).set("code", "IMAS_READERS").set("display_name", "Readers");
        let refused = olga.submit(&form.clone().set("inner", "imas_portal_user\r\nNO_SUCH_GROUP")).await;
        assert!(refused.has("#inner-error") && refused.text.contains("NO_SUCH_GROUP"), "{}", refused.text);
        olga.submit_and_follow(&form.set("inner", "imas_portal_user")).await;
        let tx = &mut town.world.db.reader().await.unwrap();
        let readers = group::store::find_by_code(tx, "IMAS_READERS").await.unwrap().unwrap();
        let address = format!("{base}/groups/{}", readers.id);
        let page = olga.get(&address).await;
        let form = page.form(&address);
        let named: String = page.html().select(&selector("#inner")).next().unwrap().text().collect();
        assert_eq!(named.trim(), "IMAS_PORTAL_USER");
        let inside = format!("{base}/groups/{}", town.imas_user);
        let circle = olga.get(&inside).await.form(&inside).set("inner", "IMAS_READERS");
        assert!(olga.submit(&circle).await.has("#inner-error"), "a circle");

        let mut paul = town.signed_in(daa).await;
        let page = paul.get(&format!("/admin/users/{fred}/memberships")).await;
        assert!(page.text.contains("Gives as well: Readers") && !page.text.contains("Given already by"), "{}", page.text);
        town.join(fred, town.imas_user).await;
        let page = paul.get(&format!("/admin/users/{fred}/memberships")).await;
        assert_eq!(page.text.matches("Given already by: IMAS users").count(), 1, "{}", page.text);
        let page = paul.get(&format!("/admin/users/{fred}")).await;
        assert!(page.text.contains("<code>IMAS_READERS</code> · by way of IMAS users"), "{}", page.text);
        assert!(town.signed_in(fred).await.get("/access").await.text.contains("by way of"));
        assert!(olga.get(&format!("{address}/delete")).await.text.contains("lose what this one gives"));
        olga.submit_and_follow(&form.set("inner", "")).await;
        assert!(!paul.get(&format!("/admin/users/{fred}")).await.text.contains("IMAS_READERS"));
    }

    /// What is still used is not deleted; a group goes with its memberships, after the number of them was shown.
    async fn only_what_nothing_stands_on_is_deleted(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let mut paul = town.signed_in(daa).await;
        let address = format!("/admin/users/{fred}/memberships");
        let form = paul.get(&address).await.form(&address).tick("groups[]", &town.imas_user.to_string());
        paul.submit_and_follow(&form).await;

        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/applications/{}", town.imas);
        let tx = &mut town.world.db.reader().await.unwrap();
        let environment = group::store::find(tx, town.imas_user).await.unwrap().unwrap().environment;
        assert_eq!(olga.get(&format!("{base}/delete")).await.status, StatusCode::CONFLICT);
        let page = olga.get(&format!("{base}/environments/{environment}/delete")).await;
        assert!(page.has(".notice.warning") && !page.has("main form"), "{}", page.text);

        let address = format!("{base}/groups/{}/delete", town.imas_user);
        let page = olga.get(&address).await;
        assert!(page.text.contains("1 membership ends."), "{}", page.text);
        olga.submit_and_follow(&page.form(&address)).await;
        let tx = &mut town.world.db.reader().await.unwrap();
        assert!(group::store::find(tx, town.imas_user).await.unwrap().is_none());
        assert!(membership::store::list_of_user(tx, fred).await.unwrap().is_empty());

        let address = format!("{base}/environments/{environment}/delete");
        let form = olga.get(&address).await.form(&address);
        olga.submit_and_follow(&form).await;
        // A role assignment names the application, and the record of it stays.
        assert_eq!(olga.get(&format!("{base}/delete")).await.status, StatusCode::CONFLICT);
        let other = format!("/admin/applications/{}/environments/{environment}", town.casper);
        assert_eq!(olga.get(&other).await.status, StatusCode::NOT_FOUND, "DA-33: an address names what belongs together");
    }
}

/// Sends a form with a file, as browsers do (RFC 7578).
async fn upload(browser: &mut Browser, form: &Form, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| name != "logo") {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::post(&form.action)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    browser.send(request.unwrap(), &form.action).await
}
