//! People from a CSV file: a look before, each line for itself, the same file again changes nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::directory::user::store;

use super::browser::{Answer, Browser, Form};
use super::pages;
use super::town::Town;

const PATH: &str = "/admin/users/import";

/// Sends the form with a file, as browsers do (RFC 7578).
async fn send(browser: &mut Browser, form: &Form, file: Option<&str>) -> Answer {
    let mut body = String::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| name != "file") {
        body.extend(["--edge\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n", value, "\r\n"]);
    }
    if let Some(file) = file {
        body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\n";
        body += file;
        body += "\r\n";
    }
    body += "--edge--\r\n";
    let request = Request::post(&form.action)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    browser.send(request.unwrap(), &form.action).await
}

fn summary(page: &Answer) -> String {
    assert!(page.has("#import-summary"), "{}", page.text);
    let html = page.html();
    html.select(&super::browser::selector("#import-summary")).next().unwrap().text().collect()
}

async fn is_there(town: &Town, email: &str) -> bool {
    let tx = &mut town.world.db.reader().await.unwrap();
    store::find_by_email(tx, email).await.unwrap().is_some()
}

on_both! {
    /// E34, E45, IN-01, D8: looked at first, then imported; wrong lines spoil nothing; whoever is out of sight is only "in use".
    async fn people_are_imported_from_a_file(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        town.person("Hidden", "Person", town.bank_a).await;
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get("/admin/users").await.has(&format!("a[href='{PATH}']")));
        let file = format!(
            "email,given_name,family_name,phone,organisation\r\n\
             new.one@example.org,Nora,One,'+4969123456,\r\n\
             new.two@example.org,Nils,Two,,{}\r\n\
             hidden@example.org,Hidden,Person,,\r\n\
             new.three@example.org,,Three,,\r\n\
             new.four@example.org,Nick,Four,,{}\r\n",
            town.frankfurt, town.bank_a,
        );
        let form = anna.get(PATH).await.form(PATH).set("level", &town.bank_b.to_string());
        let looked = send(&mut anna, &form, Some(&file)).await;
        assert_eq!(looked.status, StatusCode::OK);
        pages::check(&looked);
        assert_eq!(summary(&looked), "Would be created: 2. There already: 0. Not possible: 3.");
        assert!(!is_there(&town, "new.one@example.org").await && town.mails().await.is_empty(), "a look keeps nothing");
        let done = send(&mut anna, &looked.form(PATH), None).await;
        pages::check(&done);
        assert_eq!(summary(&done), "Created: 2. There already: 0. Not possible: 3.");
        assert!(is_there(&town, "new.one@example.org").await && is_there(&town, "new.two@example.org").await);
        assert!(!is_there(&town, "new.three@example.org").await && !is_there(&town, "new.four@example.org").await);
        assert_eq!(town.mails().await.len(), 2, "whoever was created is told");
        let again = send(&mut anna, &form, Some(&file)).await;
        assert_eq!(summary(&again), "Would be created: 0. There already: 2. Not possible: 3.");
        assert!(!again.has("#import-again"), "there is nothing to do");
        // Changed lines are no import: they are edited.
        let other = file.replace("Nora", "Nadia");
        assert_eq!(summary(&send(&mut anna, &form, Some(&other)).await), "Would be created: 0. There already: 1. Not possible: 4.");
        assert_eq!(town.signed_in(daa).await.get(PATH).await.status, StatusCode::FORBIDDEN);
    }

    /// SC-08, D8: a file is no way to ask about hundreds of people out of sight: a look counts, too, and whoever was told of
    /// thirty in an hour is told nothing more of any address, taken or free.
    async fn sc_08_a_file_asks_about_thirty_hidden_people_in_an_hour(world: World) {
        let town = Town::build(world).await;
        let (dua, ..) = town.staff().await;
        let mut file = "email,given_name,family_name\r\n".to_owned();
        for n in 0..31 {
            town.person(&format!("Hidden{n}"), "Person", town.bank_a).await;
            file.extend(["hidden", &n.to_string(), "@example.org,Hidden,Person\r\n"]);
        }
        file.push_str("free@example.org,Fritz,Free\r\n");
        let mut anna = town.signed_in(dua).await;
        let form = anna.get(PATH).await.form(PATH).set("level", &town.bank_b.to_string());
        let looked = send(&mut anna, &form, Some(&file)).await;
        assert_eq!(looked.text.matches("Not checked").count(), 2, "the one too many, and the free one:\n{}", looked.text);
        assert!(!looked.has("#import-again"));
        town.world.clock.advance(std::time::Duration::from_secs(3_601));
        let mut anna = town.signed_in(dua).await;
        let free = "email,given_name,family_name\r\nfree@example.org,Fritz,Free\r\n";
        let form = anna.get(PATH).await.form(PATH).set("level", &town.bank_b.to_string());
        assert_eq!(summary(&send(&mut anna, &form, Some(free)).await), "Would be created: 1. There already: 0. Not possible: 0.");
    }

    /// IN-11, DA-36: what is no such file is said at its field; a form from elsewhere and a level out of reach change nothing.
    async fn odd_files_and_levels_are_refused(world: World) {
        let town = Town::build(world).await;
        let (dua, ..) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get(PATH).await.form(PATH).set("level", &town.bank_b.to_string());
        let heads = "email,given_name,family_name\r\n";
        let many = heads.to_owned() + &"a@example.org,A,B\r\n".repeat(501);
        for file in ["", "email", "password,email,given_name,family_name\r\n", heads, &many] {
            let page = send(&mut anna, &form, Some(file)).await;
            assert!(page.has("#file-error"), "{}", page.text);
        }
        let one = format!("{heads}new@example.org,A,B\r\n");
        let beside = form.clone().set("level", &town.bank_a.to_string());
        assert_eq!(summary(&send(&mut anna, &beside, Some(&one)).await), "Would be created: 0. There already: 0. Not possible: 1.");
        let forged = form.clone().set("csrf", "x").set("do", "import");
        assert!(send(&mut anna, &forged, Some(&one)).await.status.is_client_error());
        let nowhere = form.set("level", "x");
        assert_eq!(send(&mut anna, &nowhere, Some(&one)).await.status, StatusCode::BAD_REQUEST);
        assert!(!is_there(&town, "new@example.org").await);
    }
}
