//! The ways out, as configured.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::dev::{DevOutbox, Sent};
use super::email::{MailSettings, Smtp};
use super::gateway::{Gateway, GatewaySettings};
use super::numbers::NumberSettings;
use super::outbox::Channel;
use super::render::{Rendered, Sender};
use crate::kernel::ids::MessageId;
use crate::kernel::time::Timestamp;
use crate::locale::Locale;

/// How messages of one channel leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Mail.
    pub mail: MailSettings,
    /// SMS.
    pub sms: GatewaySettings,
    /// Voice.
    pub voice: GatewaySettings,
    /// Which phone numbers are written to.
    pub numbers: NumberSettings,
}

/// Why a message could not be sent; never holds recipient or text.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct SendError {
    text: String,
    permanent: bool,
}

impl SendError {
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self { text: error.to_string(), permanent: false }
    }

    pub(super) fn permanent(error: impl std::fmt::Display) -> Self {
        Self { text: error.to_string(), permanent: true }
    }

    /// Whether the same message would be refused again.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

/// One message on its way: which, to whom, in which words. Shown by nothing.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// Its id; the receiving side knows a second attempt by it.
    pub id: MessageId,
    /// Address or number.
    pub to: &'a str,
    /// The words.
    pub words: &'a Rendered,
    /// Their language.
    pub locale: Locale,
    /// The instant.
    pub now: Timestamp,
}

impl std::fmt::Debug for Parcel<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({})", self.id)
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
    /// Which phone numbers are written to.
    pub numbers: NumberSettings,
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
        let (sms, voice, numbers) = (phone(&settings.sms)?, phone(&settings.voice)?, settings.numbers.clone());
        Ok(Self { mail, sms, voice, sender, numbers, dev })
    }

    /// Whether a channel leads to another machine, which may take its time.
    pub fn is_remote(&self, channel: Channel) -> bool {
        let way = match channel {
            Channel::Email => &self.mail,
            Channel::Sms => &self.sms,
            Channel::Voice => &self.voice,
            Channel::Nothing => return false,
        };
        matches!(way, Way::Smtp(_) | Way::Http(_))
    }

    /// Sends one message.
    pub async fn send(&self, channel: Channel, parcel: Parcel<'_>) -> Result<(), SendError> {
        let Parcel { id, to, words, now, .. } = parcel;
        let way = match channel {
            Channel::Email => &self.mail,
            Channel::Sms => &self.sms,
            Channel::Voice => &self.voice,
            Channel::Nothing => return Ok(()),
        };
        let text = match words.subject.as_str() {
            "" => words.text.clone(),
            subject => format!("{subject}\n\n{}", words.text),
        };
        match way {
            Way::Smtp(smtp) => smtp.send(id, to, words).await?,
            Way::Http(gateway) => gateway.send(parcel).await?,
            Way::File(folder) => {
                write(&folder.join(format!("{}-{}-{id}.txt", now.0, channel.as_str())), to, &text).await?;
            }
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

/// Readable by nobody but the server: it may hold a code or a link.
async fn write(path: &Path, to: &str, text: &str) -> Result<(), SendError> {
    use tokio::io::AsyncWriteExt as _;
    let mut options = tokio::fs::OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(path).await.map_err(SendError::of)?;
    file.write_all(format!("To: {to}\n\n{text}\n").as_bytes()).await.map_err(SendError::of)?;
    file.flush().await.map_err(SendError::of)
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
