//! Trying out a service: a provisioning cycle on somebody who is nobody, by its own right.

use axum::extract::{Path, State};

use super::clients::find;
use super::plain::{Cell, Table, TablePage};
use crate::authority::action::ManageClient;
use crate::directory::client::model::ClientKind;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::self_test::{Outcome, Step, Unready};
use crate::web::{Form, Page};

impl From<Unready> for Failure {
    fn from(error: Unready) -> Self {
        Self::Internal(std::sync::Arc::new(error))
    }
}

/// `POST /admin/clients/{id}/self-test`: tries it out, and tells step by step what became of it.
pub(super) async fn post(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> PageResult {
    let client = {
        let tx = &mut person.app.db.reader().await?;
        let client = find(tx, &person, &id).await?;
        person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        client
    };
    if client.kind != ClientKind::Machine {
        return Err(Failure::NotFound);
    }
    let (back, name) = ((format!("/admin/clients/{}", client.id), client.name.clone()), client.name.clone());
    let steps = portal.self_test.run(client, person.ctx.clone()).await?;
    let page = person.page(Area::Clients, "self-test-title");
    let failed = steps.iter().filter(|step| step.outcome == Outcome::Failed).count();
    let lead = if failed == 0 { page.t("self-test-passed") } else { page.count("self-test-failed", failed as u64) };
    let rows = steps.into_iter().map(|step| row(&page, step)).collect();
    let columns = ["self-test-step", "self-test-outcome", "request-what", "request-status", "self-test-said"];
    let table = Table::new(&page, page.t1("self-test-caption", "client", &name), &columns, rows);
    Ok(TablePage { back: Some(back), lead: Some(lead), ..TablePage::new(page, table) }.show())
}

fn row(page: &Page, step: Step) -> Vec<Cell> {
    let kind = match step.outcome {
        Outcome::Passed => "active",
        Outcome::Failed => "blocked",
        Outcome::Skipped => "new",
    };
    vec![
        Cell::text(page.t(&format!("self-test-{}", step.name))),
        Cell::badge(page.t(&format!("self-test-is-{}", step.outcome.as_str())), kind),
        Cell::code(step.request),
        Cell::text(step.status.map(|status| status.to_string()).unwrap_or_default()),
        Cell::text(step.said.unwrap_or_default()),
    ]
}
