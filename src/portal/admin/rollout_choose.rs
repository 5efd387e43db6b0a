//! Granting a module to several organisations at once, proposing them, or declining what was proposed (I72).

use axum::extract::{Path, RawQuery};

use super::plain::{FormPage, Section};
use super::rollout::{Asked, find, scope};
use crate::authority::Permission;
use crate::authority::action::{GrantModule, ProposeModule};
use crate::db::{Tx, transact};
use crate::directory::application::model::Application;
use crate::directory::module::candidates_store::{self as candidates, Candidate, Standing};
use crate::directory::module::error::ModuleError;
use crate::directory::module::model::ModuleKind;
use crate::directory::module::{grant, propose, store};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// How many are offered, and done, at once.
pub(super) const AT_ONCE: usize = 200;

/// What is done with those chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Grant,
    Propose,
    Decline,
}

impl Verb {
    fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Propose => "propose",
            Self::Decline => "decline",
        }
    }
}

/// A form over organisations without access: whoever may grant says whether to grant, propose or decline.
pub(super) fn form(person: &SignedIn, page: Page, module: &Application, found: &[Candidate]) -> FormPage {
    let manages = !scope(person, &[Permission::ModuleManage], module.id).is_empty();
    let verbs = if manages { &[Verb::Grant, Verb::Propose, Verb::Decline][..] } else { &[Verb::Propose] };
    let choices =
        verbs.iter().map(|verb| Choice::new(verb.as_str(), page.t(&format!("rollout-{}", verb.as_str())), ""));
    let verb = Field::select(&page, "verb", "rollout-verb", choices.collect());
    let boxes = found.iter().map(|one| {
        let known = [one.country.as_deref(), one.lei.as_deref(), one.external_id.as_deref()];
        let mut hint = known.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if one.proposed_at.is_some() {
            hint = format!("{} {hint}", page.t("rollout-proposed")).trim_end().to_owned();
        }
        let field = Field::checkbox(&page, &format!("level-{}", one.id), "level-name", false);
        Field { label: one.name.clone(), hint: (!hint.is_empty()).then_some(hint), ..field }
    });
    let boxes: Vec<Field> = boxes.collect();
    let base = format!("/admin/modules/{}", module.id);
    let submit = if boxes.is_empty() { String::new() } else { page.t("rollout-continue") };
    let intro = Some(if boxes.is_empty() { page.t("rollout-none") } else { page.t("rollout-choose-text") });
    let title = Some(page.t("rollout-levels"));
    let sections = if boxes.is_empty() {
        Vec::new()
    } else {
        vec![Section { fields: vec![verb], ..Section::default() }, Section { title, folded: false, fields: boxes }]
    };
    let saving = FormPage::saving(page, &base, format!("{base}/choose"), Vec::new());
    FormPage { intro, sections, submit, ..saving }
}

/// `GET /admin/modules/{application}/choose`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let module = find(tx, &person, &id).await?;
    let mut search = Asked::read(&query).search(&person, module.id);
    if matches!(search.standing, Standing::Any | Standing::With) {
        search.standing = Standing::Without;
    }
    let found = candidates::list(tx, &search, i64::try_from(AT_ONCE).unwrap_or(i64::MAX), 0).await?;
    let page = person.page(Area::Modules, "rollout-choose").titled(module.name.clone());
    Ok(form(&person, page, &module, &found).show())
}

/// `POST /admin/modules/{application}/choose`: each is decided on its own, and one refusal refuses all.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let module = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let chosen: Option<Vec<OrganisationId>> =
        form.starting_with("level-").take(AT_ONCE + 1).map(|(id, _)| id.parse().ok()).collect();
    let chosen = chosen.filter(|chosen| chosen.len() <= AT_ONCE).ok_or(Failure::BadRequest)?;
    let verb = [Verb::Grant, Verb::Propose, Verb::Decline].into_iter().find(|verb| verb.as_str() == form.text("verb"));
    let verb = verb.ok_or(Failure::BadRequest)?;
    let base = format!("/admin/modules/{}", module.id);
    if chosen.is_empty() {
        return Ok(see_other(&format!("{base}?done=rollout-nothing")));
    }
    let made: Result<(), ChangeError> =
        transact!(person.app.db, tx => perform(tx, &person, &module, (verb, &chosen)).await);
    match made {
        Ok(()) => Ok(see_other(&format!("{base}?done=rollout-{}", verb.as_str()))),
        // What this module asks for cannot be answered for many at once.
        Err(ChangeError::Module(
            ModuleError::CoordinatorMissing | ModuleError::Setting { .. } | ModuleError::UnknownClass(_),
        )) => {
            let page = person.page(Area::Modules, "rollout-choose").titled(module.name.clone());
            let warning = Some(page.t("rollout-one-by-one"));
            Ok(FormPage { warning, ..FormPage::telling(page, &base) }.show())
        }
        Err(error) => Err(error.into()),
    }
}

async fn perform(
    tx: &mut Tx,
    person: &SignedIn,
    module: &Application,
    (verb, chosen): (Verb, &[OrganisationId]),
) -> Result<(), ChangeError> {
    let (door, ctx, application) = (&person.app.door, &person.ctx, module.id);
    let granting = |organisation: &OrganisationId| GrantModule {
        organisation: *organisation,
        application,
        coordinators: Vec::new(),
    };
    match verb {
        Verb::Propose => {
            let actions = chosen.iter().map(|one| ProposeModule { organisation: *one, application }).collect();
            let permits = door.authorise_all(tx, ctx, actions).await?;
            propose::propose_all(tx, permits, ctx).await?;
        }
        Verb::Grant => {
            for permit in door.authorise_all(tx, ctx, chosen.iter().map(granting).collect()).await? {
                // What somebody else granted meanwhile stays as it is.
                if store::find(tx, permit.action().organisation, application).await?.is_none() {
                    grant::grant(tx, permit, ModuleKind::Authority.into(), ctx).await?;
                }
            }
        }
        Verb::Decline => {
            for permit in door.authorise_all(tx, ctx, chosen.iter().map(granting).collect()).await? {
                match propose::decline(tx, permit, ctx).await {
                    Ok(()) | Err(ModuleError::NotFound) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(())
}
