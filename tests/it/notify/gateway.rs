//! SMS and voice by a gateway: the request, its signature, retries, limits, and a gateway that is dead.

use std::time::Duration;

use chamberlain::db::{self, transact};
use chamberlain::jobs::tasks::Shop;
use chamberlain::jobs::worker::work;
use chamberlain::kernel::ctx::LinkLives;
use chamberlain::kernel::secret::Sealed;
use chamberlain::notify::gateway::BodyType;
use chamberlain::notify::outbox::Channel;
use chamberlain::notify::{Driver, Message, Settings, deliver_due, number_store};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::servers::{Gateway, MailServer, Posted};
use super::{code, queue, recovery, states, transports};
use crate::support::told::sender;

const KEY: &str = "a signing key of our own";
const PHONE: &str = "+4969123456";

fn http(gateway: &Gateway) -> Settings {
    let mut settings = Settings::default();
    for one in [&mut settings.sms, &mut settings.voice] {
        one.driver = Driver::Http;
        one.url.clone_from(&gateway.url);
        one.signing_key = Sealed::from(KEY.to_owned());
    }
    settings
}

/// What a gateway does to know that a request is ours and not an old one.
fn verify(posted: &Posted, now: i64) {
    let timestamp = posted.header("x-chamberlain-timestamp");
    assert!((timestamp.parse::<i64>().unwrap() - now).abs() <= 1);
    let signature = posted.header("x-chamberlain-signature").strip_prefix("sha256=").unwrap();
    let bytes: Vec<u8> =
        (0..signature.len()).step_by(2).map(|at| u8::from_str_radix(&signature[at..at + 2], 16).unwrap()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(format!("{timestamp}.{}", posted.body).as_bytes());
    mac.verify_slice(&bytes).unwrap();
}

on_both! {
    /// IN-04, AU-11: the templated request, signed; the text is ours, the digits are said twice, and the gateway is asked to
    /// wait for a key before it says them.
    async fn au_11_a_gateway_gets_a_signed_request_with_a_text_of_ours(world: World) {
        let mut gateway = Gateway::start().await;
        let mut settings = http(&gateway);
        settings.voice.body = r#"{"to":{to},"text":{text},"language":{language},"wait_for_key":true}"#.to_owned();
        settings.sms.authorization = Some(Sealed::from("Bearer gateway-token".to_owned()));
        let transports = transports(&settings);
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        let sms = gateway.posted.recv().await.unwrap();
        verify(&sms, world.clock.now().as_seconds());
        assert_eq!(sms.header("content-type"), "application/json");
        assert_eq!(sms.header("authorization"), "Bearer gateway-token");
        assert_eq!(sms.json()["to"], PHONE);
        assert_eq!(sms.json()["text"], "012345 is your Identity Portal security code. It works for 3 minutes.\n\n@id.example.eu #012345");
        queue(&world, Channel::Voice, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        let voice = gateway.posted.recv().await.unwrap();
        verify(&voice, world.clock.now().as_seconds());
        assert_eq!((voice.json()["language"].clone(), voice.json()["wait_for_key"].clone()), ("en".into(), true.into()));
        assert_eq!(voice.json()["text"].as_str().unwrap().matches("0, 1, 2, 3, 4, 5").count(), 2);
        assert!(!voice.headers.contains_key("authorization"));
    }

    /// A gateway that takes forms.
    async fn a_gateway_may_ask_for_a_form(world: World) {
        let mut gateway = Gateway::start().await;
        let mut settings = http(&gateway);
        (settings.sms.content_type, settings.sms.body) = (BodyType::Form, "To={to}&Body={text}&Reference={id}".to_owned());
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports(&settings), &world.clock).await.unwrap();
        let posted = gateway.posted.recv().await.unwrap();
        verify(&posted, world.clock.now().as_seconds());
        let fields: Vec<_> = url::form_urlencoded::parse(posted.body.as_bytes()).collect();
        assert_eq!(fields[0], ("To".into(), PHONE.into()));
        assert!(fields[1].1.ends_with("@id.example.eu #012345"));
        assert_eq!(fields[2].1, posted.header("idempotency-key"));
    }

    /// invariant 11, R11: a gateway that took a message and answered 500 gets it again with the same key and the same code; the tries
    /// are spread out.
    async fn i11_duplicates_carry_the_same_key_and_code(world: World) {
        let mut gateway = Gateway::start().await;
        gateway.statuses.lock().unwrap().extend([500, 503]);
        let transports = transports(&http(&gateway));
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        for wait in [2, 4] {
            assert_eq!(deliver_due(&world.db, &transports, &world.clock).await.unwrap(), 0);
            world.clock.advance(Duration::from_secs(wait));
            deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        }
        let all = gateway.arrived();
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|posted| posted.header("idempotency-key") == all[0].header("idempotency-key") && posted.body == all[0].body));
        assert_eq!(states(&world).await, ["sent"]);
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_ne!(gateway.arrived()[0].header("idempotency-key"), all[0].header("idempotency-key"));
    }

    /// invariant 11, R10: a code that has expired while the gateway was away is not sent when it is back.
    async fn i11_an_expired_code_is_never_sent_late(world: World) {
        let mut gateway = Gateway::start().await;
        gateway.statuses.lock().unwrap().push_back(502);
        let transports = transports(&http(&gateway));
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_eq!(gateway.arrived().len(), 1);
        world.clock.advance(Duration::from_mins(3));
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert!(gateway.arrived().is_empty());
        assert_eq!(states(&world).await, ["dropped"]);
    }

    /// R10: while the gateway hangs, mail goes out and the work of other tasks goes on.
    async fn r10_a_gateway_that_hangs_holds_up_nothing_but_its_own_channel(world: World) {
        let (mut gateway, mut mail) = (Gateway::start().await, MailServer::start().await);
        gateway.statuses.lock().unwrap().extend([0; 40]);
        let mut settings = http(&gateway);
        settings.mail.driver = Driver::Smtp;
        settings.mail.url.clone_from(&mail.url);
        let sender = sender(&world).await;
        let shop = Shop {
            pusher: chamberlain::app::pusher(&sender),
            activity: chamberlain::directory::client::activity::Activity::default(),
            scanner: None,
            db: world.db.clone(),
            transports: transports(&settings),
            sender,
            clock: world.clock.clone(),
            entropy: world.entropy.clone(),
            cooling_off: Duration::from_hours(24),
            passwords: chamberlain::kernel::password_rules::PasswordRules::default(),
            links: LinkLives::default(),
            door: chamberlain::authority::Door::new(chamberlain::authority::Roles::default()),
            deactivated_organisation: Duration::from_hours(183 * 24),
            recertification: None,
            deleted_user: Duration::from_hours(24),
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        for _ in 0..3 {
            queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        }
        let told = async move {
            let _dropped = stopped.await;
        };
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(work(shop, told));
        gateway.posted.recv().await.unwrap();
        // From here on the channel of the gateway waits for an answer that never comes.
        for _ in 0..3 {
            queue(&world, Channel::Email, "zoe@bank-a.example", &recovery()).await;
            mail.mails.recv().await.unwrap();
        }
        drop(stop);
        tasks.shutdown().await;
    }

    /// AU-09: countries that are not allowed, premium and satellite numbers get nothing, whatever asks for it.
    async fn au_09_numbers_outside_the_list_get_nothing(world: World) {
        let mut gateway = Gateway::start().await;
        let transports = transports(&http(&gateway));
        for number in ["+12025550123", "+88161234567", "+4990012345678", "not a number", ""] {
            queue(&world, Channel::Sms, number, &code(&world, "012345").1).await;
            queue(&world, Channel::Voice, number, &Message::ContactNotice { given_name: "Zoë".to_owned() }).await;
        }
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert!(gateway.arrived().is_empty());
        assert!(states(&world).await.iter().all(|state| state == "refused"));
    }

    /// AU-09: ten unanswered codes in ten minutes to numbers that begin alike; codes that were entered make room for more;
    /// other prefixes are not affected.
    async fn au_09_codes_that_nobody_enters_stop_their_prefix(world: World) {
        let mut gateway = Gateway::start().await;
        let transports = transports(&http(&gateway));
        let mut sign_ins = Vec::new();
        for n in 0..14 {
            let (sign_in, message) = code(&world, "012345");
            sign_ins.push(sign_in);
            queue(&world, Channel::Sms, &format!("+4969123{n:03}"), &message).await;
            deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        }
        assert_eq!(gateway.arrived().len(), 10);
        queue(&world, Channel::Sms, "+4930123000", &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_eq!(gateway.arrived().len(), 1, "another prefix");
        let done: db::Result<()> = transact!(world.db, tx => {
            for sign_in in &sign_ins[..4] {
                number_store::save_answered(tx, *sign_in).await?;
            }
            Ok(())
        });
        done.unwrap();
        for n in 0..12 {
            queue(&world, Channel::Sms, &format!("+4969123{n:03}"), &code(&world, "012345").1).await;
        }
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_eq!(gateway.arrived().len(), 8, "four fewer wait for an answer, and four speak for the prefix");
        world.clock.advance(Duration::from_mins(10));
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_eq!(gateway.arrived().len(), 1, "ten minutes later");
    }

    /// AU-09: the budget of an hour is the last resort.
    async fn au_09_the_budget_of_an_hour_is_not_exceeded(world: World) {
        let mut gateway = Gateway::start().await;
        let mut settings = http(&gateway);
        settings.numbers.per_hour = 5;
        let transports = transports(&settings);
        for n in 0..8 {
            queue(&world, Channel::Sms, &format!("+49{n}0123456"), &code(&world, "012345").1).await;
            deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        }
        let sent = gateway.arrived().len();
        assert_eq!(sent, 5);
        world.clock.advance(Duration::from_hours(1));
        queue(&world, Channel::Sms, PHONE, &code(&world, "012345").1).await;
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        assert_eq!(gateway.arrived().len(), 1);
    }
}

/// IN-04: to a phone goes no word that anybody typed, in no language.
#[test]
fn in_04_messages_to_phones_are_fixed_sentences() {
    use chamberlain::locale::Locale;
    use chamberlain::notify::render::{Sender, render};
    let sender = Sender::of(super::ADDRESS.parse().unwrap());
    let name = "Visit evil.example now".to_owned();
    for locale in Locale::ALL {
        for channel in [Channel::Sms, Channel::Voice] {
            for message in [
                Message::ContactNotice { given_name: name.clone() },
                Message::ContactChanged { given_name: name.clone() },
            ] {
                let words = render(&message, channel, locale, &sender);
                assert!(
                    !words.text.contains("evil") && !words.text.contains('⟦') && words.text.len() > 20,
                    "{}",
                    words.text
                );
            }
        }
    }
}
