//! Requests to change an organisation, as representatives and operators see them (P61, P62, P67).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::kernel::ids::UserId;

use super::browser::{Answer, Browser, Form};
use super::pages::check;
use super::town::Town;
use crate::support::World;

/// Sends the form with a file, as browsers do (RFC 7578).
async fn upload(browser: &mut Browser, form: &Form, (name, file): (&str, &str)) -> Answer {
    let mut body = String::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| name != "file") {
        body.extend(["--edge\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n", value, "\r\n"]);
    }
    let last = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{file}\r\n--edge--\r\n"
    );
    body.push_str(&last);
    let request = Request::post(&form.action)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    browser.send(request.unwrap(), &form.action).await
}

/// An organisation with its LEAR and its Account Administrator, and an operator.
async fn represented(world: World) -> (Town, [UserId; 3]) {
    let town = Town::of_profile(world, "participant-portal").await;
    let lea = town.person("Lea", "Lang", town.bank_a).await;
    town.appoint(lea, "LEAR", town.bank_a, None).await;
    let adam = town.person("Adam", "Alt", town.bank_a).await;
    town.appoint(adam, "AccountAdministrator", town.bank_a, None).await;
    let operator = town.operator().await;
    (town, [lea, adam, operator])
}

on_both! {
    /// P61, P62, P67: asked for on the page of the organisation, with a document; compared, downloaded and approved by the operator; told by mail.
    async fn a_representative_asks_and_the_operator_approves(world: World) {
        let (town, [lea, adam, operator]) = represented(world).await;
        let fred = town.person("Fred", "Perry", town.bank_a).await;
        let (mut lear, mut account) = (town.signed_in(lea).await, town.signed_in(adam).await);
        let (mut operator, mut fred) = (town.signed_in(operator).await, town.signed_in(fred).await);
        let base = format!("/organisations/{}", town.bank_a);
        let path = format!("{base}/amend");
        assert!(lear.get(&base).await.has(&format!("a[href='{path}']")));
        let page = lear.get(&path).await;
        check(&page);
        assert!(!page.has("#external_id"), "what the institution calls it is not theirs");
        let form = page.form(&path);
        let page = lear.submit(&form).await;
        assert!(page.has("#name-error"), "nothing would change: {}", page.text);
        let page = lear.submit(&form.clone().set("name", "New Bank").set("id-PIC", "12")).await;
        assert!(page.has("#id-PIC-error"), "{}", page.text);
        let form = form.set("name", "New Bank").set("id-PIC", "123456789").tick("class-kind-research", "on").set("reason", "We merged.");
        let page = lear.submit_and_follow(&form).await;
        check(&page);
        let case = page.path.split('?').next().unwrap().to_owned();
        assert!(page.text.contains("New Bank") && page.text.contains("123456789") && page.text.contains("Research organisation"), "{}", page.text);
        assert!(!page.has("#decision"), "not by whoever asked");
        assert!(town.sent().await.iter().any(|(to, text)| to == "olga@example.org" && text.contains("represents Bank A")));
        assert_eq!(fred.get(&case).await.status, StatusCode::NOT_FOUND);
        assert_eq!(account.get(&case).await.status, StatusCode::NOT_FOUND, "P67: not what the LEAR asked for");
        assert_eq!(fred.get(&path).await.status, StatusCode::NOT_FOUND);
        let form = account.get(&path).await.form(&path).set("name", "X");
        assert!(account.submit(&form).await.text.contains("asked for a change already"));
        // Documents.
        let documents = format!("{case}/documents");
        let form = page.form(&documents);
        let page = upload(&mut lear, &form, ("page.pdf", "<script>alert(1)</script>")).await;
        check(&page);
        assert!(page.has("#file-error"), "{}", page.text);
        let forged = Form { fields: form.fields.iter().filter(|(name, _)| name != "csrf").cloned().collect(), ..form.clone() };
        assert_eq!(upload(&mut lear, &forged, ("a.pdf", "%PDF-1.7")).await.status, StatusCode::FORBIDDEN);
        let done = upload(&mut lear, &form, ("../Satzung.exe", "%PDF-1.7 words")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let page = operator.get("/tasks").await;
        check(&page);
        assert!(page.has(&format!("a[href='{case}']")), "{}", page.text);
        let page = operator.get(&case).await;
        check(&page);
        assert!(page.text.contains("Lea Lang") && page.text.contains("No malware scanner is set up") && page.text.contains("Satzung.pdf"), "{}", page.text);
        let link = page.attribute(&format!("a[href^='{documents}/']"), "href");
        for reader in [&mut lear, &mut operator] {
            let file = reader.get(&link).await;
            let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
            assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, "%PDF-1.7 words"));
            assert_eq!(header("content-disposition"), "attachment; filename=\"Satzung.pdf\"");
            assert_eq!((header("content-type").as_str(), header("x-content-type-options").as_str(), header("cache-control").as_str()), ("application/pdf", "nosniff", "no-store"));
        }
        for other in [&mut account, &mut fred] {
            assert_eq!(other.get(&link).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(operator.get(&format!("{documents}/{}", uuid::Uuid::nil())).await.status, StatusCode::NOT_FOUND);
        // The answer.
        let form = page.form(&case);
        let forged = lear.get(&case).await.form(&case).set("decision", "approve");
        assert_eq!(lear.submit(&forged).await.status, StatusCode::FORBIDDEN);
        let page = operator.submit(&form.clone().set("decision", "refuse")).await;
        assert!(page.has("#reason-error"), "{}", page.text);
        let page = operator.submit_and_follow(&form.clone().set("decision", "approve")).await;
        check(&page);
        assert!(page.text.contains("The data are changed"), "{}", page.text);
        assert!(operator.get(&format!("/admin/levels/{}", town.bank_a)).await.text.contains("123456789"));
        assert_eq!(operator.submit(&form.set("decision", "approve")).await.status, StatusCode::CONFLICT);
        assert!(town.sent().await.iter().any(|(to, text)| to == "lea@example.org" && text.contains("has an answer")));
        let page = lear.get("/tasks").await;
        check(&page);
        assert!(page.text.contains("Approved") && page.has(&format!("a[href='{case}']")), "{}", page.text);
        // P67: the Account Administrator asks, without documents, and takes it back.
        let form = account.get(&path).await.form(&path).set("name", "Newer Bank");
        let page = account.submit_and_follow(&form).await;
        check(&page);
        assert!(!page.has("#file"));
        let case = page.path.split('?').next().unwrap().to_owned();
        assert!(account.submit_and_follow(&page.form(&case)).await.text.contains("Withdrawn"));
    }

    /// P61, P62, D8: whoever asked withdraws also without the role, sees of the organisation what they wrote themselves, and frees its
    /// place; who decides is told of that, and of documents of which it is not known that they are harmless.
    async fn a_representative_who_lost_the_role_withdraws(world: World) {
        let (town, [lea, adam, operator]) = represented(world).await;
        let (mut lear, mut account, mut operator) = (town.signed_in(lea).await, town.signed_in(adam).await, town.signed_in(operator).await);
        let path = format!("/organisations/{}/amend", town.bank_a);
        let form = lear.get(&path).await.form(&path).set("phone", "+4930123456");
        let page = lear.submit_and_follow(&form).await;
        let case = page.path.split('?').next().unwrap().to_owned();
        let documents = format!("{case}/documents");
        assert_eq!(upload(&mut lear, &page.form(&documents), ("a.pdf", "%PDF-1.7")).await.status, StatusCode::SEE_OTHER);
        let link = lear.get(&case).await.attribute(&format!("a[href^='{documents}/']"), "href");
        let before = operator.get(&case).await.form(&case).set("decision", "approve");
        for (state, warning) in [("waiting", "still being checked"), ("infected", "Malware was found")] {
            let done: chamberlain::db::Result<()> = chamberlain::transact!(town.world.db, tx => {
                let sql = "UPDATE amendment_documents SET checked = $1";
                Ok(chamberlain::on!(tx, c => sqlx::query(sql).bind(state).execute(c).await.map(drop))?)
            });
            done.unwrap();
            let page = operator.get(&case).await;
            check(&page);
            assert!(page.text.contains(warning) && !page.text.contains("organisation no more"), "{}", page.text);
        }
        let page = operator.submit(&before).await;
        check(&page);
        assert!(page.has("#decision-error") && page.text.contains("the documents were changed"), "{}", page.text);
        town.take_away(lea).await;
        assert!(operator.get(&case).await.text.contains("represents the organisation no more"));
        assert_eq!(lear.get(&link).await.status, StatusCode::NOT_FOUND);
        assert_eq!(account.get(&case).await.status, StatusCode::NOT_FOUND);
        let page = lear.get("/tasks").await;
        check(&page);
        assert!(page.has(&format!("a[href='{case}']")) && !page.text.contains("Bank A"), "{}", page.text);
        let page = lear.get(&case).await;
        check(&page);
        assert!(page.text.contains("Change that you asked for") && !page.text.contains("Bank A"), "{}", page.text);
        assert!(page.text.contains("+4930123456") && !page.has("#decision") && !page.has("#file"), "{}", page.text);
        let forged = account.get(&path).await.form(&path);
        let forged = Form { action: case.clone(), ..forged }.set("decision", "withdraw");
        assert_eq!(account.submit(&forged).await.status, StatusCode::NOT_FOUND, "by nobody else");
        let page = lear.submit_and_follow(&page.form(&case)).await;
        check(&page);
        assert!(page.text.contains("The request is withdrawn"), "{}", page.text);
        let form = account.get(&path).await.form(&path).set("name", "New Bank");
        assert!(account.submit_and_follow(&form).await.text.contains("New Bank"), "the place is free");
    }
}
