//! The ways out, as configured.

use std::io::Write as _;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dev::{DevOutbox, Sent};
use super::email::{MailSettings, Smtp};
use super::gateway::{Gateway, GatewaySettings};
use super::outbox::Channel;
use super::render::{Rendered, Sender};
use crate::kernel::time::Timestamp;

/// How messages of one channel leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// To a mail server; `[mail]` only.
    Smtp,
    /// To a gateway; `[sms]` and `[voice]` only.
    Http,
    /// One file per message, for development.
    File,
    /// To standard error, for development.
    #[default]
    Console,
    /// Only into the development outbox.
    Memory,
}

/// The settings of all channels.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Mail.
    pub mail: MailSettings,
    /// SMS.
    pub sms: GatewaySettings,
    /// Voice.
    pub voice: GatewaySettings,
}

/// Why a message could not be sent; never holds recipient or text.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SendError(String);

impl SendError {
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(Smtp),
    Http(Gateway),
    File(PathBuf),
    Console,
    Memory,
}

/// The ways out; cheap to clone.
#[derive(Clone, Debug)]
pub struct Transports {
    mail: Way,
    sms: Way,
    voice: Way,
    /// What every message needs to know.
    pub sender: Sender,
    /// Kept besides, in development mode.
    pub dev: Option<DevOutbox>,
}

impl Transports {
    /// Reads the settings. Fails on a mail address, a URL or a driver that cannot be.
    pub fn new(settings: &Settings, sender: Sender, dev: Option<DevOutbox>) -> Result<Self, SendError> {
        // Already installed by somebody else is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mail = match settings.mail.driver {
            Driver::Smtp => Way::Smtp(Smtp::new(&settings.mail)?),
            other => plain(other, settings.mail.directory.as_ref())?,
        };
        Ok(Self { mail, sms: phone(&settings.sms)?, voice: phone(&settings.voice)?, sender, dev })
    }

    /// Sends one message.
    pub async fn send(&self, channel: Channel, to: &str, message: &Rendered, now: Timestamp) -> Result<(), SendError> {
        let way = match channel {
            Channel::Email => &self.mail,
            Channel::Sms => &self.sms,
            Channel::Voice => &self.voice,
            Channel::Nothing => return Ok(()),
        };
        let text = if message.subject.is_empty() {
            message.text.clone()
        } else {
            format!("{}\n\n{}", message.subject, message.text)
        };
        match way {
            Way::Smtp(smtp) => smtp.send(to, message).await?,
            Way::Http(gateway) => gateway.send(to, &message.text, now).await?,
            Way::File(folder) => write(folder.join(format!("{}-{}.txt", now.0, channel.as_str())), to, &text).await?,
            Way::Console => {
                writeln!(std::io::stderr(), "--- {} to {to}\n{text}\n---", channel.as_str()).map_err(SendError::of)?;
            }
            Way::Memory => {}
        }
        if let Some(dev) = &self.dev {
            dev.push(Sent { to: to.to_owned(), channel: channel.as_str(), text, at: now.to_rfc3339() });
        }
        Ok(())
    }
}

async fn write(path: PathBuf, to: &str, text: &str) -> Result<(), SendError> {
    tokio::fs::write(path, format!("To: {to}\n\n{text}\n")).await.map_err(SendError::of)
}

fn phone(settings: &GatewaySettings) -> Result<Way, SendError> {
    match settings.driver {
        Driver::Http => Ok(Way::Http(Gateway::new(settings)?)),
        other => plain(other, settings.directory.as_ref()),
    }
}

fn plain(driver: Driver, folder: Option<&PathBuf>) -> Result<Way, SendError> {
    match driver {
        Driver::Console => Ok(Way::Console),
        Driver::Memory => Ok(Way::Memory),
        Driver::File => {
            folder.cloned().map(Way::File).ok_or_else(|| SendError::of("the `file` driver needs a `directory`"))
        }
        Driver::Smtp | Driver::Http => Err(SendError::of("`smtp` is for mail, `http` for sms and voice")),
    }
}
