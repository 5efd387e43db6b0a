//! The drivers for development, and the order in which messages leave.

use std::io::BufRead as _;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use chamberlain::db::{self, Db, Options, transact};
use chamberlain::kernel::ctx::{Channel as Door, Ctx};
use chamberlain::kernel::ids::SignInId;
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::secret::Sealed;
use chamberlain::kernel::time::Clock;
use chamberlain::notify::outbox::{Channel, enqueue};
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Message, Settings, Transports, deliver_due};

use super::{ADDRESS, queue, recovery};
use crate::ops::{KEY, Running, chamberlain, json};

/// Everything is kept in memory.
fn memory() -> (Transports, DevOutbox) {
    let mut settings = Settings::default();
    (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
        (Driver::Memory, Driver::Memory, Driver::Memory);
    let outbox = DevOutbox::default();
    let sender = Sender::of(ADDRESS.parse().unwrap());
    (Transports::new(&settings, sender, Some(outbox.clone())).unwrap(), outbox)
}

on_both! {
    /// R11: what was queued first leaves first; engines return the rows that they took for sending in any order.
    async fn messages_leave_in_the_order_in_which_they_are_due(world: World) {
        for n in 0..15 {
            queue(&world, Channel::Email, &format!("person-{n:02}@bank.example"), &recovery()).await;
            world.clock.advance(Duration::from_secs(1));
        }
        // The other way round, so that no order of rows on disk happens to be the right one.
        let twice = world.clock.now().0 * 2 - 15_000_000;
        let done: db::Result<()> = transact!(world.db, tx => {
            let sql = "UPDATE messages SET due_at = $1 - due_at - 2000000";
            chamberlain::on!(tx, c => sqlx::query(sql).bind(twice).execute(c).await.map(drop))?;
            Ok(())
        });
        done.unwrap();
        world.clock.advance(Duration::from_secs(30));
        let (transports, outbox) = memory();
        assert_eq!(deliver_due(&world.db, &transports, &world.clock).await.unwrap(), 15);
        let expected = (0..15).rev().map(|n| format!("person-{n:02}@bank.example"));
        let sent = outbox.list().into_iter().map(|sent| sent.to);
        assert_eq!(sent.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        // In one instant, as they were queued.
        for n in 0..15 {
            queue(&world, Channel::Email, &format!("again-{n:02}@bank.example"), &recovery()).await;
        }
        deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        let sent = outbox.list().into_iter().skip(15).map(|sent| sent.to);
        assert_eq!(sent.collect::<Vec<_>>(), (0..15).map(|n| format!("again-{n:02}@bank.example")).collect::<Vec<_>>());
    }
}

/// For development: each message is printed whole, with its channel and its recipient.
#[test]
fn the_console_driver_prints_each_message() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(json(chamberlain(folder.path()).arg("migrate")).0, 0);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&Options::new(url, 2)).await.unwrap();
        let ctx = Ctx::internal(Clock::system().now(), Entropy::system(), Door::Job);
        let code = |digits: &str| {
            let (code, sign_in) = (Sealed::from(digits.to_owned()), SignInId(ctx.uuid()));
            Message::SecurityCode { code, sign_in }
        };
        let (sms, voice) = (code("012345"), code("543210"));
        let done: db::Result<()> = transact!(db, tx => {
            enqueue(tx, Channel::Email, "zoe@bank.example", Some("en"), &recovery(), &ctx).await?;
            enqueue(tx, Channel::Sms, "+4969123456", Some("en"), &sms, &ctx).await?;
            enqueue(tx, Channel::Voice, "+4969123456", Some("en"), &voice, &ctx).await
        });
        done.unwrap();
    });
    let mut command = chamberlain(folder.path());
    command.args(["serve", "--dev", "--public-url", "http://localhost:4711"]);
    command.env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    for channel in ["MAIL", "SMS", "VOICE"] {
        command.env(format!("CHAMBERLAIN__{channel}__DRIVER"), "console");
    }
    let mut server = Running::start(&mut command).unwrap();
    // Ends the reading below if nothing is ever printed.
    let (finished, waits) = mpsc::channel::<()>();
    let id = server.process.id().to_string();
    let guard = std::thread::spawn(move || {
        if waits.recv_timeout(Duration::from_mins(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
            Command::new("kill").args(["-KILL", &id]).status().unwrap();
        }
    });
    let mut printed = String::new();
    while printed.lines().filter(|line| *line == "---").count() < 3 {
        assert!(server.log.read_line(&mut printed).unwrap() > 0, "the server ended: {printed}");
    }
    drop(finished);
    guard.join().unwrap();
    let text = |head: &str| printed.split(head).nth(1).unwrap_or_default().split("\n---").next().unwrap().to_owned();
    let mail = text("--- email to zoe@bank.example\n");
    assert!(
        mail.starts_with("Choose a new password") && mail.contains("http://localhost:4711/recover/ttt"),
        "{printed}"
    );
    assert!(text("--- sms to +4969123456\n").contains("@localhost #012345"), "{printed}");
    assert!(text("--- voice to +4969123456\n").contains("5, 4, 3, 2, 1, 0"), "{printed}");
}
