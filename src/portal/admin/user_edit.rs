//! Edit a user: details for Delegated User Administrators, roles for whoever holds them (E63–E74).

use askama::Template;
use axum::extract::{Path, State};

use super::details::{self, Details};
use super::target::{self, Target};
use super::{reach, roles, rows};
use crate::authority::Permission;
use crate::authority::action::UpdateUser;
use crate::db::{Tx, transact};
use crate::delegation::grant::GrantError;
use crate::delegation::revoke::RevokeError;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::directory::user::model::UserChange;
use crate::directory::user::update;
use crate::kernel::ids::UserId;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render_form, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/user_edit.html")]
struct EditTemplate {
    page: Page,
    id: UserId,
    version: i64,
    name: String,
    editable: bool,
    fields: Vec<Field>,
    problems: Vec<Field>,
    facts: Vec<(String, String)>,
    roles: Vec<roles::Section>,
    /// Whether what is given reaches below, where something can be given.
    sub_levels: Option<bool>,
    /// Asked for where nobody else holds a role that is taken away.
    reason: Vec<Field>,
}

/// `GET /admin/users/{id}/edit`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    show(tx, &person, &found, &Errors::default(), None).await
}

async fn may_edit(tx: &mut Tx, person: &SignedIn, found: &Target) -> Result<bool, Failure> {
    Ok(person.may(Permission::UserUpdate) && rows::allowed(tx, person, UpdateUser { user: found.user.id }).await?)
}

async fn show(tx: &mut Tx, person: &SignedIn, found: &Target, errors: &Errors, form: Option<&Form>) -> PageResult {
    let editable = may_edit(tx, person, found).await?;
    if !editable && !reach::covers(person, Permission::RoleGrant, &found.path) {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Users, if editable { "user-edit-title" } else { "roles" });
    page.has_errors = !errors.is_empty();
    let mut fields = if editable { details::fields(&page, Some(&found.user)) } else { Vec::new() };
    errors.fill(&mut fields, form);
    let mut problems: Vec<Field> = fields.clone();
    problems.extend(errors.of("roles").map(|error| Field {
        id: "roles".to_owned(),
        error: Some(error),
        ..Field::default()
    }));
    let mut roles = roles::sections(tx, person, &page, &found.holder()).await?;
    let sub_levels = roles::asks_for_sub_levels(&roles, form);
    if let Some(form) = form {
        roles::refill(&mut roles, form);
    }
    let reason = roles::reason(&page, errors, form);
    problems.extend(reason.iter().cloned());
    let facts = if editable { found.read_only(&page) } else { found.facts(&page) };
    let (id, version, name) = (found.user.id, found.user.version, found.name(&page));
    let view = EditTemplate { page, id, version, name, editable, fields, problems, facts, roles, sub_levels, reason };
    Ok(render_form(&view.page, &view))
}

/// `POST /admin/users/{id}/edit`: details and roles in one transaction.
pub(super) async fn post(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let page = person.page(Area::Users, "user-edit-title");
    let details = match may_edit(tx, &person, &found).await? && form.has("given_name") {
        true => match details::read(&page, &form, (&portal.factors.numbers, Some(&found.user)), person.ctx.now) {
            // The number moves with every change, so only who sees all of them is shown it (`decisions.md` 14).
            Ok(details) => Some((details, form.text("version").parse().map_err(|_| Failure::BadRequest)?)),
            Err(errors) => return show(tx, &person, &found, &errors, Some(&form)).await,
        },
        // Not drawn, so not sent by our page: whoever sends it all the same is told (E66).
        false if form.has("given_name") => return Err(Failure::Forbidden),
        false => None,
    };
    let saved: Result<(), ChangeError> = transact!(person.app.db, tx => {
        if let Some((details, version)) = &details {
            save_details(tx, &person, &found, details, *version).await?;
        }
        roles::apply(tx, &person, &found.holder(), &form).await?;
        Ok(())
    });
    match saved {
        Ok(()) => {
            person.app.door.changed();
            Ok(see_other(&format!("/admin/users/{}?done=user-saved", found.user.id)))
        }
        Err(error) => match explain(&page, &error) {
            Some(errors) => show(tx, &person, &found, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
    }
}

async fn save_details(
    tx: &mut Tx,
    person: &SignedIn,
    found: &Target,
    details: &Details,
    version: i64,
) -> Result<(), ChangeError> {
    let permit = person.app.door.authorise(tx, &person.ctx, UpdateUser { user: found.user.id }).await?;
    let change = UserChange {
        // What was not touched is not asked for again: it says nothing about a change that waits (D15).
        email: (found.user.email.as_ref() != Some(&details.email)).then(|| Some(details.email.clone())),
        phone: (found.user.phone.as_ref() != Some(&details.phone)).then(|| Some(details.phone.clone())),
        given_name: Some(details.given_name.clone()),
        family_name: Some(details.family_name.clone()),
        company_id: Some(details.company_id.clone()),
        subsidiary: Some(details.subsidiary.clone()),
        account_expires_at: Some(details.expires),
        ..UserChange::default()
    };
    let guard = Guard { roles: person.app.door.roles(), reason: None };
    update::update(tx, permit, change, Some(version), guard, &person.ctx).await?;
    Ok(())
}

/// What the form can say about a refused change.
pub(super) fn explain(page: &Page, error: &ChangeError) -> Option<Errors> {
    let (field, text) = match error {
        ChangeError::Reason(wrong) => {
            return Some(Errors::one(roles::REASON, describe(page, "revoke-reason", *wrong)));
        }
        ChangeError::User(UserError::EmailTaken | UserError::UserNameTaken) => ("email", "user-taken"),
        ChangeError::User(UserError::Stale) => ("roles", "changed-meanwhile"),
        ChangeError::User(UserError::LastHolder(_)) | ChangeError::Grant(GrantError::Full { .. }) => {
            ("roles", "role-limit")
        }
        ChangeError::Revoke(RevokeError::LastHolder(_)) => ("roles", "role-limit"),
        ChangeError::Revoke(RevokeError::ReasonRequired) => (roles::REASON, "role-reason-last"),
        ChangeError::Grant(GrantError::SeparationOfDuties) => ("roles", "role-duties"),
        ChangeError::Grant(GrantError::AlreadyHeld) | ChangeError::Revoke(RevokeError::AlreadyRevoked) => {
            ("roles", "changed-meanwhile")
        }
        _ => return None,
    };
    Some(Errors::one(field, page.t(text)))
}
