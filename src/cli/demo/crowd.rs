//! Further organisations and people, for a demo of the size of an institution.

use serde_json::Map;

use super::super::CliError;
use crate::authority::action::{CreateOrganisation, CreateUser};
use crate::db::{Tx, transact};
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::organisation::store;
use crate::directory::user::create::create_many;
use crate::directory::user::model::NewUser;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::web::App;

/// How many are made in one transaction.
const BATCH: usize = 2_000;

/// Every organisation of the crowd has this many right below it at most, so that subtrees are of all sizes.
const FANOUT: usize = 20;

/// Makes `organisations` in a tree below the root, and `users` spread over them.
pub(super) async fn add(app: &App, users: usize, organisations: usize) -> Result<(), CliError> {
    let root = store::find_root(&mut app.db.reader().await?)
        .await?
        .ok_or_else(|| CliError::missing("organisation", "(root)"))?
        .id;
    let mut places = Vec::with_capacity(organisations);
    while places.len() < organisations {
        let ctx = app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console);
        let end = organisations.min(places.len() + BATCH);
        let made: Result<Vec<OrganisationId>, CliError> = transact!(app.db, tx => {
            let mut all = places.clone();
            for n in all.len()..end {
                let parent = n.checked_sub(FANOUT).and_then(|_| all.get(n / FANOUT - 1).copied()).unwrap_or(root);
                all.push(organisation(tx, app, &ctx, parent, n).await?);
            }
            Ok(all)
        });
        places = made?;
    }
    if places.is_empty() {
        places.push(root);
    }
    fill(app, &places, users).await
}

/// Spreads people over the organisations, one after the other; a few thousand in one transaction.
async fn fill(app: &App, places: &[OrganisationId], users: usize) -> Result<(), CliError> {
    let (each, over) = (users / places.len(), users % places.len());
    let shares: Vec<(OrganisationId, usize)> =
        places.iter().enumerate().map(|(at, place)| (*place, each + usize::from(at < over))).collect();
    let mut first = 0;
    for part in shares.chunks((BATCH / (each + 1)).max(1)) {
        let ctx = app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console);
        let made: Result<usize, CliError> = transact!(app.db, tx => {
            let mut next = first;
            for (home, share) in part {
                people(tx, app, &ctx, *home, next..next + share).await?;
                next += share;
            }
            Ok(next)
        });
        first = made?;
    }
    Ok(())
}

async fn organisation(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    parent: OrganisationId,
    n: usize,
) -> Result<OrganisationId, CliError> {
    let permit =
        app.door.authorise(tx, ctx, CreateOrganisation { parent: Some(parent) }).await.map_err(CliError::refused)?;
    let details = OrganisationDetails { name: format!("Credit Institution {n:05}"), ..OrganisationDetails::default() };
    Ok(create_organisation(tx, permit, details, ctx).await.map_err(CliError::refused)?.id)
}

async fn people(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    home: OrganisationId,
    numbers: std::ops::Range<usize>,
) -> Result<(), CliError> {
    let wanted = vec![CreateUser { organisation: home }; numbers.len()];
    let permits = app.door.authorise_all(tx, ctx, wanted).await.map_err(CliError::refused)?;
    let people = numbers.map(person).collect::<Result<Vec<_>, _>>()?;
    create_many(tx, permits, people, ctx).await.map_err(CliError::refused).map(drop)
}

fn person(n: usize) -> Result<NewUser, CliError> {
    const GIVEN: [&str; 8] = ["Ada", "Ben", "Carla", "David", "Elsa", "Franz", "Gina", "Hugo"];
    const FAMILY: [&str; 7] = ["Adler", "Bauer", "Conti", "Dubois", "Ek", "Fischer", "Garcia"];
    let pick = |names: &[&str]| names.get(n % names.len()).copied().unwrap_or_default().to_owned();
    Ok(NewUser {
        user_name: None,
        email: Some(format!("person{n}@crowd.example").parse().map_err(CliError::refused)?),
        phone: None,
        given_name: pick(&GIVEN),
        family_name: format!("{} {n}", pick(&FAMILY)),
        company_id: None,
        subsidiary: None,
        locale: None,
        account_expires_at: None,
        active: true,
        scim: Map::new(),
    })
}
