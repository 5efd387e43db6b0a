//! One invitation or registration, as those see it who invite and validate.

use askama::Template;
use axum::response::Response;

use super::plain::{Link, Table};
use crate::authority::action::CreateOrganisation;
use crate::authority::{Reason, Refusal};
use crate::db::Tx;
use crate::directory::organisation::store as organisations;
use crate::directory::registration::model::Registration;
use crate::directory::registration::store;
use crate::kernel::ids::{PrincipalId, RegistrationId};
use crate::portal::error::Failure;
use crate::portal::form::moment;
use crate::portal::registration::stage::Stage;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Field, Page};

use super::modules::People;

#[derive(Template)]
#[template(path = "pages/registration/case.html")]
pub(super) struct CasePage {
    pub(super) page: Page,
    pub(super) back: Link,
    pub(super) badge: (&'static str, String),
    pub(super) links: Vec<Link>,
    pub(super) stages: Vec<Stage>,
    pub(super) texts: Vec<String>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) parts: Vec<(String, Vec<(String, String)>)>,
    /// Levels of similar names.
    pub(super) found: Option<Table>,
    pub(super) action: String,
    pub(super) version: i64,
    pub(super) decision: Vec<Field>,
    /// What can be done by one button: address, text, class.
    pub(super) deeds: Vec<(String, String, &'static str)>,
}

impl CasePage {
    pub(super) fn show(&self) -> Response {
        render(self)
    }
}

/// The case, if the person may create organisations where it would stand; for everybody else there is none (D8).
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Registration, Failure> {
    let id: RegistrationId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = store::find(tx, id).await?.ok_or(Failure::NotFound)?;
    let action = CreateOrganisation { parent: Some(found.parent) };
    match person.app.door.authorise_read(tx, &person.ctx, action).await {
        // Where the organisation above is switched off meanwhile the case is not lost.
        Ok(_) | Err(Refusal::Denied(Reason::OrganisationInactive)) => Ok(found),
        Err(refusal @ (Refusal::Db(_) | Refusal::Denied(Reason::TooWeak(_) | Reason::StepUp { .. }))) => {
            Err(refusal.into())
        }
        Err(_) => Err(Failure::NotFound),
    }
}

/// Whether nothing goes on with it, as the organisation above it is switched off.
pub(super) async fn stands_still(tx: &mut Tx, person: &SignedIn, case: &Registration) -> Result<bool, Failure> {
    let action = CreateOrganisation { parent: Some(case.parent) };
    let allowed = person.app.door.authorise_read(tx, &person.ctx, action).await;
    Ok(matches!(allowed, Err(Refusal::Denied(Reason::OrganisationInactive))))
}

/// What is known of the invitation.
pub(super) async fn facts(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    case: &Registration,
) -> Result<Vec<(String, String)>, Failure> {
    let place = organisations::find(tx, case.parent).await?.map(|found| found.name).unwrap_or_default();
    let some = [Some(case.invited_by), case.approved_by, case.settled_by];
    let people = People::of(tx, person, some.into_iter().flatten()).await?;
    let by = |who: PrincipalId, at: Option<String>| match at {
        Some(at) => format!("{}, {at}", people.name(page, who)),
        None => people.name(page, who),
    };
    let mut facts = vec![
        (page.t("invitation-name"), case.proposed_name.clone()),
        (page.t("user-email"), if case.email.is_empty() { "–".to_owned() } else { case.email.clone() }),
        (page.t("level-parent"), place),
        (page.t("invitation-by"), by(case.invited_by, Some(moment(case.invited_at)))),
    ];
    facts.extend(case.sent_at.map(|at| (page.t("invitation-sent"), moment(at))));
    if case.state.is_with_applicant() {
        facts.push((page.t("invitation-until"), moment(case.expires_at)));
    }
    facts.extend(case.registered_at.map(|at| (page.t("invitation-registered"), moment(at))));
    facts.extend(case.approved_by.map(|who| (page.t("validation-first"), by(who, None))));
    facts.extend(case.settled_by.map(|who| (page.t("validation-by"), by(who, case.settled_at.map(moment)))));
    facts.extend(case.answer.clone().map(|answer| (page.t("validation-reason"), answer)));
    Ok(facts)
}
