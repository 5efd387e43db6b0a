//! The page of an applicant, and what was entered in words.

use askama::Template;
use axum::response::Response;

use super::stage::Stage;
use crate::db::Tx;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::registration::model::{Application, Registration};
use crate::directory::registration::store;
use crate::directory::user;
use crate::kernel::secret::Token;
use crate::portal::Portal;
use crate::portal::admin::level_said;
use crate::portal::error::Failure;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

/// One part, with whether it is done.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) link: Option<String>,
    pub(super) kind: &'static str,
    pub(super) status: String,
}

/// Facts under a heading.
pub(in crate::portal) type Facts = (String, Vec<(String, String)>);

#[derive(Template)]
#[template(path = "pages/registration/applicant.html")]
pub(super) struct ApplicantPage {
    pub(super) page: Page,
    pub(super) back: Option<(String, String)>,
    pub(super) badge: Option<(&'static str, String)>,
    pub(super) stages: Vec<Stage>,
    pub(super) texts: Vec<String>,
    pub(super) quote: Option<(String, String)>,
    pub(super) steps: Vec<Part>,
    pub(super) parts: Vec<Facts>,
    pub(super) button: Option<(String, String)>,
}

impl ApplicantPage {
    /// A page that says something.
    pub(super) fn saying(page: Page, texts: Vec<String>) -> Self {
        let (back, badge, quote, button) = (None, None, None, None);
        Self { page, back, badge, stages: Vec::new(), texts, quote, steps: Vec::new(), parts: Vec::new(), button }
    }

    pub(super) fn show(&self) -> Response {
        render(self)
    }
}

/// A page outside of every account.
pub(super) fn page(portal: &Portal, info: &RequestInfo, title: &str) -> Page {
    Page::new(&portal.app, info, title)
}

/// The link does not work: never did, was replaced, or was used.
pub(super) fn over(portal: &Portal, info: &RequestInfo) -> Response {
    let page = page(portal, info, "registration-over-title");
    let texts = vec![page.t("registration-over-text")];
    ApplicantPage::saying(page, texts).show()
}

/// The invitation of a link, whatever its state.
pub(super) async fn find(tx: &mut Tx, token: &str) -> Result<Option<Registration>, Failure> {
    if token.len() > 100 {
        return Ok(None);
    }
    Ok(store::find_by_link(tx, &Token::from_text(token).digest()).await?)
}

/// Whether the invited address has an account: then it cannot be that of a first user. Only who reads the mail of that address is
/// told, whoever invited it is not (D14).
pub(super) async fn is_known(tx: &mut Tx, invitation: &Registration) -> Result<bool, Failure> {
    Ok(user::store::find_by_email(tx, &invitation.email).await?.is_some()
        || user::store::find_by_user_name(tx, &invitation.email).await?.is_some())
}

/// What was entered, in words, part by part.
pub(in crate::portal) fn parts(page: &Page, terms: &Terms, email: &str, entered: &Application) -> Vec<Facts> {
    let dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let optional = |text: &Option<String>| dash(text.as_deref().unwrap_or_default());
    let mut authority = vec![
        (page.t("level-name"), dash(&entered.name)),
        (page.t("level-country"), optional(&entered.country)),
        (page.t("level-lei"), optional(&entered.lei)),
    ];
    authority.extend(level_said::facts(page, terms, &entered.said));
    authority.extend(level_said::classification(page, terms, &entered.said));
    // A part that was gone through without a choice is noticed here or nowhere.
    let left = terms.vocabularies.iter().filter(|known| !entered.said.classification.contains_key(&known.code));
    authority
        .extend(left.map(|known| (known.labels.of(page.locale.tag()).to_owned(), page.t("registration-no-choice"))));
    let first = &entered.first_user;
    let phone = first.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let user = vec![
        (page.t("user-given-name"), dash(&first.given_name)),
        (page.t("user-family-name"), dash(&first.family_name)),
        (page.t("user-email"), dash(email)),
        (page.t("user-phone"), optional(&phone)),
    ];
    vec![(page.t("registration-step-authority"), authority), (page.t("registration-step-first-user"), user)]
}
