//! Where the user names of new people come from, when nobody says one.

/// A figure of the profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserNames {
    /// The e-mail address is the user name.
    #[default]
    Email,
    /// Two letters and eight digits are made up (I59). No mail says them: whoever creates the account tells them by phone, by letter or
    /// in person, and confirms it (I17, I18).
    Assigned,
}

impl UserNames {
    /// A name for somebody: the first Latin letters of the names, and a number.
    pub fn assign(given_name: &str, family_name: &str, number: u32) -> String {
        let initial = |name: &str| name.chars().find(char::is_ascii_alphabetic).map_or('x', |c| c.to_ascii_lowercase());
        format!("{}{}{:08}", initial(given_name), initial(family_name), number % 100_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I59: short, to be spoken on the phone, and not what everybody can guess from the name.
    #[test]
    fn an_assigned_name_is_two_letters_and_eight_digits() {
        assert_eq!(UserNames::assign("Anna", "Schmidt", 4_821), "as00004821");
        assert_eq!(UserNames::assign("Ωμέγα", "Łukasz", 4_294_967_295), "xu94967295");
        assert_eq!(UserNames::assign("", "", 0), "xx00000000");
    }
}
