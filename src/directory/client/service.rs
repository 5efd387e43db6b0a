//! What services are that delegates make for their organisations: all that such a one may do comes from its roles. Pure.

use super::model::ClientSettings;
use crate::authority::scopes::SCOPES;

/// What one may ask for by SCIM and by our API at most; its roles say how much of it.
pub const PROVISIONING_SCOPES: [&str; 5] =
    ["scim", "users:read", "users:write", "memberships:read", "memberships:write"];

/// Most services of one organisation, those included that are switched off; operators may make more.
pub const MAX_SERVICES: usize = 50;

/// With what a service begins.
pub fn settings() -> ClientSettings {
    ClientSettings {
        grant_types: vec!["client_credentials".to_owned()],
        scopes: PROVISIONING_SCOPES.map(str::to_owned).to_vec(),
        ..ClientSettings::default()
    }
}

/// Whether whoever acts as a service with these settings may nothing that its roles do not say: it neither asks about tokens of others nor
/// acts for their persons (RFC 7662, RFC 8693), and what it may ask for means nothing to anybody else's API.
pub fn is_plain(settings: &ClientSettings) -> bool {
    // What is about people who sign in is nothing to whom none does.
    let of_claims = ClientSettings::default().scopes;
    let ours = |scope: &String| SCOPES.iter().any(|(name, _)| name == scope) || of_claims.contains(scope);
    let signs_in =
        !settings.redirect_uris.is_empty() || settings.grant_types.iter().any(|grant| grant != "client_credentials");
    !settings.introspection && !settings.token_exchange && !signs_in && settings.scopes.iter().all(ours)
}

/// Whether a delegate may bring settings from one to the other: until when, from where and how literally it is taken, and nothing else.
pub fn may_become(before: &ClientSettings, after: &ClientSettings) -> bool {
    let same = *after == ClientSettings { provisioning: after.provisioning.clone(), ..before.clone() };
    same && after.provisioning.stopped == before.provisioning.stopped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::client::provisioning::{Provisioning, Tolerance};

    /// D13: a setting that gives a service more than its roles makes it one of operators.
    #[test]
    fn a_service_is_plain_while_its_roles_are_all_that_it_has() {
        assert!(is_plain(&settings()));
        let changed = |change: fn(&mut ClientSettings)| {
            let mut changed = settings();
            change(&mut changed);
            changed
        };
        assert!(is_plain(&changed(|settings| settings.scopes.push("roles:write".to_owned()))), "narrowed by its roles");
        assert!(is_plain(&changed(|settings| settings.scopes.push("openid".to_owned()))), "nobody signs in");
        for more in [
            changed(|settings| settings.introspection = true),
            changed(|settings| settings.token_exchange = true),
            changed(|settings| settings.scopes.push("payments:write".to_owned())),
            changed(|settings| settings.scopes.push("events:manage".to_owned())),
            changed(|settings| settings.grant_types.push("authorization_code".to_owned())),
            changed(|settings| settings.redirect_uris.push("https://app.example/cb".to_owned())),
        ] {
            assert!(!is_plain(&more) && !may_become(&settings(), &more), "{more:?}");
        }
    }

    #[test]
    fn a_delegate_says_until_when_from_where_and_how_literally_and_nothing_else() {
        let mut held = settings();
        held.provisioning.addresses = vec!["10.0.0.0/8".parse().unwrap()];
        held.provisioning.scim_tolerance = Tolerance::Strict;
        assert!(may_become(&settings(), &held) && may_become(&held, &settings()));
        for other in [
            ClientSettings { access_token_lifetime: 3_600, ..held.clone() },
            ClientSettings { scopes: vec!["scim".to_owned()], ..held.clone() },
            ClientSettings { dpop_bound_access_tokens: true, ..held.clone() },
            ClientSettings {
                provisioning: Provisioning { stopped: true, ..held.provisioning.clone() },
                ..held.clone()
            },
        ] {
            assert!(!may_become(&held, &other), "{other:?}");
        }
    }
}
