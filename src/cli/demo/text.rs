//! What a demo tells a person.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::world::World;

/// Accounts, addresses, what to try.
pub(super) fn tell(url: &str, management: SocketAddr, world: &World, with_examples: bool) -> String {
    let mut text = format!("\nChamberlain demo\n\n  Portal           {url}\n  Sent messages    {url}/dev/messages\n");
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(format!("  Discovery        {url}/.well-known/openid-configuration"));
    line(format!("  Health, metrics  http://{management}/health/ready  /metrics"));
    for client in &world.clients {
        let origin = client.redirect_uris.first().and_then(|uri| uri.strip_suffix("/callback")).unwrap_or_default();
        let note = if with_examples { "" } else { "  (not started)" };
        line(format!(
            "  {:<16} {origin}{note}",
            format!("{} {}", client.application, if client.environment == "production" { "" } else { "pre" })
        ));
    }
    line("\nAccounts (codes arrive under Sent messages)\n".to_owned());
    for account in &world.accounts {
        let mut what = account.roles.join(", ");
        if what.is_empty() {
            what = account.groups.join(", ");
        }
        line(format!("  {:<34} {:<24} {:<22} {what}", account.email, account.password, account.organisation));
    }
    line("\nService clients (SCIM)\n".to_owned());
    for client in &world.service_clients {
        line(format!(
            "  {:<20} {}  {:<10} {}",
            client.client_id,
            client.client_secret,
            client.organisation,
            client.roles.join(", ")
        ));
    }
    line(format!(
        "\n  SCIM             {url}/scim/v2, with tokens from {url}/oauth2/token (client_credentials, scope scim)"
    ));
    if let Some(hr) = world.service_clients.iter().find(|client| client.organisation == "Bank B") {
        line(format!(
            "  Personnel system target/debug/examples/hr_provisioner --issuer {url} --client-id {} --client-secret={}",
            hr.client_id, hr.client_secret
        ));
    }
    let try_this = "\nTry\n
  1. Sign in as Dora (DelegatedUserAdmin of Bank A) and create a person under Users.
  2. Open the activation link under Sent messages in another browser, and activate the account.
  3. Sign in as Anna (ApplicationAccessAdmin for IMAS) and give the new person IMAS_PORTAL_USER.
  4. Sign in as the new person: My Apps has one tile, IMAS. Open it.
  5. As Anna, take the group away again: the next sign-in to IMAS is refused.
  6. Run the personnel system of Bank B (above): it creates its people and finds nobody of Bank A.

Ctrl-C stops.";
    let _never_fails = write!(text, "{try_this}");
    text
}
