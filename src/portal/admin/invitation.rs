//! One invitation: what has come of it, sending it again, taking it back.

use axum::extract::Path;

use super::case::{CasePage, facts, find, stands_still};
use super::plain::FormPage;
use crate::authority::action::CreateOrganisation;
use crate::db::transact;
use crate::directory::registration::error::InviteError;
use crate::directory::registration::invite;
use crate::directory::registration::model::State;
use crate::portal::error::{ChangeError, PageResult};
use crate::portal::page::Area;
use crate::portal::registration::stage::{badge, stages};
use crate::portal::signed_in::SignedIn;
use crate::web::Form;
use crate::web::respond::see_other;

/// `GET /admin/invitations/{registration}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    show(&person, &id, None).await
}

/// `refused`: why it was not sent.
async fn show(person: &SignedIn, id: &str, refused: Option<&str>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let case = find(tx, person, id).await?;
    let page = person.page(Area::Invitations, "invitations-title").titled(case.name().to_owned());
    let base = format!("/admin/invitations/{}", case.id);
    let mut links = Vec::new();
    if case.state.is_pending() {
        links.push((format!("/tasks/validations/{}", case.id), page.t("validation-review")));
    }
    links.extend(case.organisation.map(|made| (format!("/admin/levels/{made}"), page.t("validation-open"))));
    let mut deeds = Vec::new();
    let stopped = stands_still(tx, person, &case).await?;
    if !stopped && (case.state == State::Draft || case.state.is_with_applicant()) {
        let key = if case.state == State::Draft { "invitation-send-now" } else { "invitation-again" };
        deeds.push((format!("{base}/send"), page.t(key), "second"));
        links.push((format!("{base}/withdraw"), page.t("withdraw")));
    }
    let shown = CasePage {
        back: ("/admin/invitations".to_owned(), page.t("invitations-back")),
        badge: badge(&page, &case, person.ctx.now),
        links,
        stages: stages(&page, case.state),
        texts: stopped.then_some("case-stopped").or(refused).map(|key| page.t(key)).into_iter().collect(),
        facts: facts(tx, (person, &page), &case).await?,
        parts: Vec::new(),
        found: None,
        action: String::new(),
        version: case.version,
        decision: Vec::new(),
        deeds,
        page,
    };
    Ok(shown.show())
}

/// `POST /admin/invitations/{registration}/send`: another link, for as long again.
pub(super) async fn post_send(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let case = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = CreateOrganisation { parent: Some(case.parent) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(invite::send(tx, permit, &case, person.app.registrations, &person.ctx).await?)
    });
    match done {
        // Twice within a minute is a button pressed twice.
        Ok(()) | Err(ChangeError::Invite(InviteError::JustSent)) => {
            Ok(see_other(&format!("/admin/invitations/{}?done=invitation-sent", case.id)))
        }
        Err(ChangeError::Invite(InviteError::TooMany)) => show(&person, &id, Some("invitation-many")).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/invitations/{registration}/withdraw`
pub(super) async fn get_withdraw(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let case = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Invitations, "invitation-withdraw-title");
    let intro = Some(page.t2("invitation-withdraw-text", ("name", case.name()), ("email", &case.email)));
    let base = format!("/admin/invitations/{}", case.id);
    let form = FormPage::asking(page, &base, format!("{base}/withdraw"), "withdraw");
    Ok(FormPage { intro, ..form }.show())
}

/// `POST /admin/invitations/{registration}/withdraw`
pub(super) async fn post_withdraw(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let case = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = CreateOrganisation { parent: Some(case.parent) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(invite::withdraw(tx, permit, &case, &person.ctx).await?)
    });
    done?;
    Ok(see_other(&format!("/admin/invitations/{}?done=invitation-withdrawn", case.id)))
}
