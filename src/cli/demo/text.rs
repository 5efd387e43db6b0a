//! What a demo tells a person.

use std::net::SocketAddr;

use super::Kept;
use crate::config::Config;

/// What to try in the world of projects.
const CONSORTIUM: &str = "\nTry\n
  1. Sign in as Petra (PrimaryCoordinatorContact of Alpha University): My Projects, RIVERS-101, Nominate.
     Name new.person@gamma.example as ParticipantContact for Gamma Institute.
  2. Open the link under Sent messages in another browser, make an account, and activate it.
  3. Sign in as the new person: My Projects has RIVERS-101, and they may nominate people of Gamma Institute.
  4. As Petra, assign ProjectFinancialSignatory: only Felix can be chosen, and only now he has rights.
     As Felix, open Forms (its address stands above): he writes the financial statement, and signs it after proving again who he is.
  5. Sign in as Lena (LEAR): My Organisations, Request to revoke Cora. Petra answers it under My Tasks.
  6. As Lena, revoke FinancialSignatory of Felix: his role in the project ends with it.
  7. Sign in as Olga (Operator): carry the project on to its last phase; nobody is nominated any more.

Ctrl-C stops.";

/// What to try in the world of authorities.
const NETWORK: &str = "\nTry\n
  1. Sign in as Clara (Nursing Board Munich): My Apps has Professional Qualifications. Open it: Counterparts,
     and send a request to Health Agency Lyon. Luc, in another browser, answers it.
  2. As Nina (NationalCoordinator of Germany), suspend that module of the Nursing Board: Authorities, its page,
     Module access. Clara goes on in the module without signing in again: she may finish, and begin nothing.
  3. Olaf's authority is suspended in Professional Qualifications from the beginning; no list of counterparts there has it.
  4. As Nina, My Tasks, Pending validations: validate Teachers' Board Dresden. Its first user is its Administrator,
     Nina's authority its Access Manager; grant it a module afterwards.
  5. As Maria (Administrator of the Ministry, which manages the Nursing Board), find Chamber of Crafts Leipzig under
     Authorities (My authorities only: No), and add your own authority as an Access Manager.
  6. As Rosa (RegistrationDelegate), invite an authority; open the link under Sent messages in another browser.
  7. As Rosa, propose Ministry of Health Bavaria for Posting of Workers (Modules): she cannot grant it. As Nina, My Tasks
     has the module with how many wait; grant it there.

Ctrl-C stops.";

const BANKS: &str = "\nTry\n
  1. Sign in as Dora (DelegatedUserAdmin of Bank A) and create a person under Users.
  2. Open the activation link under Sent messages in another browser, and activate the account.
  3. Sign in as Anna (ApplicationAccessAdmin for IMAS) and give the new person IMAS_PORTAL_USER.
  4. Sign in as the new person: My Apps has one tile, IMAS. Open it.
  5. As Anna, take the group away again: the next sign-in to IMAS is refused.
  6. Run the personnel system of Bank B (above): it creates its people and finds nobody of Bank A.

Ctrl-C stops.";

/// Accounts, addresses, what to try.
pub(super) fn tell(config: &Config, management: SocketAddr, kept: &Kept, with_examples: bool) -> String {
    let (url, world) = (&config.public_url, &kept.world);
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
        line(format!("  {:<34} {:<24} {:<26} {what}", account.email, account.password, account.organisation));
    }
    if !world.service_clients.is_empty() {
        line("\nService clients\n".to_owned());
    }
    for client in &world.service_clients {
        let roles = client.roles.join(", ");
        let what = if roles.is_empty() { "reads the directory" } else { &roles };
        line(format!("  {:<20} {}  {:<20} {what}", client.client_id, client.client_secret, client.organisation));
    }
    if !world.service_clients.is_empty() {
        line(format!("\n  SCIM             {url}/scim/v2, with tokens from {url}/oauth2/token (client_credentials)"));
    }
    if world.service_clients.iter().any(|client| client.roles.is_empty()) {
        line(format!("  Directory        {url}/api/v1/directory, with tokens from there as well"));
    }
    if let Some(hr) = world.service_clients.iter().find(|client| client.organisation == "Bank B") {
        line(format!(
            "  Personnel system target/debug/examples/hr_provisioner --issuer {url} --client-id {} --client-secret={}",
            hr.client_id, hr.client_secret
        ));
    }
    let administers = |roles: &[String]| roles.iter().any(|role| role != "Operator");
    // An address of a PostgreSQL may hold a password.
    let file = config.database.url.reveal().strip_prefix("sqlite:").filter(|file| !file.starts_with(':'));
    if let (Some(file), Some(one)) = (file, world.accounts.iter().find(|account| administers(&account.roles))) {
        let program =
            std::env::current_exe().map_or_else(|_| "chamberlain".to_owned(), |path| path.display().to_string());
        line(format!(
            "\nQuestions from a shell\n\n  CHAMBERLAIN__DATABASE__URL='sqlite:{file}' CHAMBERLAIN__PROFILE={} \\\n    '{program}' explain holds --user {}",
            kept.profile, one.email
        ));
    }
    text.push_str(match kept.profile.as_str() {
        "participant-portal" => CONSORTIUM,
        "imi" => NETWORK,
        _ => BANKS,
    });
    text
}
