//! Where the page Users searches: the level chosen, and the fields that choose it (E36, E38).

use super::query::UserQuery;
use super::tree::{self, Near};
use super::users::READERS;
use crate::db::Tx;
use crate::directory::organisation::store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::fold;
use crate::portal::error::Failure;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Page};

/// How many levels of one name are offered.
const MATCHES: usize = 50;

/// The level of a search.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) chosen: OrganisationId,
    /// Whether that is what was asked for.
    pub(super) found: bool,
    /// Its name.
    pub(super) name: String,
    /// Whether there is more than one level to choose from.
    pub(super) has_several: bool,
    /// What the searcher administers, in one line.
    pub(super) reach: String,
    pub(super) fields: Vec<Field>,
}

impl Places {
    /// The form for somebody new at this level.
    pub(super) fn create_link(&self) -> String {
        format!("/admin/users/new?level={}", self.chosen)
    }
}

/// Finds the level: the one asked for if it may be seen, otherwise the top of what may be (DA-04). Somebody who administers
/// nobody has no such page.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, page: &Page, query: &UserQuery) -> Result<Places, Failure> {
    let asked = tree::chosen_or_top(tx, person, &READERS, query.level).await?.ok_or(Failure::NotFound)?;
    let near = tree::near(tx, person, &READERS, Some(asked)).await?;
    let reach = reach(page, &near);
    let has_several = !near.whole || near.levels.len() > 1;
    let mut levels = near.levels;
    let mut chosen = asked;
    let mut hint = None;
    let mut is_asked = query.level.is_none_or(|level| level == asked);
    if !query.level_name.is_empty() {
        let found = tree::matching(tx, person, &READERS, &query.level_name, MATCHES).await?;
        let wanted = fold(&query.level_name);
        let same = found.iter().find(|level| fold(&level.organisation.name) == wanted).or_else(|| found.first());
        hint = Some(page.count("users-levels-found", found.len() as u64));
        is_asked &= same.is_some();
        if let Some(best) = same {
            let kept = found.iter().any(|level| level.organisation.id == asked);
            chosen = if kept { asked } else { best.organisation.id };
            levels = found;
        }
    }
    let name = store::find(tx, chosen).await?.map(|node| node.name).unwrap_or_default();
    let choices = tree::choices(&levels, Some(chosen));
    let mut fields = vec![Field { hint, ..Field::select(page, "level", "users-select-level", choices).filter() }];
    if !near.whole {
        let field = Field { kind: "search", ..Field::text(page, "level_name", "users-find-level") };
        fields.push(field.filter().value(query.level_name.clone()));
    }
    fields.push(Field::checkbox(page, "sub_levels", "include-sub-levels", query.sub_levels));
    Ok(Places { chosen, found: is_asked, name, has_several, reach, fields })
}

/// `You administer: Bank B and 3 sub-levels`.
fn reach(page: &Page, near: &Near) -> String {
    let tops: Vec<_> = near.levels.iter().filter(|level| level.depth == 0).collect();
    let names = tops.iter().map(|level| level.organisation.name.as_str()).collect::<Vec<_>>().join(", ");
    if !near.whole {
        return page.t1("users-reach-many", "levels", names);
    }
    let below = page.count("scope-below", (near.levels.len() - tops.len()) as u64);
    page.t2("users-reach", ("levels", &names), ("below", &below))
}
