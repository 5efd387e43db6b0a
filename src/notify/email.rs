//! Mail by SMTP (RFC 5321). Built from typed headers: no text of anybody becomes a header of its own (IN-02).

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use schemars::JsonSchema;
use serde::Deserialize;

use super::render::Rendered;
use super::transports::{Driver, SendError};
use crate::kernel::ids::MessageId;
use crate::kernel::secret::Sealed;

/// How long one step of the conversation may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Section `[mail]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// How mail leaves: `smtp`, `file`, `console` or `memory`.
    pub driver: Driver,
    /// The folder of the `file` driver.
    pub directory: Option<std::path::PathBuf>,
    /// `From:`, for example `Identity Portal <no-reply@id.example.eu>`.
    pub from: String,
    /// `smtps://host`, `smtp://host:587?tls=required` or `smtp://localhost:1025`; never with a password in it.
    pub url: String,
    /// User name, if the server asks for one.
    pub user: Option<String>,
    /// Password, if the server asks for one.
    pub password: Option<Sealed>,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            driver: Driver::Console,
            directory: None,
            from: "Identity Portal <no-reply@localhost>".to_owned(),
            url: "smtp://localhost:25".to_owned(),
            user: None,
            password: None,
        }
    }
}

/// A pool of connections to the mail server.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Smtp")
    }
}

impl Smtp {
    /// Reads the settings; connects at the first mail.
    pub fn new(settings: &MailSettings) -> Result<Self, SendError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.url).map_err(SendError::of)?;
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
        }
        let from = settings.from.parse().map_err(SendError::of)?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).build(), from })
    }

    /// Sends one mail, as plain text. Sent twice, it has the same `Message-ID` (invariant 11).
    pub async fn send(&self, id: MessageId, to: &str, mail: &Rendered) -> Result<(), SendError> {
        let message = lettre::Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to.parse().map_err(|_| SendError::permanent("the address is not one"))?)
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|_| SendError::permanent("the mail cannot be written"))?;
        // What the server says may quote the address, so only the kind and the status are kept (IN-06).
        self.transport.send(message).await.map(drop).map_err(|error| match error.status() {
            Some(status) if error.is_permanent() => SendError::permanent(format!("the mail server answers {status}")),
            Some(status) => SendError::of(format!("the mail server answers {status}")),
            None if error.is_timeout() => SendError::of("the mail server does not answer in time"),
            None if error.is_tls() => SendError::of("no secure connection to the mail server"),
            None => SendError::of("the mail server cannot be reached"),
        })
    }
}
