//! What pages say about new passwords, whichever page asks for one.

use super::error::Failure;
use crate::factors::new_password::NewPasswordError;
use crate::factors::password::PasswordError;
use crate::factors::policy::PolicyError;
use crate::kernel::password_rules::PasswordRules;
use crate::web::limits::TooMany;
use crate::web::{Field, Page};

/// What the profile asks for, in one sentence after another.
pub(super) fn hint(page: &Page, rules: &PasswordRules) -> String {
    let mut text = page.t1("link-password-hint", "length", rules.min_characters);
    if rules.kinds {
        text = format!("{text} {}", page.t("password-hint-kinds"));
    }
    if rules.history > 0 {
        text = format!("{text} {}", page.t1("password-hint-history", "count", rules.history));
    }
    text
}

/// The field of a new password.
pub(super) fn field(page: &Page, name: &str, label: &str, rules: &PasswordRules) -> Field {
    let field = Field::password(page, name, label).autocomplete("new-password");
    Field { hint: Some(hint(page, rules)), ..field }
}

/// What is wrong with it.
pub(super) fn problem(page: &Page, error: PolicyError, rules: &PasswordRules) -> String {
    page.t1(&format!("password-{}", error.as_str()), "length", rules.min_characters)
}

/// What the person can mend, or why the page cannot go on.
pub(super) fn refused(error: NewPasswordError) -> Result<PolicyError, Failure> {
    match error {
        NewPasswordError::Policy(error) => Ok(error),
        NewPasswordError::Throttled(_) => Err(Failure::TooMany(TooMany { retry_after: 60 })),
        NewPasswordError::Password(error) => Err(busy(error)),
        NewPasswordError::Db(error) => Err(error.into()),
    }
}

/// Too many at once, or a hash that failed.
pub(super) fn busy(error: PasswordError) -> Failure {
    match error {
        PasswordError::Overloaded => Failure::Busy,
        PasswordError::Failed => Failure::internal(error),
    }
}
