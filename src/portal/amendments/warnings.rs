//! What whoever answers a request has to think about before.

use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::directory::amendment::model::{Amendment, Checked, Document};
use crate::directory::amendment::sheet::Sheet;
use crate::directory::names_store;
use crate::kernel::ids::PrincipalId;
use crate::portal::error::Failure;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// Values that somebody else has changed meanwhile, an asker who has lost the role, documents that nobody has found to be clean.
pub(super) async fn warnings(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    about: &Amendment,
    (present, attached): (&Sheet, &[Document]),
) -> Result<Vec<String>, Failure> {
    let mut keys = Vec::new();
    if !present.moved_on(&about.changes).is_empty() {
        keys.push("amendment-moved-on");
    }
    let now = person.ctx.now;
    let held = person.app.door.authority_of(tx, PrincipalId::Person(about.asked_by), now).await?;
    let represented = Scope::of(&held, &[Permission::OrganisationRequestChange], now);
    if names_store::list_inside(tx, &represented, &[about.organisation].into()).await?.is_empty() {
        keys.push("amendment-asker-left");
    }
    let states = [
        (Checked::Waiting, "amendment-waiting"),
        (Checked::Infected, "amendment-infected"),
        (Checked::Unchecked, "amendment-unchecked"),
    ];
    keys.extend(
        states.iter().filter(|(state, _)| attached.iter().any(|one| one.checked == *state)).map(|(_, key)| *key),
    );
    Ok(keys.into_iter().map(|key| page.t(key)).collect())
}
