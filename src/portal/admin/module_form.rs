//! The fields of a module access: drawn, read, and what can be wrong with them.

use std::collections::BTreeSet;

use super::plain::Section;
use super::{module_terms, tree};
use crate::authority::Permission;
use crate::db::{self, Tx};
use crate::directory::application::model::Application;
use crate::directory::module::error::ModuleError;
use crate::directory::module::model::{Coordinators, MAX_COORDINATORS, ModuleAccess, ModuleKind, ModuleStatus};
use crate::directory::module::terms::{Catalogue, Terms};
use crate::directory::module::{catalogue_store, store};
use crate::directory::names_store;
use crate::kernel::ids::OrganisationId;
use crate::portal::error::Failure;
use crate::portal::form::Errors;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form, Page};

/// How many coordinators are offered.
const OFFERED: i64 = 200;

const PREFIX: &str = "coordinator-";

/// Kind, coordinators and what the module asks for, new or as it is; the kind of what is active cannot be chosen (I57).
pub(super) async fn sections(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    (application, organisation): (&Application, OrganisationId),
    stored: Option<&ModuleAccess>,
    (errors, form): (&Errors, Option<&Form>),
) -> db::Result<Vec<Section>> {
    let present = stored.map_or(ModuleKind::Authority, |access| access.terms.kind);
    let fixed = stored.is_some_and(|access| access.status == ModuleStatus::Active);
    let offered = ModuleKind::ALL.into_iter().filter(|kind| !fixed || *kind == present);
    let choices = offered.map(|kind| Choice::new(kind.as_str(), kind_text(page, kind), present.as_str())).collect();
    let hint = if fixed { "module-kind-fixed" } else { "module-kind-hint" };
    let mut kind = vec![Field::select(page, "kind", "module-kind", choices).hint(page, hint)];
    errors.fill(&mut kind, form);
    let mut sections = vec![Section { fields: kind, ..Section::default() }];
    if application.modules.coordinators != Coordinators::Forbidden {
        let named: BTreeSet<OrganisationId> = stored.iter().flat_map(|a| a.coordinators.iter().copied()).collect();
        let scope = tree::scope(person, &[Permission::OrganisationRead]);
        let mut offered = store::list_coordinators(tx, application.id, &scope, OFFERED).await?;
        // Those named already are shown, also where they are suspended or beyond the first ones: nobody is dropped unseen.
        let missing = named.iter().filter(|id| !offered.iter().any(|(known, _)| known == *id)).map(|id| id.0).collect();
        let missing = names_store::list_organisations(tx, &scope, &missing).await?;
        offered.extend(missing.into_iter().map(|(id, name)| (OrganisationId(id), name)));
        let boxes = offered.into_iter().filter(|(id, _)| *id != organisation).map(|(id, name)| {
            let field = Field::checkbox(page, &format!("{PREFIX}{id}"), "module-coordinators", named.contains(&id));
            Field { label: name, ..field }
        });
        let mut fields: Vec<Field> = boxes.collect();
        errors.fill(&mut fields, form);
        let title = if fields.is_empty() { "module-no-coordinators" } else { "module-coordinators" };
        sections.push(Section { title: Some(page.t(title)), folded: false, fields });
    }
    let catalogue = catalogue_store::find(tx, application.id).await?;
    sections.extend(module_terms::sections(page, &catalogue, stored.map(|access| &access.terms), (errors, form)));
    Ok(sections)
}

/// What was sent: what is agreed, and the coordinators that are ticked.
pub(super) fn read(form: &Form, catalogue: &Catalogue) -> Result<(Terms, Vec<OrganisationId>), Failure> {
    let kind = ModuleKind::parse(form.text("kind")).ok_or(Failure::BadRequest)?;
    let named: Option<Vec<OrganisationId>> =
        form.starting_with(PREFIX).take(MAX_COORDINATORS + 1).map(|(id, _)| id.parse().ok()).collect();
    let named = named.filter(|named| named.len() <= MAX_COORDINATORS).ok_or(Failure::BadRequest)?;
    let (classification, settings) = module_terms::read(form, catalogue);
    Ok((Terms { kind, classification, settings }, named))
}

/// What the form can say about a refused change.
pub(super) fn explain(page: &Page, error: &ModuleError, catalogue: &Catalogue) -> Option<Errors> {
    let key = match error {
        ModuleError::KindWhileActive => "module-kind-fixed",
        ModuleError::Named => "module-named",
        ModuleError::CoordinatorMissing => "module-coordinator-missing",
        ModuleError::CoordinatorForbidden => "module-coordinator-forbidden",
        ModuleError::NotCoordinator => "module-coordinator-wrong",
        ModuleError::UnknownClass(_) | ModuleError::Setting { .. } => {
            return module_terms::explain(page, error, catalogue);
        }
        ModuleError::NotAsked
        | ModuleError::AlreadyGranted
        | ModuleError::NotFound
        | ModuleError::AlreadyProposed
        | ModuleError::AlreadyActive
        | ModuleError::AlreadySuspended
        | ModuleError::TooManyCoordinators
        | ModuleError::Stale
        | ModuleError::Db(_) => return None,
    };
    Some(Errors::one("kind", page.t(key)))
}

/// The kind in words.
pub(super) fn kind_text(page: &Page, kind: ModuleKind) -> String {
    page.t(&format!("module-kind-{}", kind.as_str()))
}

/// Kind and text of the badge of a status.
pub(super) fn badge(page: &Page, status: ModuleStatus) -> (&'static str, String) {
    match status {
        ModuleStatus::Active => ("active", page.t("status-active")),
        ModuleStatus::Suspended => ("blocked", page.t("module-suspended")),
    }
}
