//! The document that `chamberlain demo --json` prints, and what follows from it.

use std::fmt::Write as _;

use serde::Deserialize;
use url::Url;

use super::Failure;

/// The seeded world.
#[derive(Deserialize)]
pub(crate) struct World {
    issuer: String,
    accounts: Vec<Account>,
    clients: Vec<Client>,
    service_clients: Vec<Service>,
}

#[derive(Deserialize)]
struct Account {
    email: String,
    password: String,
    organisation: String,
    roles: Vec<String>,
    groups: Vec<String>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the document")]
struct Client {
    client_id: String,
    client_secret: String,
    application: String,
    environment: String,
    redirect_uris: Vec<String>,
}

#[derive(Deserialize)]
struct Service {
    client_id: String,
    client_secret: String,
    organisation: String,
    roles: Vec<String>,
}

/// An application to start.
pub(crate) struct Application {
    /// Name of the built example.
    pub program: &'static str,
    /// Its flags.
    pub arguments: Vec<String>,
}

impl Client {
    fn is_production(&self) -> bool {
        self.environment == "production"
    }

    /// Address of the application: the origin of its first redirect URI.
    fn address(&self) -> Result<Url, Failure> {
        let uri = self.redirect_uris.first().ok_or("a client without a redirect URI")?;
        Ok(Url::parse(uri)?.join("/")?)
    }
}

impl World {
    /// The example applications whose clients are registered, with the flags to start them.
    ///
    /// # Errors
    /// When a redirect URI is not one of a local application.
    pub(crate) fn applications(&self) -> Result<Vec<Application>, Failure> {
        let mut all = Vec::new();
        for client in &self.clients {
            let program = match client.application.as_str() {
                "IMAS" => "imas",
                "CASPER" => "casper",
                _ => continue,
            };
            let address = client.address()?;
            let port = address.port_or_known_default().ok_or("a redirect URI without a port")?;
            let mut arguments: Vec<String> = [
                ("--issuer", self.issuer.clone()),
                ("--client-id", client.client_id.clone()),
                ("--client-secret", client.client_secret.clone()),
                ("--listen", format!("127.0.0.1:{port}")),
                ("--public-url", address.to_string()),
            ]
            .into_iter()
            .flat_map(|(flag, value)| [flag.to_owned(), value])
            .collect();
            if !client.is_production() {
                arguments.extend(["--environment".to_owned(), "pre-production".to_owned()]);
            }
            all.push(Application { program, arguments });
        }
        Ok(all)
    }

    /// What is running, who can sign in, and what to try.
    ///
    /// # Errors
    /// When a redirect URI is not one of a local application.
    pub(crate) fn welcome(&self) -> Result<String, Failure> {
        let issuer = self.issuer.trim_end_matches('/');
        let mut text = format!(
            "\nIdentity Portal  {issuer}/\nSent messages    {issuer}/dev/messages   (sign-in codes appear here)\n"
        );
        for client in &self.clients {
            let environment = if client.is_production() { "" } else { " (pre-production)" };
            writeln!(text, "{}{environment}  {}", client.application, client.address()?)?;
        }
        writeln!(text, "\nAccounts (email, password, organisation, what they hold)")?;
        for account in &self.accounts {
            let held: Vec<&str> = account.roles.iter().chain(&account.groups).map(String::as_str).collect();
            writeln!(text, "  {}  {}  {}  {}", account.email, account.password, account.organisation, held.join(" "))?;
        }
        text.push_str(
            "\nTry this\n  1. Sign in as the DelegatedUserAdmin of a bank, create a person under Users.\n  2. Open the invitation under Sent messages and activate the account.\n  \
             3. Sign in as the ApplicationAccessAdmin of that bank, assign IMAS_PORTAL_USER.\n  4. Sign in as the new person and open IMAS from My Apps.\n",
        );
        if let Some(service) =
            self.service_clients.iter().find(|one| one.organisation == "Bank B" && one.roles.len() == 1)
        {
            writeln!(
                text,
                "  5. Let the personnel system of Bank B bring its people:\n     cargo run --example hr_provisioner -- --issuer {issuer} --client-id {} --client-secret {}",
                service.client_id, service.client_secret
            )?;
        }
        text.push_str("\nCtrl-C stops everything.");
        Ok(text)
    }
}
