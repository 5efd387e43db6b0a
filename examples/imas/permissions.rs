//! The two dimensions of a permission in IMAS (process type and institution) and its values.

/// The process types of the example (E86).
pub(crate) const PROCESS_TYPES: [&str; 3] = ["Fit and Proper", "Licensing", "Qualifying Holdings"];

/// The institutions of the example: name, country (ISO 3166) and identifier (E88).
pub(crate) const INSTITUTIONS: [(&str, &str, &str); 23] = [
    ("bank_01", "FI", "LE11"),
    ("bank_02", "FI", "LE12"),
    ("bank_03", "FI", "LE13"),
    ("Bank_33", "PT", "LEI6209"),
    ("Bank_AT", "AT", "LEI6240"),
    ("Bank_BE", "BE", "LEI6241"),
    ("Bank_CY", "CY", "LEI6258"),
    ("Bank_DE", "DE", "LEI6256"),
    ("Bank_EE", "EE", "LEI6242"),
    ("Bank_ES", "ES", "LEI6243"),
    ("Bank_FI", "FI", "LEI6244"),
    ("Bank_FR", "FR", "LEI6245"),
    ("Bank_GR", "GR", "LEI6246"),
    ("Bank_HR", "HR", "LEI6247"),
    ("Bank_IE", "IE", "LEI6248"),
    ("Bank_IT", "IT", "LEI6249"),
    ("Bank_LT", "LT", "LEI6250"),
    ("Bank_LU", "LU", "LEI6251"),
    ("Bank_LV", "LV", "LEI6252"),
    ("Bank_MT", "MT", "LEI6253"),
    ("Bank_NL", "NL", "LEI6254"),
    ("Bank_SI", "SI", "LEI6255"),
    ("Bank_SK", "SK", "LEI6257"),
];

/// What a person may do with one process type at one institution (E87).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Nothing; what holds without a grant.
    #[default]
    None,
    /// Read.
    Read,
    /// Read and write.
    Write,
    /// Read, write and submit.
    Submit,
}

impl Permission {
    /// Every value, weakest first.
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Read, Self::Write, Self::Submit];

    /// The words of the page.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::None => "No access",
            Self::Read => "Read",
            Self::Write => "Read and write",
            Self::Submit => "Read, write and submit",
        }
    }

    /// The value in a form.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
            Self::Submit => "submit",
        }
    }

    /// The permission with this form value.
    pub(crate) fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.key() == key)
    }
}
