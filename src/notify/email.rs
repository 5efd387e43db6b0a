//! Mail by SMTP (RFC 5321).

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::render::Rendered;
use super::transports::{Driver, SendError};

/// Section `[mail]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// How mail leaves: `smtp`, `file`, `console` or `memory`.
    pub driver: Driver,
    /// The folder of the `file` driver.
    pub directory: Option<std::path::PathBuf>,
    /// `From:`, for example `Identity Portal <no-reply@id.example.eu>`.
    pub from: String,
    /// `smtps://host`, `smtp://host:587?tls=required` or `smtp://localhost:1025`.
    pub url: String,
    /// User name, if the server asks for one.
    pub user: Option<String>,
    /// Password, if the server asks for one.
    pub password: Option<String>,
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
#[derive(Clone, Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Reads the settings; connects at the first mail.
    pub fn new(settings: &MailSettings) -> Result<Self, SendError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.url).map_err(SendError::of)?;
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from: settings.from.parse().map_err(SendError::of)? })
    }

    /// Sends one mail, as plain text.
    pub async fn send(&self, to: &str, mail: &Rendered) -> Result<(), SendError> {
        let message = lettre::Message::builder()
            .from(self.from.clone())
            .to(to.parse().map_err(SendError::of)?)
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(SendError::of)?;
        self.transport.send(message).await.map(drop).map_err(SendError::of)
    }
}
