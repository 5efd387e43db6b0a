//! People who come from another provider with the password they have.

use std::time::Duration;

use chamberlain::db;
use chamberlain::directory::user::import::batch::{Import, Said};
use chamberlain::directory::user::import::rows::{Format, Rows};
use chamberlain::directory::user::{self, model::User};
use chamberlain::factors::password_store;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::on;

use super::browser::{PASSWORD, PHONE, Site};

/// Of [`PASSWORD`]: bcrypt, PBKDF2, scrypt by other programs, and argon2 as Keycloak makes it.
const HASHES: [&str; 4] = [
    "$2b$06$abcdefghijklmnopqrstuuaAo1r2OnRQaqARE3HXaoaFJKTTIvIdW",
    "$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$/8x/+rYJ+//qhy2k8H7MPOl7w/LVV6a6Vzsf2OJ45xo",
    "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Wa1l0B0U26EVO3exvTx0H9nrx94qp4grapS2BPIyzS4",
    "$argon2id$v=19$m=7168,t=5,p=1$c29tZXNhbHRzb21lc2FsdA$KeblI0tC78PZFiKjrUniMf7P/l0b7D97TgYDeyGMnyM",
];

/// Brings in a file as the operator.
pub(super) async fn import(site: &Site, text: &str) -> Vec<Said> {
    let context = || site.world.ctx().acting_as(PrincipalId::Console);
    let import = Import {
        db: &site.world.db,
        door: &site.app.door,
        home: site.user.organisation,
        batch: 500,
        preview: false,
        mail: true,
        accepts: &|_| true,
        context: &context,
    };
    let (mut rows, mut said) =
        (Rows::open(text.as_bytes(), Format::Jsonl, site.world.clock.now()).unwrap(), Vec::new());
    let told = import.run(&mut rows, |_, one| {
        said.push(one.clone());
        Ok(())
    });
    told.await.unwrap();
    said
}

fn row(name: &str, phone: u32, hash: &str) -> String {
    let row = serde_json::json!({
        "email": format!("{name}@moved.example"), "given_name": name, "family_name": "Moved",
        "phone": format!("+496912340{phone}"), "password_hash": hash,
    });
    format!("{row}\n")
}

async fn of(site: &Site, name: &str) -> (User, String) {
    let tx = &mut site.world.db.reader().await.unwrap();
    let user = user::store::find_by_email(tx, &format!("{name}@moved.example")).await.unwrap().unwrap();
    let hash = password_store::find(tx, user.id).await.unwrap().unwrap();
    (user, hash)
}

async fn foreign(site: &Site) -> i64 {
    let tx = &mut site.world.db.reader().await.unwrap();
    let sql = "SELECT COUNT(*) FROM passwords WHERE scheme IS NOT NULL";
    let count: db::Result<i64> = async { Ok(on!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await)?) }.await;
    count.unwrap()
}

on_both! {
    /// Nobody is mailed and nothing is activated: each signs in as before, with both factors, and from then on the hash is ours.
    async fn a_password_that_another_provider_hashed_signs_in_and_is_hashed_anew(world: World) {
        let site = Site::new(world).await;
        let names = ["bea", "cid", "dot", "eve"];
        let text: String = (0..4).map(|n| row(names[n as usize], 10 + n, HASHES[n as usize])).collect();
        assert_eq!(import(&site, &text).await, vec![Said::Created; 4]);
        assert_eq!(import(&site, &text).await, vec![Said::Unchanged; 4], "again changes nothing");
        assert_eq!(foreign(&site).await, 4);
        site.world.clock.advance(Duration::from_hours(1));
        for (number, name) in names.into_iter().enumerate() {
            let email = format!("{name}@moved.example");
            assert!(site.texts(&email).await.is_empty(), "{name} was mailed");
            let (before, came) = of(&site, name).await;
            assert!(before.activated_at.is_some() && before.email_verified && before.phone_verified);
            let mut browser = site.browser();
            browser.password(&email, "three grey heron").await;
            assert_eq!(of(&site, name).await.1, came, "a wrong password replaces nothing");
            browser.password(&email, PASSWORD).await;
            browser.enter(&site.code_to(before.phone.as_ref().unwrap().as_str()).await).await;
            assert!(browser.is_signed_in().await, "{name}: {}", browser.html);
            let (after, ours) = of(&site, name).await;
            assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
            assert_eq!(after.password_changed_at, before.password_changed_at, "it is the same password, as old as it was");
            assert_eq!(foreign(&site).await, 3 - i64::try_from(number).unwrap());
            site.world.clock.advance(Duration::from_mins(1));
            let mut again = site.browser();
            again.password(&email, PASSWORD).await;
            again.enter(&site.code_to(before.phone.as_ref().unwrap().as_str()).await).await;
            assert!(again.is_signed_in().await, "{name}: {}", again.html);
        }
    }

    /// AU-23: what stands in for the hash of nobody opens nothing, even with the password that it was made of.
    async fn au_23_the_hash_that_stands_in_for_nobodys_is_never_right(world: World) {
        let site = Site::new(world).await;
        import(&site, &row("bea", 10, HASHES[0])).await;
        let before = site.texts(PHONE).await.len();
        for number in 0..12 {
            let mut browser = site.browser();
            browser.password(&format!("nobody{number}@moved.example"), PASSWORD).await;
            assert!(browser.path.starts_with("/login/otp"), "{}: {}", browser.path, browser.html);
            assert!(!browser.is_signed_in().await);
        }
        assert_eq!(site.texts(PHONE).await.len(), before);
        assert!(site.texts("+4969123410").await.is_empty());
        let (_, hash) = of(&site, "bea").await;
        assert_eq!(hash, HASHES[0], "nobody proved it");
    }

    /// A hash that is not read, or costs too much, refuses its row only, and is not repeated.
    async fn a_hash_that_is_none_refuses_its_row(world: World) {
        let site = Site::new(world).await;
        let text = [row("bea", 10, "{SSHA}c2VjcmV0"), row("cid", 11, &HASHES[0].replace("$06$", "$31$")), row("dot", 12, HASHES[2])];
        let said = import(&site, &text.concat()).await;
        assert_eq!(said[2], Said::Created);
        let refused = |said: &Said| match said {
            Said::Refused(why) => why.clone(),
            other => panic!("{other:?}"),
        };
        assert!(refused(&said[0]).starts_with("`password_hash` is no argon2") && !refused(&said[0]).contains("c2V"));
        assert!(refused(&said[1]).contains("more memory or work"), "{said:?}");
    }
}
