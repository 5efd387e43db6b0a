//! The stream that a client has set up for itself (SSF 1.0): seen, paused and deleted by operators.

use axum::extract::Path;

use super::client::back;
use super::clients::find;
use super::plain::FormPage;
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::client::model::Client;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::signals::model::event_word;
use crate::signals::stream::manage::{self, StreamError};
use crate::signals::stream::model::{Method, Status, Stream};
use crate::signals::stream::store;
use crate::web::{Form, Page};

/// A stream on the page of its client.
#[derive(Debug)]
pub(super) struct Shown {
    /// What is to be known of it.
    pub(super) facts: Vec<(String, String)>,
    /// Whether it delivers, so that it can be paused; otherwise it can go on.
    pub(super) enabled: bool,
}

/// The stream of a client, if it has one.
pub(super) async fn shown(tx: &mut Tx, page: &Page, client: &Client) -> Result<Option<Shown>, Failure> {
    Ok(store::find(tx, client.id).await?.map(|stream| show(page, client, &stream)))
}

/// Never with the header that its client gave.
fn show(page: &Page, client: &Client, stream: &Stream) -> Shown {
    let delivery = match (stream.method, &stream.endpoint) {
        (Method::Push, Some(endpoint)) => page.t1("stream-push", "address", endpoint),
        _ => page.t("stream-poll"),
    };
    let names: Vec<_> =
        stream.delivered(client.kind).into_iter().map(|uri| page.t(&format!("signal-{}", event_word(uri)))).collect();
    let mut facts = vec![
        (page.t("stream-status"), page.t(&format!("stream-{}", stream.status.as_str()))),
        (page.t("stream-delivery"), delivery),
        (page.t("stream-events"), names.join(", ")),
        (page.t("user-created"), moment(stream.created_at)),
        (page.t("user-last-modified"), moment(stream.updated_at)),
    ];
    let said = [("stream-reason", &stream.reason), ("stream-description", &stream.description)];
    facts.extend(said.into_iter().filter_map(|(label, text)| Some((page.t(label), text.clone()?))));
    Shown { facts, enabled: stream.status == Status::Enabled }
}

/// `GET /admin/clients/{id}/stream`: what deleting it means, before it happens.
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    store::find(tx, client.id).await?.ok_or(Failure::NotFound)?;
    let page = person.page(Area::Clients, "stream-delete-title");
    let intro = Some(page.t1("stream-delete-text", "name", &client.name));
    let base = format!("/admin/clients/{}", client.id);
    let hidden = vec![("do".to_owned(), "delete".to_owned())];
    let form = FormPage::asking(page, &base, format!("{base}/stream"), "stream-delete");
    Ok(FormPage { hidden, intro, ..form }.show())
}

/// `POST /admin/clients/{id}/stream`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let client = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let word = form.text("do");
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        match word {
            "pause" => drop(manage::set_status_by_operator(tx, permit, (Status::Paused, None), &person.ctx).await?),
            "enable" => drop(manage::set_status_by_operator(tx, permit, (Status::Enabled, None), &person.ctx).await?),
            "delete" => manage::delete_by_operator(tx, permit, &person.ctx).await?,
            _ => return Err(ChangeError::Unknown),
        }
        Ok(())
    });
    done?;
    Ok(back(&person, client.id))
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::NotFound => Self::NotFound,
            StreamError::Exists | StreamError::Disabled | StreamError::TooManySubjects | StreamError::TooSoon(_) => {
                Self::Conflict
            }
            StreamError::Seal(error) => Self::Internal(std::sync::Arc::new(error)),
            StreamError::Db(error) => error.into(),
        }
    }
}
