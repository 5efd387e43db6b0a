//! Writing to the people of managed organisations, as administrators do it (I52).

use axum::http::StatusCode;

use super::pages::check;
use super::town::Town;

on_both! {
    /// I52: filter, text, how many would get it, and then it goes to each of them; nobody else writes.
    async fn a_coordinator_writes_to_the_administrators_of_authorities(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let nina = town.person("Nina", "Koch", town.bank_b).await;
        town.give(nina, "NationalCoordinator", town.bank_b, &[]).await;
        let frank = town.person("Frank", "Adler", town.frankfurt).await;
        town.give(frank, "Administrator", town.frankfurt, &[]).await;
        let fred = town.person("Fred", "Perry", town.frankfurt).await;
        let mut browser = town.signed_in(nina).await;
        assert!(browser.get("/").await.has("nav a[href='/admin/mail']"));
        assert!(browser.get("/admin/levels?q=frank").await.has("a[href='/admin/mail?q=frank']"));
        let page = browser.get("/admin/mail?q=frank").await;
        check(&page);
        let form = page.form("/admin/mail");
        // IN-03: nobody's link brings the text.
        let id = uuid::Uuid::from_u128(7);
        let page = browser.get(&format!("/admin/mail?q=frank&subject=Lure&text=Lure&to=everybody&id={id}")).await;
        let filled = page.form("/admin/mail").fields;
        assert!(!filled.iter().any(|(_, value)| value == "Lure" || *value == id.to_string()), "{filled:?}");
        assert!(filled.contains(&("q".to_owned(), "frank".to_owned())), "{filled:?}");
        let page = browser.submit(&form).await;
        check(&page);
        assert!(page.has("#problem a[href='#subject']"), "{}", page.text);
        let form = form.set("to", "administrators").set("subject", "Sunday").set("text", "<i>We are closed.</i>");
        let page = browser.submit(&form.clone().set("q", "nowhere")).await;
        assert!(page.has("#q-error"), "{}", page.text);
        let page = browser.submit(&form).await;
        check(&page);
        assert!(page.text.contains("1 person gets this mail") && page.text.contains("Bank B Frankfurt"), "{}", page.text);
        assert!(!page.text.contains("frank@example.org") && !page.text.contains("<i>We"), "{}", page.text);
        assert!(!town.sent().await.iter().any(|(_, text)| text.contains("We are closed")), "nothing goes before it is confirmed");
        // Somebody comes in between: they are counted anew.
        let form = page.form("/admin/mail");
        let page = browser.submit(&form.clone().set("to", "everybody")).await;
        assert!(page.text.contains("2 people get this mail") && page.has("#q-error"), "{}", page.text);
        let page = browser.submit_and_follow(&form).await;
        check(&page);
        assert!(page.text.contains("Your mail is on its way"), "{}", page.text);
        // A double click changes nothing.
        assert_eq!(browser.submit(&form).await.status, StatusCode::SEE_OTHER);
        // IN-03: whoever goes back and writes something else is told that this did not go; it goes as another one, looked at before.
        let page = browser.submit(&form.clone().set("text", "We are open after all.")).await;
        check(&page);
        assert!(page.has("#subject-error") && page.text.contains("this one was not"), "{}", page.text);
        assert!(!town.sent().await.iter().any(|(_, text)| text.contains("after all")));
        let page = browser.submit(&page.form("/admin/mail")).await;
        assert!(browser.submit_and_follow(&page.form("/admin/mail")).await.text.contains("Your mail is on its way"));
        assert_eq!(town.sent().await.iter().filter(|(_, text)| text.contains("after all")).count(), 1);
        let mails: Vec<_> = town.sent().await.into_iter().filter(|(_, text)| text.contains("We are closed")).collect();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].0, "frank@example.org");
        assert!(mails[0].1.contains("Identity Portal, Nina Koch, Bank B: Sunday"), "{}", mails[0].1);
        assert!(mails[0].1.contains("Nina Koch, Bank B") && mails[0].1.contains("Hello Frank"), "{}", mails[0].1);
        for other in [frank, fred] {
            let mut other = town.signed_in(other).await;
            assert_eq!(other.get("/admin/mail").await.status, StatusCode::FORBIDDEN);
            assert_eq!(other.submit(&form).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(browser.get("/admin/levels?q=%00").await.status, StatusCode::OK);
        assert_eq!(browser.get("/admin/mail?q=%00%25").await.status, StatusCode::OK);
    }
}
