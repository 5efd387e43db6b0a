//! Whether a client may set up a stream of events for itself (SSF 1.0). Pure.

use super::model::ClientSettings;

/// The scopes by which a client reads and manages its stream (CAEP Interoperability Profile 1.0 §2.7.3). An operator gives them.
pub const STREAM_SCOPES: [&str; 2] = [READ, MANAGE];

/// Reading what is set up, and fetching events.
pub const READ: &str = "ssf.read";

/// All of it.
pub const MANAGE: &str = "ssf.manage";

impl ClientSettings {
    /// Whether it may have a stream.
    pub fn may_stream(&self) -> bool {
        self.scopes.iter().any(|scope| scope == MANAGE)
    }

    /// Lets it have one, or no more. It asks with a token of its own (RFC 6749 §4.4).
    pub fn offer_stream(&mut self, offered: bool) {
        const CREDENTIALS: &str = "client_credentials";
        self.scopes.retain(|scope| !STREAM_SCOPES.contains(&scope.as_str()));
        if offered {
            self.scopes.extend(STREAM_SCOPES.map(str::to_owned));
            if !self.has_grant(CREDENTIALS) {
                self.grant_types.push(CREDENTIALS.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SSF 1.0 §8: off unless an operator gives it, and gone without a trace in the scopes.
    #[test]
    fn a_stream_is_offered_and_taken_back() {
        let mut settings = ClientSettings::default();
        assert!(!settings.may_stream());
        let before = settings.scopes.clone();
        settings.offer_stream(true);
        settings.offer_stream(true);
        assert!(settings.may_stream() && settings.has_grant("client_credentials"));
        assert_eq!(settings.scopes.len(), before.len() + 2);
        settings.offer_stream(false);
        assert_eq!(settings.scopes, before);
    }
}
