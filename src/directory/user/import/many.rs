//! The people of many rows at once, in few statements, and each as if they came alone: who is there already is left, a name that is
//! taken refuses its row only.

use std::collections::{BTreeMap, BTreeSet};

use super::Outcome;
use super::brought::{self, Brought};
use super::row::is_same;
use crate::authority::Permit;
use crate::authority::action::CreateUser;
use crate::db::{self, Tx};
use crate::directory::organisation::people_store;
use crate::directory::user::create::{self, Told};
use crate::directory::user::error::UserError;
use crate::directory::user::model::{NewUser, User};
use crate::directory::user::store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text::{EmailAddress, fold};
use crate::kernel::user_names::UserNames;

/// One of many.
#[derive(Debug)]
pub struct Wanted {
    /// Who is to be there.
    pub new: NewUser,
    /// Whether the row says how the switch is.
    pub says_active: bool,
    /// The id that they keep.
    pub id: Option<UserId>,
    /// What they bring along.
    pub brought: Option<Brought>,
}

/// The same, with that they may be created, and where.
struct One {
    permit: Permit<CreateUser>,
    new: NewUser,
    says_active: bool,
    id: Option<UserId>,
    brought: Option<Brought>,
}

impl One {
    fn organisation(&self) -> OrganisationId {
        self.permit.action().organisation
    }

    /// The names that it would take, as they are compared; the address first.
    fn names(&self) -> impl Iterator<Item = String> {
        let email = self.new.email.as_ref().map(EmailAddress::folded);
        email.into_iter().chain(self.new.user_name.as_deref().map(fold))
    }

    /// Why it cannot have this name.
    fn taken(&self, name: &str) -> UserError {
        let by_email = self.new.email.as_ref().is_some_and(|email| email.folded() == name);
        if by_email { UserError::EmailTaken } else { UserError::UserNameTaken }
    }
}

/// Somebody who is to be created.
struct Made {
    one: One,
    user: User,
}

/// What becomes of each, in their order. The people of a row before are there for the rows behind it.
///
/// Everybody in the whole installation is looked at: it is for who sees all of them, and that is the console.
pub async fn import_many(
    tx: &mut Tx,
    wanted: Vec<(Permit<CreateUser>, Wanted)>,
    told: Told,
    ctx: &Ctx,
) -> Result<Vec<Result<Outcome, UserError>>, UserError> {
    let one = |(permit, Wanted { new, says_active, id, brought })| One { permit, new, says_active, id, brought };
    let wanted: Vec<One> = wanted.into_iter().map(one).collect();
    let mut sorter = Sorter::new(tx, &wanted).await?;
    let mut outcomes = Vec::with_capacity(wanted.len());
    let mut made = Vec::with_capacity(wanted.len());
    for one in wanted {
        outcomes.push(match sorter.verdict(&one) {
            Ok(Outcome::Created) => create::newcomer(&one.permit, one.new.clone(), ctx).map(|user| {
                let user = User { id: one.id.unwrap_or(user.id), ..user };
                sorter.take(&one, &user);
                made.push(Made { one, user });
                Outcome::Created
            }),
            verdict => verdict,
        });
    }
    let (alone, together) = apart(tx, made, sorter.empty, ctx).await?;
    let mut bringing = Vec::new();
    for Made { one: One { permit, new, id, brought, .. }, .. } in alone {
        let told = if brought.is_some() { Told::Later } else { told };
        let user = create::create_told(tx, permit, new, (id, told), ctx).await?;
        bringing.extend(brought.map(|brought| (user, brought)));
    }
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for Made { one: One { permit, brought, .. }, user } in together {
        match brought {
            Some(brought) => {
                bringing.push((user.clone(), brought));
                with.push((permit, user));
            }
            None => without.push((permit, user)),
        }
    }
    create::create_all(tx, without, told, ctx).await?;
    // Whoever can sign in as they did before has nothing to activate.
    create::create_all(tx, with, Told::Later, ctx).await?;
    brought::keep(tx, &bringing, ctx).await?;
    Ok(outcomes)
}

/// Who comes alone and before the others: the first of an organisation, who may get a role by that (I19), and those whose made-up name
/// is somebody's.
async fn apart(
    tx: &mut Tx,
    made: Vec<Made>,
    mut empty: BTreeSet<OrganisationId>,
    ctx: &Ctx,
) -> db::Result<(Vec<Made>, Vec<Made>)> {
    let assigned = ctx.user_names == UserNames::Assigned;
    let is_made_up = |made: &Made| assigned && made.one.new.user_name.is_none();
    let names: Vec<String> =
        made.iter().filter(|made| is_made_up(made)).map(|made| fold(&made.user.user_name)).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    if !names.is_empty() {
        taken.extend(store::list_by_names(tx, &names).await?.iter().map(|user| fold(&user.user_name)));
    }
    Ok(made.into_iter().partition(|made| {
        let is_taken = is_made_up(made) && !taken.insert(fold(&made.user.user_name));
        empty.remove(&made.one.organisation()) || is_taken
    }))
}

/// What is known of the names of a batch.
struct Sorter {
    /// Who has a name or an address, by it.
    holders: BTreeMap<String, usize>,
    /// Those who were there, and behind them those who come.
    people: Vec<User>,
    /// Organisations in which nobody is, where the first one matters.
    empty: BTreeSet<OrganisationId>,
}

impl Sorter {
    async fn new(tx: &mut Tx, wanted: &[One]) -> db::Result<Self> {
        let names: BTreeSet<String> = wanted.iter().flat_map(One::names).collect();
        let people = store::list_by_names(tx, &names.into_iter().collect::<Vec<_>>()).await?;
        let mut holders = BTreeMap::new();
        for (number, user) in people.iter().enumerate() {
            holders.insert(fold(&user.user_name), number);
        }
        // Whose address it is goes before whose name it is.
        for (number, user) in people.iter().enumerate() {
            holders.extend(user.email.as_ref().map(|email| (email.folded(), number)));
        }
        Ok(Self { holders, people, empty: empty(tx, wanted).await? })
    }

    fn verdict(&self, one: &One) -> Result<Outcome, UserError> {
        let known = one.names().next().and_then(|name| self.holders.get(&name)).and_then(|n| self.people.get(*n));
        if known.is_some_and(|known| is_same(known, (&one.new, one.organisation()), one.says_active)) {
            return Ok(Outcome::Unchanged);
        }
        match one.names().find(|name| self.holders.contains_key(name)) {
            Some(name) => Err(one.taken(&name)),
            None => Ok(Outcome::Created),
        }
    }

    fn take(&mut self, one: &One, user: &User) {
        self.holders.extend(one.names().map(|name| (name, self.people.len())));
        self.people.push(user.clone());
    }
}

/// The organisations of some people in which nobody is yet, if the profile gives their first one a role.
async fn empty(tx: &mut Tx, wanted: &[One]) -> db::Result<BTreeSet<OrganisationId>> {
    let gives = |one: &One| one.permit.roles().iter().any(|role| role.first_user);
    if !wanted.first().is_some_and(gives) {
        return Ok(BTreeSet::new());
    }
    let homes: BTreeSet<OrganisationId> = wanted.iter().map(One::organisation).collect();
    let here = people_store::list_here(tx, &homes.iter().copied().collect::<Vec<_>>()).await?;
    Ok(homes.into_iter().filter(|home| here.get(home).copied().unwrap_or(0) == 0).collect())
}
