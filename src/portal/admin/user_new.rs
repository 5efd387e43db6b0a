//! Create a user (E34, E41–E45).

use askama::Template;
use axum::extract::{RawQuery, State};

use super::target::{self, Target};
use super::{details, rows, tree};
use crate::authority::Permission;
use crate::authority::action::{CreateUser, ReadContact, ReadUser};
use crate::db::{Tx, transact};
use crate::directory::user::create;
use crate::directory::user::error::UserError;
use crate::directory::user::model::{NewUser, User};
use crate::directory::user::store;
use crate::kernel::ids::OrganisationId;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render_form, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/user_form.html")]
struct FormTemplate {
    page: Page,
    back: String,
    action: String,
    version: Option<i64>,
    fields: Vec<Field>,
    facts: Vec<(String, String)>,
    with_memberships: bool,
    /// The person who has this address already, and the link to them.
    known: Option<(String, String)>,
}

/// `GET /admin/users/new`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    show(&person, query.text("level").parse().ok(), (&Errors::default(), None), None).await
}

async fn show(
    person: &SignedIn,
    level: Option<OrganisationId>,
    (errors, form): (&Errors, Option<&Form>),
    known: Option<(String, String)>,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let near = tree::near(tx, person, &[Permission::UserCreate], level).await?;
    if near.levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Users, "users-create");
    page.has_errors = !errors.is_empty();
    let level = level.or_else(|| near.levels.first().map(|level| level.organisation.id));
    let mut fields = vec![Field::select(&page, "level", "user-level", tree::choices(&near.levels, level))];
    fields.extend(details::fields(&page, None));
    errors.fill(&mut fields, form);
    let with_memberships = person.may(Permission::MembershipAssign);
    let (back, action) = ("/admin/users".to_owned(), "/admin/users/new".to_owned());
    let facts = Vec::new();
    let view = FormTemplate { page, back, action, version: None, fields, facts, with_memberships, known };
    Ok(render_form(&view.page, &view))
}

/// Whose address or user name this is, if the administrator sees that person and how to reach them; nobody else is named (E20,
/// `decisions.md` 2).
async fn known(tx: &mut Tx, person: &SignedIn, email: &str) -> Result<Option<Target>, Failure> {
    let holder = store::find_by_email(tx, email).await?;
    let holder = if holder.is_some() { holder } else { store::find_by_user_name(tx, email).await? };
    let Some(user) = holder.map(|holder| holder.id) else { return Ok(None) };
    let is_seen =
        rows::allowed(tx, person, ReadUser { user }).await? && rows::allowed(tx, person, ReadContact { user }).await?;
    if is_seen { target::find(tx, person, &user.to_string()).await.map(Some) } else { Ok(None) }
}

/// The form again: this address cannot be had.
async fn show_taken(person: &SignedIn, level: Option<OrganisationId>, (email, form): (&str, &Form)) -> PageResult {
    let page = person.page(Area::Users, "users-create");
    let tx = &mut person.app.db.reader().await?;
    let (text, link) = match known(tx, person, email).await? {
        Some(found) => {
            let name = found.name(&page);
            let text = page.t2("user-known", ("name", &name), ("level", &found.level));
            (text, Some((page.t1("user-known-open", "name", name), format!("/admin/users/{}", found.user.id))))
        }
        None => (page.t("user-taken"), None),
    };
    show(person, level, (&Errors::one("email", text), Some(form)), link).await
}

/// `POST /admin/users/new`
pub(super) async fn post(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let page = person.page(Area::Users, "users-create");
    let level: Option<OrganisationId> = form.text("level").parse().ok();
    let Some(organisation) = level else {
        let errors = Errors::one("level", page.t1("error-choice", "field", page.t("user-level")));
        return show(&person, None, (&errors, Some(&form)), None).await;
    };
    let read = match details::read(&page, &form, (&portal.factors.numbers, None), person.ctx.now) {
        Ok(read) => read,
        Err(errors) => return show(&person, level, (&errors, Some(&form)), None).await,
    };
    let created: Result<User, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, CreateUser { organisation }).await?;
        let new = NewUser {
            user_name: None,
            email: Some(read.email.clone()),
            phone: Some(read.phone.clone()),
            given_name: read.given_name.clone(),
            family_name: read.family_name.clone(),
            company_id: read.company_id.clone(),
            subsidiary: read.subsidiary.clone(),
            locale: None,
            account_expires_at: read.expires,
            active: true,
            scim: serde_json::Map::new(),
        };
        Ok(create::create(tx, permit, new, &person.ctx).await?)
    });
    match created {
        Ok(user) if form.text("then") == "memberships" => {
            Ok(see_other(&format!("/admin/users/{}/memberships?done=user-created", user.id)))
        }
        Ok(user) => Ok(see_other(&format!("/admin/users/{}?done=user-created", user.id))),
        Err(ChangeError::User(UserError::EmailTaken | UserError::UserNameTaken)) => {
            show_taken(&person, level, (read.email.as_str(), &form)).await
        }
        Err(ChangeError::User(UserError::NameMissing)) => {
            let errors = Errors::one("email", describe(&page, "user-email", crate::kernel::text::TextError::Empty));
            show(&person, level, (&errors, Some(&form)), None).await
        }
        Err(error) => Err(error.into()),
    }
}
