//! Mail by SMTP (RFC 5321), and the file driver.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use chamberlain::notify::outbox::Channel;
use chamberlain::notify::{Driver, Message, Settings, deliver_due};

use super::servers::MailServer;
use super::{code, queue, recovery, states, transports};

const TO: &str = "zoe@bank-a.example";

fn smtp(server: &MailServer) -> Settings {
    let mut settings = Settings::default();
    settings.mail.driver = Driver::Smtp;
    settings.mail.url.clone_from(&server.url);
    settings.mail.from = "Identity Portal <no-reply@id.example.eu>".to_owned();
    settings
}

on_both! {
    /// IN-02: one of each header, built from types; the link is in the text and nowhere else.
    async fn in_02_a_mail_arrives_with_typed_headers(world: World) {
        let mut server = MailServer::start().await;
        queue(&world, Channel::Email, TO, &recovery()).await;
        assert_eq!(deliver_due(&world.db, &transports(&smtp(&server)), &world.clock).await.unwrap(), 1);
        let mail = server.mails.recv().await.unwrap();
        assert!(mail.from.contains("<no-reply@id.example.eu>") && mail.to.contains(&format!("<{TO}>")), "{mail:?}");
        for name in ["From", "To", "Subject", "Message-ID", "Date", "Content-Type"] {
            assert_eq!(mail.header(name).len(), 1, "{name}: {}", mail.data);
        }
        assert_eq!(mail.header("To"), [TO]);
        assert_eq!(mail.header("Subject"), ["Choose a new password for the Identity Portal"]);
        assert!(mail.header("Bcc").is_empty() && mail.header("Cc").is_empty());
        let text = mail.text();
        assert!(text.starts_with("Hello Zoë,") && text.contains(&format!("https://id.example.eu/recover/{}", "t".repeat(43))), "{text}");
        assert_eq!(states(&world).await, ["sent"]);
    }

    /// IN-02: a line break that somehow got into a name or an address does not become a header.
    async fn in_02_a_line_break_in_stored_text_is_no_header(world: World) {
        let mut server = MailServer::start().await;
        let message = Message::PasswordChanged { given_name: "Eve\r\nBcc: all@bank-a.example\r\n\r\n<h1>".to_owned() };
        queue(&world, Channel::Email, TO, &message).await;
        queue(&world, Channel::Email, "zoe@bank-a.example\r\nBcc: all@bank-a.example", &recovery()).await;
        deliver_due(&world.db, &transports(&smtp(&server)), &world.clock).await.unwrap();
        let mail = server.mails.recv().await.unwrap();
        assert!(mail.header("Bcc").is_empty(), "{}", mail.data);
        assert_eq!(mail.header("Content-Type"), ["text/plain; charset=utf-8"], "IN-03: markup stays text");
        assert_eq!(states(&world).await, ["sent", "failed"], "an address that is none is given up at once");
        assert!(server.mails.try_recv().is_err());
    }

    /// invariant 11: a mail that could not be left is tried again, later and later, under the same `Message-ID`.
    async fn i11_a_mail_is_tried_again_with_the_same_message_id(world: World) {
        let mut server = MailServer::start().await;
        server.script.lock().unwrap().extend(["451 later", "451 later"]);
        let transports = transports(&smtp(&server));
        queue(&world, Channel::Email, TO, &recovery()).await;
        for wait in [0, 2, 4] {
            if wait > 0 {
                assert_eq!(deliver_due(&world.db, &transports, &world.clock).await.unwrap(), 0, "not before {wait} s");
            }
            world.clock.advance(Duration::from_secs(wait));
            deliver_due(&world.db, &transports, &world.clock).await.unwrap();
        }
        let mail = server.mails.recv().await.unwrap();
        let id = mail.header("Message-ID");
        assert!(id[0].ends_with("@id.example.eu>"), "{id:?}");
        let tx = &mut world.db.reader().await.unwrap();
        let stored: uuid::Uuid = chamberlain::on!(tx, c => sqlx::query_scalar("SELECT id FROM messages").fetch_one(c).await).unwrap();
        assert_eq!(id[0], format!("<{stored}@id.example.eu>"), "the id of the message, whichever try it is");
        assert_eq!(states(&world).await, ["sent"]);
    }

    /// R10: what the server refuses for good is not tried again; a server that is away is.
    async fn r10_a_permanent_refusal_is_final_and_a_dead_server_is_not(world: World) {
        let server = MailServer::start().await;
        server.script.lock().unwrap().push_back("550 5.1.1 <zoe@bank-a.example> unknown");
        queue(&world, Channel::Email, TO, &recovery()).await;
        deliver_due(&world.db, &transports(&smtp(&server)), &world.clock).await.unwrap();
        assert_eq!(states(&world).await, ["failed"]);
        let settings = smtp(&server);
        drop(server);
        queue(&world, Channel::Email, TO, &recovery()).await;
        deliver_due(&world.db, &transports(&settings), &world.clock).await.unwrap();
        assert_eq!(states(&world).await, ["failed", "queued"]);
        world.clock.advance(Duration::from_mins(31));
        deliver_due(&world.db, &transports(&settings), &world.clock).await.unwrap();
        assert_eq!(states(&world).await, ["failed", "dropped"], "a link that has expired is not sent late");
        let tx = &mut world.db.reader().await.unwrap();
        let left: i64 = chamberlain::on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE content IS NOT NULL OR recipient IS NOT NULL").fetch_one(c).await).unwrap();
        assert_eq!(left, 0, "what is over is erased");
    }

    /// The file driver: one file per message, for its owner only.
    async fn a_message_to_a_file_is_readable_by_its_owner_only(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        for (driver, directory) in [
            (&mut settings.mail.driver, &mut settings.mail.directory),
            (&mut settings.sms.driver, &mut settings.sms.directory),
            (&mut settings.voice.driver, &mut settings.voice.directory),
        ] {
            (*driver, *directory) = (Driver::File, Some(folder.path().to_owned()));
        }
        queue(&world, Channel::Email, TO, &recovery()).await;
        queue(&world, Channel::Sms, "+4969123456", &code(&world, "123456").1).await;
        queue(&world, Channel::Voice, "+4969123456", &code(&world, "654321").1).await;
        queue(&world, Channel::Voice, "+4969123456", &code(&world, "654321").1).await;
        assert_eq!(deliver_due(&world.db, &transports(&settings), &world.clock).await.unwrap(), 4);
        let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), 4, "two of one instant do not overwrite each other");
        for path in &files {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        }
        let texts: Vec<_> = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        assert!(texts.iter().any(|text| text.starts_with("To: +4969123456\n\n123456 is your")), "{texts:?}");
    }
}
