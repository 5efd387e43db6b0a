//! The ways out: messages to people, what applications are told, people who are pushed to them.

use url::Url;

use super::StartError;
use crate::config::Config;
use crate::notify::render::Sender as Letterhead;
use crate::notify::{self, DevOutbox, Transports};
use crate::outbound::Outbound;
use crate::proofs::ClientKeys;
use crate::push::run::Pusher;
use crate::signals::deliver::Sender;
use crate::tokens::Tokens;
use crate::web::App;

/// The ways out for messages.
pub(super) fn transports(app: &App, config: &Config, outbox: &DevOutbox) -> Result<Transports, StartError> {
    let settings = notify::Settings {
        mail: config.mail.clone(),
        sms: config.sms.clone(),
        voice: config.voice.clone(),
        numbers: config.numbers.clone(),
    };
    let (public_url, support) = (Url::clone(&app.public_url), app.support.line());
    let sender = Letterhead { public_url, support, links: app.links, wording: app.wording };
    let kept = app.dev.then(|| outbox.clone());
    Transports::new(&settings, sender, kept).map_err(|error| StartError::Config("mail", error.to_string()))
}

/// The way out to applications. In development they are on this machine.
pub fn sender(app: &App, config: &Config, tokens: &Tokens) -> Result<Sender, StartError> {
    let outbound = Outbound::new(&config.outbound, app.dev)
        .map_err(|error| StartError::Config("outbound.allowed_networks", error))?;
    let client_keys = ClientKeys::fetching(outbound.clone());
    let (clock, entropy) = (app.clock.clone(), app.entropy.clone());
    Ok(Sender { tokens: tokens.clone(), client_keys, outbound, clock, entropy })
}

/// The way out for people, with the same rules.
pub fn pusher(sender: &Sender) -> Pusher {
    let (outbound, kek) = (sender.outbound.clone(), sender.tokens.keys.kek().clone());
    Pusher { outbound, kek, subjects: sender.tokens.keys.subjects().clone(), clock: sender.clock.clone() }
}
