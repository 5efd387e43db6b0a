//! Tokens that people make for their scripts.

use chamberlain::authority::action::IssueToken;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::limits::{Detail, DetailKind};
use chamberlain::tokens::delegated::{self, NewToken};
use chamberlain::transact;

use super::{Bank, Failure, failure};

/// A token of somebody for some of what they may do, at a level and below if one is given.
pub async fn script_token(
    bank: &Bank,
    of: UserId,
    actions: &[&str],
    level: Option<OrganisationId>,
) -> Result<String, Failure> {
    let world = &bank.world;
    let known = chamberlain::directory::user::store::find(&mut world.db.reader().await?, of).await?;
    if known.is_some_and(|known| known.activated_at.is_none()) {
        bank.activate(of).await;
    }
    let ctx = world.ctx_of(PrincipalId::Person(of));
    let detail = Detail {
        kind: DetailKind::DelegatedAdministration,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        levels: level.map(|level| vec![level]),
        include_sub_levels: level.is_some(),
        applications: None,
    };
    let day = std::time::Duration::from_hours(24);
    let new = NewToken { name: "Script".to_owned(), details: vec![detail], lasts: day };
    let made: Result<_, Failure> = transact!(world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, IssueToken {}).await?;
        delegated::issue(tx, permit, &new, day, &ctx).await.map_err(failure)
    });
    made.map(|(_, secret)| secret.reveal().to_owned())
}
