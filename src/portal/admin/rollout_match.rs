//! A list of organisations from elsewhere against those that are there (I73): who holds the module, who is registered and may get it,
//! who has to be registered first.

use std::collections::BTreeSet;

use axum::extract::Path;

use super::plain::FormPage;
use super::rollout::{MAY, find, scope};
use super::rollout_choose::{AT_ONCE, form as choose};
use crate::authority::Permission;
use crate::directory::module::candidates_store::{self as candidates, Candidate};
use crate::kernel::text::fold;
use crate::portal::error::PageResult;
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form, Page};

fn field(page: &Page) -> Field {
    Field { max: 40_000, ..Field::lines(page, "list", "rollout-list") }.hint(page, "rollout-list-hint")
}

/// `GET /admin/modules/{application}/match`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let module = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Modules, "rollout-match");
    let base = format!("/admin/modules/{}", module.id);
    let submit = page.t("rollout-compare");
    let fields = vec![field(&page)];
    let shown = FormPage::saving(page, &base, format!("{base}/match"), fields);
    Ok(FormPage { intro: Some(module.name), submit, ..shown }.show())
}

/// `POST /admin/modules/{application}/match`: changes nothing; whoever has no access yet can be chosen from what it shows.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let module = find(tx, &person, &id).await?;
    let mut page = person.page(Area::Modules, "rollout-match");
    let base = format!("/admin/modules/{}", module.id);
    let lines: Vec<&str> = form.text("list").lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > AT_ONCE || lines.iter().any(|line| line.chars().count() > 200) {
        page.has_errors = true;
        let errors = Errors::one("list", page.t("rollout-list-wrong"));
        let mut fields = vec![field(&page)];
        errors.fill(&mut fields, Some(&form));
        let submit = page.t("rollout-compare");
        let shown = FormPage::saving(page, &base, format!("{base}/match"), fields);
        return Ok(FormPage { intro: Some(module.name), submit, ..shown }.show());
    }
    let texts: BTreeSet<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let scope = scope(&person, &MAY, module.id);
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let found = candidates::list_named(tx, (&scope, module.id), &texts, limit).await?;
    let (held, open): (Vec<Candidate>, Vec<Candidate>) = found.into_iter().partition(|one| one.access.is_some());
    let mut points: Vec<String> = held.iter().map(|one| page.t1("rollout-held", "level", &one.name)).collect();
    let unknown = texts.iter().filter(|text| !held.iter().chain(&open).any(|one| is_called(one, text)));
    points.extend(unknown.map(|text| page.t1("rollout-unknown", "name", text)));
    // Registered by oneself or invited (I73).
    let end = person
        .may(Permission::OrganisationCreate)
        .then(|| ("/admin/levels/register".to_owned(), page.t("register-title")));
    let page = page.titled(module.name.clone());
    let shown = choose(&person, page, &module, &open);
    Ok(FormPage { points, end, back: (format!("{base}/match"), shown.back.1.clone()), ..shown }.show())
}

/// The same comparison as the statement's.
fn is_called(one: &Candidate, text: &str) -> bool {
    fold(&one.name) == fold(text)
        || one.lei.as_deref() == Some(&text.to_uppercase())
        || one.external_id.as_deref() == Some(text)
}
