//! Assign memberships: one box per group of the applications that one administers (E49–E60).

use askama::Template;
use axum::extract::{Path, RawQuery};

use super::picks::{self, Picked};
use super::{reach, target};
use crate::authority::Permission;
use crate::authority::action::{AssignMembership, RemoveMembership};
use crate::db::{Tx, transact};
use crate::directory::membership::assign;
use crate::kernel::ids::{GroupId, UserId};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render_form, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/memberships.html")]
struct MembershipsTemplate {
    page: Page,
    id: UserId,
    facts: Vec<(String, String)>,
    search: Field,
    fields: Vec<Field>,
    count: usize,
    applications: Vec<picks::Section>,
    hidden: usize,
    hidden_text: String,
}

/// `GET /admin/users/{id}/memberships`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    show(tx, &person, &id, query.text("q"), None).await
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    id: &str,
    wanted: &str,
    wrong: Option<(&Form, &[GroupId])>,
) -> PageResult {
    let found = target::find(tx, person, id).await?;
    if !reach::covers(person, Permission::MembershipAssign, &found.path) || found.user.id == person.user.id {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Users, "user-assign");
    let shown = picks::sections(tx, person, &page, &found, wanted, wrong).await?;
    page.has_errors = !shown.fields.is_empty();
    let facts = vec![
        (page.t("user-given-name"), found.user.given_name.clone()),
        (page.t("user-family-name"), found.user.family_name.clone()),
        (page.t("user-level"), found.level.clone()),
    ];
    let search = Field { kind: "search", ..Field::text(&page, "q", "memberships-search") }.filter().value(wanted);
    let hidden_text = page.count("memberships-hidden", shown.hidden as u64);
    let template = MembershipsTemplate {
        page,
        id: found.user.id,
        facts,
        search,
        fields: shown.fields,
        count: shown.count,
        applications: shown.sections,
        hidden: shown.hidden,
        hidden_text,
    };
    Ok(render_form(&template.page, &template))
}

/// `POST /admin/users/{id}/memberships`: applies the difference between what the form showed and what was sent.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let mut picked = match Picked::read(&form, person.ctx.now) {
        Ok(picked) => picked,
        Err(wrong) => return show(tx, &person, &id, "", Some((&form, &wrong))).await,
    };
    let staying = picks::staying(tx, &person, &found, &picked).await?;
    picked.kept.retain(|(group, _)| !staying.contains(group));
    let user = found.user.id;
    let saved: Result<_, ChangeError> = transact!(person.app.db, tx => {
        let door = &person.app.door;
        let lost = picked.removed.iter().map(|group| RemoveMembership { user, group: *group }).collect();
        let won = picked.kept.iter().map(|(group, _)| AssignMembership { user, group: *group }).collect();
        let lost = door.authorise_all(tx, &person.ctx, lost).await?;
        let won = door.authorise_all(tx, &person.ctx, won).await?;
        let won = won.into_iter().zip(picked.kept.iter().map(|(_, until)| *until)).collect();
        Ok(assign::change_all(tx, won, lost, &person.ctx).await?)
    });
    saved?;
    person.app.door.changed();
    Ok(see_other(&format!("/admin/users/{user}?done=memberships-saved")))
}
