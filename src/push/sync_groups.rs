//! Makes one group at a target as it should be, apart from its members.

use serde_json::json;

use super::document::{GROUP, patch};
use super::model::{Held, Kind, Rules};
use super::outcome::Trouble;
use super::remote::Remote;
use super::sync_users::not_there;
use crate::directory::group::model::Group;

/// Makes or renames a group, which is called there as tokens call it: by its code.
pub(super) async fn sync(
    remote: &Remote<'_>,
    rules: &Rules,
    group: &Group,
    held: Option<Held>,
) -> Result<Held, Trouble> {
    if let Some(held) = held {
        if held.digest == group.code {
            return Ok(held);
        }
        let renamed = patch(&[json!({ "op": "replace", "path": "displayName", "value": group.code })]);
        match remote.patch(Kind::Group, &held.remote, &renamed).await {
            Err(Trouble::Missing) => {}
            other => return other.map(|()| Held { digest: group.code.clone(), ..held }),
        }
    }
    let found = remote.find(Kind::Group, ("displayName", &group.code), (&group.id.to_string(), rules.adopt)).await?;
    let remote = match found {
        Some(id) => id,
        None => {
            let resource = json!({ "schemas": [GROUP], "displayName": group.code, "externalId": group.id });
            remote.create(Kind::Group, &resource).await.map_err(not_there)?
        }
    };
    Ok(Held { remote, digest: group.code.clone(), names: "displayName".to_owned() })
}
