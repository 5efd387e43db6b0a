//! Makes one person at a target as they should be.

use super::desired::Desired;
use super::document::Document;
use super::model::{Held, Kind, Rules, Update};
use super::outcome::Trouble;
use super::remote::Remote;

/// Brings, changes, deactivates or deletes somebody; what the target holds then. Done again after it was done, it does nothing; after a
/// lost answer, it finds what it made.
pub(super) async fn sync(
    remote: &Remote<'_>,
    rules: &Rules,
    desired: &Desired,
    held: Option<Held>,
) -> Result<Option<Held>, Trouble> {
    let (document, held) = match (desired.document(), held) {
        (None, None) => return Ok(None),
        (None, Some(held)) => {
            remote.delete(Kind::User, &held.remote).await?;
            return Ok(None);
        }
        (Some(document), Some(held)) if held.digest == document.digest() => {
            return Ok(Some(held));
        }
        (Some(document), held) => (document, held),
    };
    if let Some(held) = held {
        match change(remote, rules, document, &held).await {
            // Somebody deleted it there.
            Err(Trouble::Missing) => {}
            other => return other.map(Some),
        }
    }
    if !desired.is_to_be_made() {
        return Ok(None);
    }
    bring(remote, rules, document).await.map(Some)
}

async fn change(remote: &Remote<'_>, rules: &Rules, document: &Document, held: &Held) -> Result<Held, Trouble> {
    match rules.update {
        Update::Patch => remote.patch(Kind::User, &held.remote, &document.patch(&held.names)).await?,
        Update::Put => remote.replace(Kind::User, &held.remote, &document.whole()).await?,
    }
    Ok(Held { remote: held.remote.clone(), digest: document.digest(), names: document.names(&held.names) })
}

/// Somebody with this name may be there already: made by a request whose answer was lost, say.
async fn bring(remote: &Remote<'_>, rules: &Rules, document: &Document) -> Result<Held, Trouble> {
    let name = ("userName", document.user_name());
    if let Some(id) = remote.find(Kind::User, name, (document.external_id(), rules.adopt)).await? {
        let held = Held { remote: id, digest: String::new(), names: String::new() };
        return change(remote, rules, document, &held).await;
    }
    let id = remote.create(Kind::User, &document.whole()).await.map_err(not_there)?;
    Ok(Held { remote: id, digest: document.digest(), names: document.names("") })
}

/// Where nothing can be made there is no SCIM server.
pub(super) fn not_there(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Missing => Trouble::Later("HTTP 404".to_owned(), None),
        other => other,
    }
}
