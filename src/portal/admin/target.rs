//! The person a page is about: found only by those who may see them (D8).

use super::rows;
use crate::authority::action::{ReadContact, ReadUser};
use crate::db::Tx;
use crate::directory::organisation::model::OrganisationPath;
use crate::directory::organisation::store as organisations;
use crate::directory::user::model::User;
use crate::directory::user::store;
use crate::kernel::ids::UserId;
use crate::portal::error::Failure;
use crate::portal::form::{last_day, moment};
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// A person with the place where they are.
pub(super) struct Target {
    pub(super) user: User,
    pub(super) path: OrganisationPath,
    pub(super) level: String,
    /// Whether the reader may see how to reach them (decision 13).
    pub(super) contact: bool,
}

/// Finds a person; what may not be seen is not found, deleted people included.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Target, Failure> {
    let id: UserId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadUser { user: id }).await?;
    let user = store::find(tx, id).await?.filter(|user| user.deleted_at.is_none()).ok_or(Failure::NotFound)?;
    let path = organisations::path(tx, user.organisation).await?.ok_or(Failure::NotFound)?;
    let level = organisations::find(tx, user.organisation).await?.map(|node| node.name).unwrap_or_default();
    let contact = rows::allowed(tx, person, ReadContact { user: id }).await?;
    Ok(Target { user, path, level, contact })
}

impl Target {
    /// First and last name; of whom nothing else is known the user name, if the reader may see it.
    pub(super) fn name(&self, page: &Page) -> String {
        let name = format!("{} {}", self.user.given_name, self.user.family_name);
        match name.trim() {
            "" if self.contact || self.user.has_plain_name() => self.user.user_name.clone(),
            "" => page.t("user-nameless"),
            name => name.to_owned(),
        }
    }

    /// The details that a reader sees but does not change here.
    pub(super) fn read_only(&self, page: &Page) -> Vec<(String, String)> {
        let user = &self.user;
        let mut facts = vec![
            (page.t("user-level"), self.level.clone()),
            (page.t("user-self-registered"), page.t(if user.self_registered { "yes" } else { "no" })),
            (page.t("user-created"), moment(user.created_at)),
        ];
        if let Some(at) = user.last_sign_in_at {
            facts.push((page.t("user-last-sign-in"), moment(at)));
        }
        facts
    }

    /// All details.
    pub(super) fn facts(&self, page: &Page) -> Vec<(String, String)> {
        let user = &self.user;
        let (email, phone) = super::users::contact(page, user.contacts(), self.contact);
        let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let expires = user.account_expires_at.map_or_else(|| page.t("never"), last_day);
        let pairs = [
            ("user-given-name", user.given_name.clone()),
            ("user-family-name", user.family_name.clone()),
            ("user-email", or_dash(email)),
            ("user-phone", or_dash(phone)),
            ("user-company-id", or_dash(user.company_id.clone().unwrap_or_default())),
            ("user-subsidiary", or_dash(user.subsidiary.clone().unwrap_or_default())),
            ("user-expires", expires),
        ];
        let mut facts: Vec<_> = pairs.into_iter().map(|(key, value)| (page.t(key), value)).collect();
        facts.extend(self.read_only(page));
        facts
    }
}
