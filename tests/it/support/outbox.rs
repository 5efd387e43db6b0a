//! Messages that stay in memory, for tests that read what was sent.

use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports};

/// The outbox, and the ways there for mails, short messages and calls.
pub fn in_memory() -> (DevOutbox, Transports) {
    let mut settings = Settings::default();
    (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
        (Driver::Memory, Driver::Memory, Driver::Memory);
    let sender = Sender::of("https://id.example".parse().unwrap());
    let outbox = DevOutbox::default();
    let transports = Transports::new(&settings, sender, Some(outbox.clone())).unwrap();
    (outbox, transports)
}
