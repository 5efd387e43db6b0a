//! Official identifiers that are registered already (I09). An authority is registered once: the identifier of an organisation
//! out of the asker's sight is refused as well. That is the one thing they are told of it; each time is audited, and few are told
//! in an hour, as of addresses (`decisions.md` 2).

use std::time::Duration;

use serde_json::json;

use super::describe::model::Description;
use super::describe::store as descriptions;
use super::model::{Organisation, OrganisationDetails};
use super::{search_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Scope;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::OrganisationId;

/// How often in an hour somebody is told of an organisation out of their sight.
pub const MAX_IN_AN_HOUR: i64 = 30;

const WINDOW: Duration = Duration::from_hours(1);

/// Whether the identifiers can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody else has one of them.
    Free,
    /// An organisation that the asker sees has one.
    Seen(Box<Organisation>),
    /// Another one has. The event is in the transaction, which is therefore to be committed.
    Hidden,
    /// The asker was told too often; they are not told whether these are free.
    TooMany,
}

/// Looks for another holder of the identifiers than `own`; `sight` is what the asker sees.
pub async fn check(
    tx: &mut Tx,
    sight: &Scope,
    (details, said): (&OrganisationDetails, &Description),
    own: Option<OrganisationId>,
    ctx: &Ctx,
) -> db::Result<Verdict> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    // Counted before anything is compared: whoever was told too often learns nothing from being told so.
    let asker = ctx.actor.and_then(Subject::of);
    if let Some(asker) = asker {
        let since = ctx.now.minus(WINDOW);
        let told = audit::store::count_of_kind(tx, asker.parts().1, Kind::IdentifierConflict, since).await?;
        let asks =
            given(&details.lei).is_some() || given(&details.external_id).is_some() || !said.identifiers.is_empty();
        if asks && told >= MAX_IN_AN_HOUR {
            return Ok(Verdict::TooMany);
        }
    }
    let mut holders = Vec::new();
    if let Some(lei) = given(&details.lei) {
        holders.extend(store::find_by_lei(tx, &lei.to_uppercase()).await?.map(|found| found.id));
    }
    if let Some(key) = given(&details.external_id) {
        holders.extend(store::find_by_external_id(tx, &key).await?.map(|found| found.id));
    }
    for (scheme, value) in &said.identifiers {
        holders.extend(descriptions::find_by_identifier(tx, scheme, value).await?);
    }
    let Some(holder) = holders.into_iter().find(|holder| Some(*holder) != own) else { return Ok(Verdict::Free) };
    if let Some(seen) = search_store::list_within(tx, sight, &[holder]).await?.pop() {
        return Ok(Verdict::Seen(Box::new(seen)));
    }
    let Some(asker) = asker else { return Ok(Verdict::Hidden) };
    let event = Event::new(Kind::IdentifierConflict, asker).with(json!({ "organisation": holder }));
    audit::record(tx, ctx, None, event).await?;
    Ok(Verdict::Hidden)
}
