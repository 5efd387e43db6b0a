//! How strongly the people of a level and of all below it have to prove who they are.

use axum::extract::Path;

use super::level::find_own;
use super::level_form::explain;
use super::levels::saved;
use super::plain::FormPage;
use super::second_factor;
use crate::authority::action::UpdateOrganisation;
use crate::db::{self, Tx, transact};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{sign_in_rules as rules, sign_in_rules_store};
use crate::kernel::ids::OrganisationId;
use crate::kernel::strength::Strength;
use crate::portal::error::{ChangeError, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::field::Choice;
use crate::web::{Field, Form, Page};

/// What a level asks for itself, and what those above it do.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    own: Strength,
    above: Strength,
    own_passwords: Option<String>,
    passwords_above: Option<String>,
}

impl Asked {
    /// Reads it.
    pub(super) async fn of(tx: &mut Tx, level: OrganisationId) -> db::Result<Self> {
        let mut asked = Self::default();
        for rules in sign_in_rules_store::list_path(tx, level).await? {
            if rules.organisation == level {
                (asked.own, asked.own_passwords) = (rules.second_factor, rules.password_set);
            } else {
                asked.above = asked.above.max(rules.second_factor);
                // The nearest comes first.
                asked.passwords_above = asked.passwords_above.or(rules.password_set);
            }
        }
        Ok(asked)
    }

    /// What holds for its people, in words. Which level above asks for it is not said: it may be out of sight (D8).
    pub(super) fn text(&self, page: &Page) -> String {
        let word = second_factor::word(page, self.own.max(self.above));
        if self.above > self.own { page.t1("second-factor-from-above", "asked", word) } else { word }
    }
}

/// Whether the reader may choose rules for passwords, and there are any.
fn chooses_passwords(person: &SignedIn) -> bool {
    !person.app.passwords.named.is_empty() && rules::may_choose_passwords(&person.authority, &person.ctx)
}

/// The rules of the profile by their codes, and those of the level above.
fn passwords(page: &Page, person: &SignedIn, asked: &Asked) -> Field {
    let present = asked.own_passwords.clone().unwrap_or_default();
    let above = match &asked.passwords_above {
        Some(set) => page.t1("password-set-above", "set", set),
        None => page.t("password-set-standard"),
    };
    let mut choices = vec![Choice::new("", above, &present)];
    choices.extend(person.app.passwords.named.keys().map(|code| Choice::new(code, code, &present)));
    // One that the profile had once stays until somebody chooses another one.
    if !present.is_empty() && !person.app.passwords.named.contains_key(&present) {
        choices.push(Choice::new(&present, &present, &present));
    }
    let field = Field::select(page, "passwords", "password-set", choices);
    Field { required: false, ..field }.hint(page, "password-set-hint")
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Levels, "level-sign-in-title");
    page.has_errors = !errors.is_empty();
    let asked = Asked::of(tx, level.id).await?;
    let mut fields = vec![second_factor::field(&page, "second-factor-level-hint", asked.own)];
    if chooses_passwords(person) {
        fields.push(passwords(&page, person, &asked));
    }
    errors.fill(&mut fields, form);
    let base = format!("/admin/levels/{}", level.id);
    let intro = Some(page.t1("level-sign-in-text", "level", &level.name));
    let from_above = (asked.above > Strength::Any).then(|| {
        let word = second_factor::word(&page, asked.above);
        page.t1("second-factor-from-above", "asked", word)
    });
    let points = from_above.into_iter().collect();
    Ok(FormPage { intro, points, ..FormPage::saving(page, &base, format!("{base}/sign-in"), fields) }.show())
}

/// `GET /admin/levels/{id}/sign-in`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    show(tx, &person, &level, (&Errors::default(), None)).await
}

/// `POST /admin/levels/{id}/sign-in`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    let page = person.page(Area::Levels, "level-sign-in-title");
    let asked = match second_factor::read(&page, &form, Asked::of(tx, level.id).await?.own) {
        Ok(asked) => asked,
        Err(errors) => return show(tx, &person, &level, (&errors, Some(&form))).await,
    };
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = UpdateOrganisation { organisation: level.id };
        let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
        rules::ask(tx, permit, asked, &person.ctx).await?;
        if let Some(set) = form.has("passwords").then(|| form.given("passwords")) {
            let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
            rules::choose_passwords(tx, permit, (set, &person.app.passwords), &person.ctx).await?;
        }
        Ok(())
    });
    match made {
        Ok(()) => Ok(saved(&person, level.id)),
        Err(ChangeError::Organisation(error)) => match explain(&page, &error) {
            Some(errors) => show(tx, &person, &level, (&errors, Some(&form))).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}
