//! Creating and changing applications and their environments (E51, C02, C07).

use serde_json::{Value, json};

use super::model::{Application, Environment};
use super::{environment_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageApplication;
use crate::db::{self, Tx};
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation::sign_in_rules::strong_enough;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, EnvironmentId};
use crate::kernel::strength::Strength;
use crate::kernel::text::{self, TextError};

/// What a caller says about an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationDetails {
    /// Letters, digits, `_` and `-`; upper case.
    pub code: String,
    /// Its name as shown.
    pub name: String,
    /// One or two sentences.
    pub description: String,
    /// Where its manual is.
    pub documentation_url: Option<String>,
    /// Whether organisations need module access to it.
    pub modules: ModuleRules,
}

/// What a caller says about an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentDetails {
    /// `production`, `pre-production` …
    pub code: String,
    /// The title of its tile.
    pub title: String,
    /// What its group codes start with.
    pub group_prefix: String,
    /// Where its tile leads.
    pub launch_url: Option<String>,
    /// Whether a person without any of its groups is refused.
    pub requires_group: bool,
    /// How strongly whoever enters has to prove who they are.
    pub second_factor: Strength,
}

/// Why an application or environment was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// Whoever changes what the environment asks for did not sign in as strongly.
    #[error("sign in with {} yourself first", match .0 { Strength::Passkey => "a passkey", _ => "an authenticator app or a passkey" })]
    WeakSignIn(Strength),
    /// The code or prefix is in use.
    #[error("this code is in use")]
    CodeTaken,
    /// Other characters than letters, digits, `_` and `-`.
    #[error("a code holds 1 to 64 letters, digits, `_` and `-`")]
    InvalidCode,
    /// Not an https address (http on loopback only).
    #[error("`{0}` is not an https address")]
    InvalidUrl(&'static str),
    /// Environments, groups, clients or role assignments stand on it.
    #[error("this is still in use")]
    InUse,
    /// A text breaks its rule.
    #[error("`{field}` {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// Somebody else changed it in between.
    #[error("this was changed by somebody else in the meantime")]
    Stale,
    /// It is gone.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for ApplicationError {
    fn from(error: db::Error) -> Self {
        let taken = error.violates("applications", &["code"])
            || error.violates("environments", &["application_id", "code"])
            || error.violates("environments", &["application_id", "group_prefix"]);
        if taken { Self::CodeTaken } else { Self::Db(error) }
    }
}

/// Whether a text may be a code.
pub fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The rules of names and links (IN-03, IN-05, DA-45), wherever the details come from.
fn checked(details: ApplicationDetails) -> Result<ApplicationDetails, ApplicationError> {
    if !is_code(&details.code) {
        return Err(ApplicationError::InvalidCode);
    }
    if details.documentation_url.as_deref().is_some_and(|url| !text::is_safe_url(url)) {
        return Err(ApplicationError::InvalidUrl("documentation_url"));
    }
    let wrong = |field| move |error| ApplicationError::Text { field, error };
    Ok(ApplicationDetails {
        name: text::name(&details.name).map_err(wrong("name"))?,
        description: text::description(&details.description).map_err(wrong("description"))?,
        ..details
    })
}

fn described(application: &Application) -> Value {
    let modules = application.modules;
    json!({
        "code": application.code, "name": application.name, "module_access": modules.word(),
        "linked_coordinators": modules.coordinators.as_str(),
    })
}

/// Creates an application without environments.
pub async fn create(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    details: ApplicationDetails,
    ctx: &Ctx,
) -> Result<Application, ApplicationError> {
    let details = checked(details)?;
    let application = Application {
        id: ApplicationId(ctx.uuid()),
        code: details.code,
        name: details.name,
        description: details.description,
        documentation_url: details.documentation_url,
        modules: details.modules,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    store::insert(tx, &application).await?;
    let event = Event::new(Kind::ApplicationCreated, Subject::Application(application.id)).about(application.id);
    audit::record(tx, ctx, permit.via(), event.with(described(&application))).await?;
    Ok(application)
}

/// Changes an application; its code stays.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    details: ApplicationDetails,
    ctx: &Ctx,
) -> Result<Application, ApplicationError> {
    let details = checked(details)?;
    let id = permit.action().application.ok_or(ApplicationError::NotFound)?;
    let mut application = store::find(tx, id).await?.ok_or(ApplicationError::NotFound)?;
    application.name = details.name;
    application.description = details.description;
    application.documentation_url = details.documentation_url;
    application.modules = details.modules;
    application.updated_at = ctx.now;
    if !store::save(tx, &application).await? {
        return Err(ApplicationError::Stale);
    }
    application.version += 1;
    let event = Event::new(Kind::ApplicationChanged, Subject::Application(id)).about(id);
    audit::record(tx, ctx, permit.via(), event.with(described(&application))).await?;
    Ok(application)
}

fn checked_environment(details: EnvironmentDetails) -> Result<EnvironmentDetails, ApplicationError> {
    if !is_code(&details.code) || !(details.group_prefix.is_empty() || is_code(&details.group_prefix)) {
        return Err(ApplicationError::InvalidCode);
    }
    if details.launch_url.as_deref().is_some_and(|url| !text::is_safe_url(url)) {
        return Err(ApplicationError::InvalidUrl("launch_url"));
    }
    let title = text::name(&details.title).map_err(|error| ApplicationError::Text { field: "title", error })?;
    Ok(EnvironmentDetails { title, ..details })
}

/// Adds an environment to the permitted application.
pub async fn create_environment(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    details: EnvironmentDetails,
    ctx: &Ctx,
) -> Result<Environment, ApplicationError> {
    let details = checked_environment(details)?;
    let application = permit.action().application.ok_or(ApplicationError::NotFound)?;
    store::find(tx, application).await?.ok_or(ApplicationError::NotFound)?;
    let environment = Environment {
        id: EnvironmentId(ctx.uuid()),
        application,
        code: details.code,
        title: details.title,
        group_prefix: details.group_prefix,
        launch_url: details.launch_url,
        requires_group: details.requires_group,
        second_factor: details.second_factor,
        created_at: ctx.now,
    };
    environment_store::insert(tx, &environment).await?;
    let event = Event::new(Kind::EnvironmentCreated, Subject::Environment(environment.id)).about(application);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "code": environment.code }))).await?;
    Ok(environment)
}

/// Changes an environment; its code and prefix stay.
pub async fn update_environment(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    id: EnvironmentId,
    details: EnvironmentDetails,
    ctx: &Ctx,
) -> Result<Environment, ApplicationError> {
    let details = checked_environment(details)?;
    let application = permit.action().application;
    let found =
        environment_store::find(tx, id).await?.filter(|environment| Some(environment.application) == application);
    let mut environment = found.ok_or(ApplicationError::NotFound)?;
    let before = environment.second_factor;
    if before != details.second_factor {
        let needed = before.max(details.second_factor);
        strong_enough(permit.actor(), needed, ctx).map_err(ApplicationError::WeakSignIn)?;
    }
    environment.title = details.title;
    environment.launch_url = details.launch_url;
    environment.requires_group = details.requires_group;
    environment.second_factor = details.second_factor;
    if !environment_store::save(tx, &environment).await? {
        return Err(ApplicationError::NotFound);
    }
    let event = Event::new(Kind::EnvironmentChanged, Subject::Environment(id)).about(environment.application);
    let told = json!({
        "requires_group": environment.requires_group,
        "second_factor": { "before": before, "after": environment.second_factor },
    });
    audit::record(tx, ctx, permit.via(), event.with(told)).await?;
    Ok(environment)
}
