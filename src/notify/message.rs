//! Everything that is ever said to people outside the pages.

use serde::{Deserialize, Serialize};

/// One message, without its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// A sign-in code (E21).
    SecurityCode {
        /// Six digits.
        code: String,
    },
    /// The link that activates a new account.
    Activation {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: String,
    },
    /// The link that replaces a forgotten password.
    Recovery {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: String,
    },
    /// A password was set or replaced.
    PasswordChanged {
        /// How to address the person.
        given_name: String,
    },
    /// The phone number or e-mail address was changed, or will be; goes to the old and the new one (D15).
    ContactChanged {
        /// How to address the person.
        given_name: String,
    },
}

impl Message {
    /// Whether it is worthless late: a code is dropped rather than sent after it died.
    pub fn lifetime(&self) -> Option<std::time::Duration> {
        match self {
            Self::SecurityCode { .. } => Some(std::time::Duration::from_mins(3)),
            Self::Recovery { .. } => Some(std::time::Duration::from_mins(30)),
            Self::Activation { .. } | Self::PasswordChanged { .. } | Self::ContactChanged { .. } => None,
        }
    }
}
