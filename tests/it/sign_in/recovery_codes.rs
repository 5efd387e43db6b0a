//! Recovery codes: shown once, good once, told about, on the counter of all codes (AU-36).

use super::browser::{Browser, EMAIL, PASSWORD, PHONE, Site};

/// Makes codes in a browser that is signed in.
async fn make(browser: &mut Browser) -> Vec<String> {
    browser.get("/security").await;
    browser.post("/security/recovery-codes", &[]).await;
    let shown = browser.html.split("<pre id=\"recovery-codes\">").nth(1).and_then(|rest| rest.split('<').next());
    let codes: Vec<String> = shown.expect("codes").lines().map(str::to_owned).collect();
    assert_eq!(codes.len(), 10, "{}", browser.html);
    codes
}

on_both! {
    /// AU-36: a code stands for the phone once, beside the right password; its owner is told; new ones void the old.
    async fn au_36_a_recovery_code_works_once_beside_the_password(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let codes = make(&mut browser).await;
        browser.get("/security").await;
        assert!(browser.html.contains("You have 10 of 10 left") && !browser.html.contains(&codes[0]));

        let mut guessing = site.browser();
        guessing.password(EMAIL, "wrong").await;
        guessing.enter(&codes[0]).await;
        assert!(!guessing.is_signed_in().await, "not without the password");

        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        other.enter(&codes[0].replace('-', " ")).await;
        assert!(other.is_signed_in().await, "{}", other.html);
        let mail = site.texts(EMAIL).await.pop().unwrap();
        assert!(mail.contains("9 are left"), "{mail}");
        assert!(site.events().await.contains(&"user.recovery_code_used".to_owned()));

        let mut again = site.browser();
        again.password(EMAIL, PASSWORD).await;
        again.enter(&codes[0]).await;
        assert!(!again.is_signed_in().await && again.html.contains("The code is not right"));

        let new = make(&mut other).await;
        let mut late = site.browser();
        late.password(EMAIL, PASSWORD).await;
        late.enter(&codes[1]).await;
        assert!(!late.is_signed_in().await, "void since new ones were made");
        late.enter(&new[1]).await;
        assert!(late.is_signed_in().await, "{}", late.html);
    }

    /// AU-36, AU-02: guesses count like those of codes by phone; after twenty in a row not even a right one is compared.
    async fn au_36_guesses_are_on_the_counter_of_all_codes(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let codes = make(&mut browser).await;
        for _ in 0..7 {
            let mut one = site.browser();
            one.password(EMAIL, PASSWORD).await;
            for guess in ["0000-0000-0000", "1111-1111-1111", "2222 2222 2222"] {
                one.enter(guess).await;
            }
        }
        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        other.enter(&codes[0]).await;
        assert!(!other.is_signed_in().await, "the channel has stopped");
        assert!(site.events().await.contains(&"session.throttled".to_owned()));
    }

    /// AU-27: a forgotten password and a lost phone together: the link and a recovery code; the code proves no new number.
    async fn a_recovery_code_stands_for_the_phone_when_the_password_is_forgotten(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let codes = make(&mut browser).await;
        browser.get("/security").await;
        browser.post("/security/phone", &[("phone", "+4915112345678")]).await;
        browser.post("/security/phone/code", &[("code", &codes[0])]).await;
        assert_eq!(site.stored().await.phone.unwrap().as_str(), PHONE);

        let mut other = site.browser();
        other.get("/recover").await;
        other.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        other.get(&link).await;
        other.post(&format!("{link}/code"), &[]).await;
        other.post(&link, &[("code", &codes[0]), ("password", "seven brown otters")]).await;
        assert_eq!(other.path, "/login?done=password-set", "{}", other.html);
        other.sign_in(&site, EMAIL, "seven brown otters").await;
    }
}
