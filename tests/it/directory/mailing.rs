//! Mails to the people of managed organisations (I52): who may write to whom, whom it reaches, how often, and what is recorded.

use std::time::Duration;

use chamberlain::audit::{self, Kind};
use chamberlain::authority::Reason;
use chamberlain::authority::action::{BlockUser, UpdateOrganisation, WriteToPeople};
use chamberlain::directory::mailing::model::{Audience, Letter, Recipient, fingerprint};
use chamberlain::directory::mailing::send::{Mailing, MailingError, recipients, send};
use chamberlain::directory::organisation::describe::change;
use chamberlain::directory::organisation::describe::model::Description;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::user::{delete, guard::Guard, update};
use chamberlain::kernel::ids::{MailingId, OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::text::TextError;
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};
use chamberlain::transact;

use crate::support::{Bank, Failure, Modules, Network, failure};

async fn reached(bank: &Bank, of: &[OrganisationId], audience: Audience) -> Result<Vec<Recipient>, MailingError> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    recipients(&mut bank.world.db.reader().await.unwrap(), bank.door.roles(), (of, audience), &ctx).await
}

fn letter() -> Letter {
    Letter::checked("Maintenance on Sunday", "Dear colleagues,\n\nthe module is closed.").unwrap()
}

async fn write(bank: &Bank, by: UserId, of: &[OrganisationId], mailing: Mailing) -> Result<usize, Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(by));
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, WriteToPeople { organisations: of.to_vec() }).await?;
        send(tx, permit, mailing.clone(), &ctx).await.map_err(failure)
    })
}

async fn mailing(bank: &Bank, of: &[OrganisationId], audience: Audience) -> Mailing {
    let seen = fingerprint(&reached(bank, of, audience).await.unwrap());
    Mailing { id: MailingId(bank.world.ctx().uuid()), audience, letter: letter(), seen }
}

/// Everything that was sent: to whom, and the whole text.
async fn sent(bank: &Bank, outbox: &DevOutbox) -> Vec<(String, String)> {
    let mut settings = Settings::default();
    (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
        (Driver::Memory, Driver::Memory, Driver::Memory);
    let public_url = "https://id.example".parse().unwrap();
    let sender = Sender { support: "help@example.org".to_owned(), ..Sender::of(public_url) };
    let transports = Transports::new(&settings, sender, Some(outbox.clone())).unwrap();
    deliver_due(&bank.world.db, &transports, &bank.world.clock).await.unwrap();
    let all = outbox.list().into_iter().map(|sent| (sent.to, sent.text));
    all.filter(|(_, text)| text.contains("the module is closed")).collect()
}

fn said(result: Result<usize, Failure>) -> String {
    result.unwrap_err().to_string()
}

on_both! {
    /// I52, D8: to those whom one manages, each judged; out of sight is not there, and what is deactivated is written to by nobody.
    async fn one_writes_to_the_organisations_that_one_manages(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let to = |organisations: &[OrganisationId]| WriteToPeople { organisations: organisations.to_vec() };
        assert_eq!(bank.may(all.maria, to(&[all.agency])).await, Ok(()));
        assert_eq!(bank.may(all.nina, to(&[all.agency, all.office, all.ministry])).await, Ok(()));
        assert_eq!(bank.may(all.maria, to(&[all.agency, all.office])).await, Err(Reason::NotPermitted), "found in the country, not managed");
        assert_eq!(bank.may(all.maria, to(&[all.agency, all.marseille])).await, Err(Reason::NotFound));
        assert_eq!(bank.may(all.anton, to(&[all.agency])).await, Err(Reason::NotPermitted), "managing nobody");
        assert_eq!(bank.may(all.maria, to(&[])).await, Err(Reason::NotFound));
        let unknown = OrganisationId(uuid::Uuid::from_u128(7));
        assert_eq!(bank.may(all.nina, to(&[all.agency, unknown])).await, Err(Reason::NotFound));
        Modules::of(&bank.world, &bank.door).close(all.agency, true).await.unwrap();
        assert_eq!(bank.may(all.nina, to(&[all.office, all.agency])).await, Err(Reason::OrganisationInactive));
    }

    /// I52, I79: one mail each to people who can sign in; administrators are those who hold a role there, wherever they are at home.
    async fn a_mail_reaches_people_who_can_sign_in(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let [paula, blocked, expired, fresh] = [
            bank.person(all.agency, "Paula").await,
            bank.person(all.agency, "Bodo").await,
            bank.person(all.agency, "Edda").await,
            bank.person(all.agency, "Frida").await,
        ];
        for person in [all.anton, all.olaf, all.maria, paula, blocked, expired] {
            bank.activate(person).await;
        }
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, BlockUser { user: blocked }).await?;
            delete::set_blocked(tx, permit, true, guard, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        let end = bank.world.clock.now().plus(Duration::from_secs(1));
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let action = chamberlain::authority::action::UpdateUser { user: expired };
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            let change = UserChange { account_expires_at: Some(Some(end)), ..UserChange::default() };
            update::update(tx, permit, change, None, guard, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        bank.world.clock.advance(Duration::from_secs(1));
        let ids = |found: Vec<Recipient>| found.into_iter().map(|one| one.id).collect::<std::collections::BTreeSet<_>>();
        let people = ids(reached(bank, &[all.agency], Audience::Everybody).await.unwrap());
        assert_eq!(people, [all.anton, paula].into(), "not {fresh:?}, who has not activated the account");
        let admins = ids(reached(bank, &[all.agency, all.office], Audience::Administrators).await.unwrap());
        assert_eq!(admins, [all.anton, all.olaf].into());
        assert!(matches!(reached(bank, &[], Audience::Everybody).await, Err(MailingError::Organisations)));
        assert!(matches!(reached(bank, &[all.marseille], Audience::Everybody).await, Err(MailingError::Nobody)));
        let outbox = DevOutbox::default();
        let both = [all.agency, all.office];
        bank.activate(all.nina).await;
        let count = write(bank, all.nina, &both, mailing(bank, &both, Audience::Everybody).await).await.unwrap();
        assert_eq!(count, 3);
        let mails = sent(bank, &outbox).await;
        assert_eq!(mails.len(), 3);
        let addresses: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
        for (to, text) in &mails {
            let others = addresses.iter().filter(|other| *other != to);
            assert!(others.into_iter().all(|other| !text.contains(other)), "nobody sees who else got it: {text}");
            assert!(text.contains("Nina") && text.contains("Germany") && text.ends_with("help@example.org"), "{text}");
        }
    }

    /// I52: what is sent twice goes out once; the recipients are those that were counted; so many a day; recorded without the text.
    async fn a_mail_goes_out_once_to_those_who_were_counted_and_so_many_a_day(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        bank.activate(all.anton).await;
        bank.activate(all.maria).await;
        let to = [all.agency];
        let first = mailing(bank, &to, Audience::Administrators).await;
        assert_eq!(write(bank, all.maria, &to, first.clone()).await.unwrap(), 1);
        assert!(said(write(bank, all.maria, &to, first.clone()).await).contains("was sent already"));
        // From one form goes one mail: neither another text nor the same to others passes for sent.
        let other = Letter::checked("Maintenance on Sunday", "Dear colleagues,\n\nthe module is open.").unwrap();
        for changed in [Mailing { letter: other, ..first.clone() }, Mailing { audience: Audience::Everybody, ..first.clone() }] {
            assert!(said(write(bank, all.maria, &to, changed).await).contains("this one was not"));
        }
        let stale = mailing(bank, &to, Audience::Everybody).await;
        let paula = bank.person(all.agency, "Paula").await;
        bank.activate(paula).await;
        assert!(said(write(bank, all.maria, &to, stale).await).contains("not those that were counted"));
        for _ in 1..10 {
            write(bank, all.maria, &to, mailing(bank, &to, Audience::Everybody).await).await.unwrap();
        }
        let more = mailing(bank, &to, Audience::Everybody).await;
        assert!(said(write(bank, all.maria, &to, more.clone()).await).contains("in a day"));
        assert!(said(write(bank, all.maria, &to, first).await).contains("was sent already"), "what has gone out has, at the limit and to others");
        bank.activate(all.nina).await;
        assert_eq!(write(bank, all.nina, &to, more.clone()).await.unwrap(), 2, "the limit is one's own");
        bank.world.clock.advance(Duration::from_hours(25));
        let later = mailing(bank, &to, Audience::Everybody).await;
        assert_eq!(write(bank, all.maria, &to, later).await.unwrap(), 2);
        let tx = &mut bank.world.db.reader().await.unwrap();
        let events = audit::store::list_of_subject(tx, all.maria.0, Timestamp(0), 200).await.unwrap();
        let written: Vec<_> = events.iter().filter(|event| event.kind == Kind::PeopleWrittenTo.as_str()).collect();
        assert_eq!(written.len(), 11);
        for event in written {
            let details = event.details.clone();
            assert!(!details.contains("Maintenance") && !details.contains("closed") && !details.contains('@'), "{details}");
        }
    }
}

on_both! {
    /// I52, IN-03: whoever wrote it is reached by phone; the website of their organisation is no link of ours. A mail that could
    /// not be sent for a day is not sent at all.
    async fn a_mail_leads_to_no_website_and_goes_in_a_day_or_never(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        bank.activate(all.anton).await;
        bank.activate(all.nina).await;
        let profile = chamberlain::delegation::profile::Profile::shipped("imi").unwrap().unwrap();
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let said = Description {
            phone: Some("+49301234567".parse().unwrap()),
            website: Some("https://germany.example/".to_owned()),
            ..Description::default()
        };
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: all.germany }).await?;
            change::describe(tx, permit, &profile.terms, said.clone(), &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        let outbox = DevOutbox::default();
        let to = [all.agency];
        write(bank, all.nina, &to, mailing(bank, &to, Audience::Everybody).await).await.unwrap();
        let mails = sent(bank, &outbox).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].1.contains("+49301234567") && !mails[0].1.contains("germany.example"), "{}", mails[0].1);
        write(bank, all.nina, &to, mailing(bank, &to, Audience::Everybody).await).await.unwrap();
        bank.world.clock.advance(Duration::from_hours(25));
        assert_eq!(sent(bank, &outbox).await.len(), 1);
    }
}

/// I52, IN-02, IN-03: no line of a letter becomes a header, no letter of ours leads elsewhere, and none is endless.
#[test]
fn a_letter_is_plain_text_of_some_length_without_web_addresses() {
    let wrong = |subject: &str, text: &str| Letter::checked(subject, text).unwrap_err();
    assert_eq!(wrong("Hello\r\nBcc: all@example.org", "x"), ("subject", TextError::Character));
    assert_eq!(wrong("", "x"), ("subject", TextError::Empty));
    assert_eq!(wrong("Hello", " \n "), ("text", TextError::Empty));
    assert_eq!(wrong("Hello", "see https://evil.example"), ("text", TextError::WebAddress));
    assert_eq!(wrong("www.evil.example", "x"), ("subject", TextError::WebAddress));
    assert_eq!(wrong("Hello", "Sign in at evil.example/login"), ("text", TextError::WebAddress));
    assert_eq!(wrong("News of evil.example", "x"), ("subject", TextError::WebAddress));
    assert!(Letter::checked("Hello", "Write to help@bank.example.").is_ok(), "that is a link to nobody's page");
    assert_eq!(wrong("Hello", &"x".repeat(4_001)), ("text", TextError::TooLong));
    assert_eq!(wrong("Hello", "x\u{0}"), ("text", TextError::Character));
    let good = Letter::checked(" Hello ", "<b>one</b>\r\ntwo").unwrap();
    assert_eq!((good.subject.as_str(), good.text.as_str()), ("Hello", "<b>one</b>\ntwo"));
}
