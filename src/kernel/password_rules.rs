//! What a profile asks of passwords. Data only: who judges is `factors::policy`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::time::Timestamp;

/// What is asked of every new password besides not being among the common ones or made of what everybody knows about its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest characters, 8 or more (I85).
    pub min_characters: usize,
    /// How hard it has to be to guess: 1 to 4 as `zxcvbn` counts, of which 3 stands up to whoever has stolen the hash; 0 asks for nothing.
    pub strength: u8,
    /// An upper-case letter, a lower-case letter and a digit have to be in it (I86).
    pub kinds: bool,
    /// So many passwords in a row differ, the present one included (I84); 0 and 1 ask for nothing.
    pub history: u32,
    /// How long one can be used (I65); `None`: for ever.
    pub max_age: Option<Duration>,
}

/// All rules of a profile: what holds where nothing else is said, and sets that organisations choose by their codes. The age is the same in all.
#[derive(Clone, Debug, Default)]
pub struct PasswordSets {
    /// For whoever has no other.
    pub standard: PasswordRules,
    /// By their codes.
    pub named: Arc<BTreeMap<String, PasswordRules>>,
}

impl Default for PasswordRules {
    /// NIST SP 800-63B-4 §3.1.1.2: length, and neither rules on kinds of characters nor an age.
    fn default() -> Self {
        Self { min_characters: 12, strength: 3, kinds: false, history: 0, max_age: None }
    }
}

impl PasswordRules {
    /// Passwords that were set then or before have expired at `now`; `None`: none ever do.
    pub fn expired_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.max_age.map(|age| now.minus(age))
    }

    /// How many replaced passwords are remembered.
    pub fn remembered(&self) -> u32 {
        self.history.saturating_sub(1)
    }
}
