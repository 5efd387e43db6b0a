//! Making a token for scripts: a name, what it may do, where, for which applications, for how long.

use std::time::Duration;

use crate::authority::action::IssueToken;
use crate::authority::{Applications, Permission, scopes};
use crate::db::{Tx, transact};
use crate::directory::application;
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::limits::{Detail, DetailKind};
use crate::portal::account::security::fresh;
use crate::portal::account::tokens::{self, word};
use crate::portal::admin::plain::{FormPage, Section};
use crate::portal::admin::tree;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::tokens::delegated::{self, MAX_NAME, NewToken, TokenError};
use crate::web::{Choice, Field, Form, Page};

const DAY: Duration = Duration::from_hours(24);
/// How many days are offered, as far as the profile allows them.
const OFFERED: [u64; 5] = [1, 7, 30, 90, 365];

const ACTION: &str = "action-";
const APPLICATION: &str = "application-";

/// `GET /tokens/new`
pub(super) async fn get(person: SignedIn) -> PageResult {
    draw(&person, &Errors::default(), None).await
}

/// What others may do in one's name is given out only a moment after both factors were proved (AU-14).
async fn draw(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    if !person.lends() {
        return Err(Failure::Forbidden);
    }
    fresh(person)?;
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Account, "tokens-new");
    page.has_errors = !errors.is_empty();
    let sections = sections(tx, person, &page, (errors, form)).await?;
    let intro = Some(page.t("tokens-text"));
    let submit = page.t("tokens-new");
    let plain = FormPage::saving(page, "/tokens", "/tokens/new".to_owned(), Vec::new());
    Ok(FormPage { intro, sections, submit, ..plain }.show())
}

async fn sections(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (errors, form): (&Errors, Option<&Form>),
) -> Result<Vec<Section>, Failure> {
    let longest = person.app.delegated_token.as_secs() / DAY.as_secs();
    let days = OFFERED.into_iter().filter(|days| *days <= longest);
    let days = days.map(|days| Choice::new(days.to_string(), page.count("tokens-days", days), "7")).collect();
    let name = Field { max: MAX_NAME, ..Field::text(page, "name", "tokens-name") };
    let first = vec![name, Field::select(page, "days", "tokens-lasts", days)];
    let held = scopes::actions().filter(|action| scopes::is_held(&person.authority, action, person.ctx.now));
    let action = |action: &str| {
        let field = Field::checkbox(page, &format!("{ACTION}{}", action.replace(':', "-")), "tokens-actions", false);
        Field { label: word(page, action), ..field }
    };
    let actions: Vec<Field> = held.map(action).collect();
    let seen = [Permission::UserRead, Permission::MembershipAssign, Permission::OrganisationRead];
    let near = tree::near(tx, person, &seen, form.and_then(|form| form.text("level").parse().ok())).await?;
    let mut levels = vec![Choice::new("", page.t("tokens-level-all"), "")];
    levels.extend(tree::choices(&near.levels, None));
    let level = Field { required: false, ..Field::select(page, "level", "tokens-level", levels) };
    let place = vec![level, Field::checkbox(page, "below", "include-sub-levels", true)];
    let applications = applications(tx, person, page).await?;
    let titled = |title: &str, fields| Section { title: Some(page.t(title)), folded: false, fields };
    let mut sections = vec![
        Section { fields: first, ..Section::default() },
        titled("tokens-actions", actions),
        titled("tokens-where", place),
    ];
    if !applications.is_empty() {
        sections.push(titled("tokens-applications", applications));
    }
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    Ok(sections)
}

/// A box for each application to which the person gives access or whose roles they give; none if that is every one.
async fn applications(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Vec<Field>, Failure> {
    let held = person.authority.live(person.ctx.now).filter_map(|assignment| match &assignment.applications {
        Applications::All => None,
        Applications::Only(some) => Some(some),
    });
    let held: std::collections::BTreeSet<ApplicationId> = held.flatten().copied().collect();
    let all = application::store::list(tx).await?;
    let boxes = all.into_iter().filter(|application| held.contains(&application.id)).map(|application| {
        let field = Field::checkbox(page, &format!("{APPLICATION}{}", application.id), "tokens-applications", false);
        Field { label: application.name, ..field }
    });
    Ok(boxes.collect())
}

/// `POST /tokens/new`
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    fresh(&person)?;
    let page = person.page(Area::Account, "tokens-new");
    let actions = scopes::actions().filter(|action| form.has(&format!("{ACTION}{}", action.replace(':', "-"))));
    let actions: Vec<String> = actions.map(str::to_owned).collect();
    if actions.is_empty() {
        let first = scopes::actions().find(|action| scopes::is_held(&person.authority, action, person.ctx.now));
        let field = format!("{ACTION}{}", first.unwrap_or_default().replace(':', "-"));
        return draw(&person, &Errors::one(&field, page.t("tokens-no-action")), Some(&form)).await;
    }
    let level: Option<OrganisationId> =
        form.given("level").map(str::parse).transpose().map_err(|_| Failure::BadRequest)?;
    let named: Option<Vec<ApplicationId>> = form.starting_with(APPLICATION).map(|(id, _)| id.parse().ok()).collect();
    let named = named.ok_or(Failure::BadRequest)?;
    let days: u64 = form.text("days").parse().map_err(|_| Failure::BadRequest)?;
    let detail = Detail {
        kind: DetailKind::DelegatedAdministration,
        actions,
        levels: level.map(|level| vec![level]),
        include_sub_levels: form.has("below"),
        applications: (!named.is_empty()).then_some(named),
    };
    let lasts = Duration::from_secs(days.saturating_mul(DAY.as_secs()));
    let new = NewToken { name: form.text("name").to_owned(), details: vec![detail], lasts };
    let made: Result<_, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, IssueToken {}).await?;
        Ok(delegated::issue(tx, permit, &new, person.app.delegated_token, &person.ctx).await?)
    });
    let errors = match made {
        Ok((_, secret)) => return tokens::show(&person, Some(secret.reveal().to_owned())).await,
        Err(ChangeError::Token(TokenError::Name(error))) => Errors::one("name", describe(&page, "tokens-name", error)),
        Err(ChangeError::Token(TokenError::Nothing)) => Errors::one("level", page.t("tokens-nothing")),
        Err(ChangeError::Token(TokenError::TooMany)) => Errors::one("name", page.t("tokens-too-many")),
        Err(error) => return Err(error.into()),
    };
    draw(&person, &errors, Some(&form)).await
}
