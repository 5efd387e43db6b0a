//! The page behind the mailed link: what is to be entered, in parts; checking and submitting it; asking for another link. Opening it
//! changes nothing (AU-30).

use axum::extract::{Path, State};
use axum::response::Response;

use super::applicant::{self, ApplicantPage, Part, find, is_known, over};
use super::stage::{badge, stages};
use crate::db::{Tx, transact};
use crate::directory::organisation::store as organisations;
use crate::directory::registration::applicant::{ask_again, submit};
use crate::directory::registration::error::ApplicantError;
use crate::directory::registration::model::{Registration, Step};
use crate::kernel::ctx::Channel;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::web::respond::see_other;
use crate::web::{Form, Page, RequestInfo};

/// `GET /register-authority/{token}`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo, Path(token): Path<String>) -> PageResult {
    let tx = &mut portal.app.db.reader().await?;
    let Some(invitation) = find(tx, &token).await? else { return Ok(over(&portal, &info)) };
    if invitation.is_expired(info.now) {
        return Ok(expired(&portal, &info, &token));
    }
    if !invitation.is_open(info.now) {
        return Ok(over(&portal, &info));
    }
    let page = applicant::page(&portal, &info, "registration-title");
    let mut texts = sentences(tx, &page, &invitation).await?;
    let steps = if is_known(tx, &invitation).await? {
        texts.push(page.t("registration-known"));
        Vec::new()
    } else {
        texts.push(page.t1("registration-until", "until", moment(invitation.expires_at)));
        steps(&page, &token, &invitation)
    };
    let quote = quote(&page, &invitation);
    let stages = stages(&page, invitation.state);
    Ok(ApplicantPage { stages, quote, steps, ..ApplicantPage::saying(page, texts) }.show())
}

async fn sentences(tx: &mut Tx, page: &Page, invitation: &Registration) -> Result<Vec<String>, Failure> {
    let place = organisations::find(tx, invitation.parent).await?.map(|found| found.name).unwrap_or_default();
    Ok(vec![page.t2("registration-text", ("place", &place), ("name", &invitation.proposed_name))])
}

/// What has to be corrected, or what the inviter says.
fn quote(page: &Page, invitation: &Registration) -> Option<(String, String)> {
    let answer = invitation.answer.clone().map(|answer| (page.t("registration-correct"), answer));
    let message = Some(&invitation.message).filter(|text| !text.is_empty());
    answer.or_else(|| message.map(|text| (page.t("registration-message"), text.clone())))
}

fn steps(page: &Page, token: &str, invitation: &Registration) -> Vec<Part> {
    let done = &invitation.application.done;
    let part = |step: Step| {
        let (kind, key) =
            if done.contains(&step) { ("active", "registration-done") } else { ("new", "registration-open") };
        Part {
            text: page.t(&format!("registration-step-{}", step.as_str())),
            link: Some(format!("/register-authority/{token}/{}", step.as_str())),
            kind,
            status: page.t(key),
        }
    };
    let mut parts: Vec<Part> = Step::ALL.into_iter().map(part).collect();
    let complete = invitation.application.is_complete();
    parts.push(Part {
        text: page.t("registration-step-check"),
        link: complete.then(|| format!("/register-authority/{token}/check")),
        kind: "new",
        status: page.t(if complete { "registration-open" } else { "registration-blocked" }),
    });
    parts
}

fn expired(portal: &Portal, info: &RequestInfo, token: &str) -> Response {
    let page = applicant::page(portal, info, "registration-expired-title");
    let texts = vec![page.t("registration-expired-text")];
    let button = Some((format!("/register-authority/{token}/ask"), page.t("registration-ask")));
    ApplicantPage { button, ..ApplicantPage::saying(page, texts) }.show()
}

/// `POST /register-authority/{token}/ask`: the same answer every time.
pub(super) async fn post_ask(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
    _form: Form,
) -> PageResult {
    let reader = &mut portal.app.db.reader().await?;
    if let Some(invitation) = find(reader, &token).await? {
        let ctx = info.ctx(&portal.app, Channel::Portal);
        let asked: Result<(), ApplicantError> = transact!(portal.app.db, tx => ask_again(tx, &invitation, &ctx).await);
        asked.map_err(failed)?;
    }
    let page = applicant::page(&portal, &info, "registration-asked-title");
    let texts = vec![page.t("registration-asked-text")];
    Ok(ApplicantPage::saying(page, texts).show())
}

/// `GET /register-authority/{token}/check`
pub(super) async fn get_check(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
) -> PageResult {
    let tx = &mut portal.app.db.reader().await?;
    let found = find(tx, &token).await?.filter(|one| one.is_open(info.now));
    let Some(invitation) = found else { return Ok(over(&portal, &info)) };
    if !invitation.application.is_complete() || is_known(tx, &invitation).await? {
        return Ok(see_other(&format!("/register-authority/{token}")));
    }
    let page = applicant::page(&portal, &info, "registration-check-title");
    let texts = vec![page.t("registration-check-text")];
    let parts = applicant::parts(&page, &portal.app.terms, &invitation.email, &invitation.application);
    let back = Some((format!("/register-authority/{token}"), page.t("registration-back")));
    let button = Some((format!("/register-authority/{token}/check"), page.t("registration-submit")));
    let stages = stages(&page, invitation.state);
    Ok(ApplicantPage { back, stages, parts, button, ..ApplicantPage::saying(page, texts) }.show())
}

/// `POST /register-authority/{token}/check`: submits; the link is used up.
pub(super) async fn post_check(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
    _form: Form,
) -> PageResult {
    let reader = &mut portal.app.db.reader().await?;
    let found = find(reader, &token).await?.filter(|one| one.is_open(info.now));
    let Some(invitation) = found else { return Ok(over(&portal, &info)) };
    if is_known(reader, &invitation).await? {
        return Ok(see_other(&format!("/register-authority/{token}")));
    }
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let (terms, app) = (&portal.app.terms, &portal.app);
    let done: Result<_, ApplicantError> = transact!(app.db, tx => submit(tx, &invitation, terms, &ctx).await);
    match done {
        Ok(track) => Ok(see_other(&format!("/registration/{}?done=registration-submitted", track.reveal()))),
        Err(ApplicantError::NotOpen) => Ok(over(&portal, &info)),
        // A part is missing, or no longer what the profile asks for: the list of parts says which.
        Err(ApplicantError::Incomplete | ApplicantError::Organisation(_)) => {
            Ok(see_other(&format!("/register-authority/{token}")))
        }
        Err(error) => Err(failed(error)),
    }
}

/// The applicant's page of the state, shared with the page of the link that tracks it.
pub(super) fn state(page: Page, case: &Registration, info: &RequestInfo) -> ApplicantPage {
    let badge = Some(badge(&page, case, info.now));
    let text = page.t(&format!("registration-now-{}", case.state.as_str()));
    let quote = case.answer.clone().map(|answer| (page.t("registration-answer"), answer));
    let stages = stages(&page, case.state);
    ApplicantPage { badge, stages, quote, ..ApplicantPage::saying(page, vec![text]) }
}

/// What no page can say.
pub(super) fn failed(error: ApplicantError) -> Failure {
    match error {
        ApplicantError::NotOpen => Failure::NotFound,
        ApplicantError::Incomplete | ApplicantError::TooMany => Failure::Conflict,
        ApplicantError::Organisation(error) => error.into(),
        ApplicantError::Db(error) => error.into(),
    }
}
