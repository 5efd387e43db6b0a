//! People, and the groups they are in.

use std::collections::BTreeMap;

use super::apply::{Apply, ApplyError, Say, Step, step};
use super::plan::PlannedPerson;
use super::roles::ClientRole;
use crate::authority::action::AssignMembership;
use crate::db::{self, Tx, transact};
use crate::directory::membership::assign::change_all;
use crate::directory::membership::store as membership_store;
use crate::directory::user::import::batch::{BATCH, Import, Said};
use crate::directory::user::import::row::{Fault, Line};
use crate::directory::user::import::rows::Listed;
use crate::directory::user::store as user_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::text::{EmailAddress, fold};

/// How many people get their groups in one transaction.
const AT_ONCE: usize = 100;

impl Apply<'_> {
    /// Creates people; gives those who are there, with what they may do.
    pub(super) async fn people(
        &self,
        people: Vec<PlannedPerson>,
        homes: &BTreeMap<String, OrganisationId>,
        say: Say<'_>,
    ) -> Result<Vec<PlannedPerson>, ApplyError> {
        if people.is_empty() {
            return Ok(people);
        }
        let lines = people.iter().map(|person| {
            let mut line = person.line.clone();
            line.organisation = person.organisation.as_ref().and_then(|alias| homes.get(alias)).copied();
            // Whose organisation is not there is at home nowhere else.
            if person.organisation.is_some() && line.organisation.is_none() && !self.preview {
                line.person = line.person.and(Err(Fault::Home));
            }
            line
        });
        let import = Import {
            db: self.db,
            door: self.door,
            home: self.home,
            batch: BATCH,
            preview: self.preview,
            mail: self.mail,
            accepts: self.accepts,
            context: self.context,
        };
        let mut there = Vec::with_capacity(people.len());
        let mut lines = Listed::new(lines.collect());
        let done = import.run(&mut lines, |line, one| {
            there.push(!matches!(one, Said::Refused(_)));
            say(step("person", line.who.clone(), one.clone()))
        });
        done.await?;
        Ok(people.into_iter().zip(there).filter(|(_, there)| *there).map(|(person, _)| person).collect())
    }

    /// Puts people into their groups who are in none yet: what was decided on the others since then stays as it is.
    pub(super) async fn memberships(
        &self,
        people: &[PlannedPerson],
        of_roles: &BTreeMap<ClientRole, GroupId>,
        say: Say<'_>,
    ) -> Result<(), ApplyError> {
        for part in people.chunks(AT_ONCE) {
            let ctx = (self.context)();
            let assigned: Result<Assigned, ApplyError> =
                transact!(self.db, tx => self.assign(tx, part, of_roles, &ctx).await);
            let assigned = assigned?;
            let name = format!("{} people", part.len());
            say(Step { count: assigned.count, ..step("membership", name, Said::Created) })?;
            for (name, why) in assigned.refused {
                say(step("membership", name, Said::Refused(why)))?;
            }
        }
        Ok(())
    }

    async fn assign(
        &self,
        tx: &mut Tx,
        part: &[PlannedPerson],
        of_roles: &BTreeMap<ClientRole, GroupId>,
        ctx: &Ctx,
    ) -> Result<Assigned, ApplyError> {
        let ids = resolve(tx, part).await?;
        let placed = membership_store::list_placed(tx, &ids.iter().flatten().copied().collect::<Vec<_>>()).await?;
        let new = part.iter().zip(ids).filter_map(|(person, user)| Some((person, user?)));
        let new = new.filter(|(_, user)| !placed.contains(user));
        let of = |(person, user)| {
            let PlannedPerson { line, roles, .. }: &PlannedPerson = person;
            roles.iter().filter_map(move |role| Some((line, role, user, *of_roles.get(role)?)))
        };
        let pairs: Vec<(&Line, &ClientRole, UserId, GroupId)> = new.flat_map(of).collect();
        let actions = pairs.iter().map(|(_, _, user, group)| AssignMembership { user: *user, group: *group }).collect();
        let (mut wanted, mut refused) = (Vec::new(), Vec::new());
        for ((line, role, ..), decided) in pairs.iter().zip(self.door.authorise_each(tx, ctx, actions).await?) {
            match decided {
                Ok(permit) => wanted.push((permit, None)),
                Err(why) => refused.push((format!("{}: {} {}", line.who, role.0, role.1), why.to_string())),
            }
        }
        Ok(Assigned { count: change_all(tx, wanted, Vec::new(), ctx).await?.assigned, refused })
    }
}

/// What came of the memberships of some people.
struct Assigned {
    count: usize,
    /// Whose, and why not.
    refused: Vec<(String, String)>,
}

/// Who these people are here.
async fn resolve(tx: &mut Tx, people: &[PlannedPerson]) -> db::Result<Vec<Option<UserId>>> {
    let names = |person: &PlannedPerson| {
        let new = person.line.person.as_ref().ok();
        let email = new.and_then(|new| new.email.as_ref()).map(EmailAddress::folded);
        email.or_else(|| new.and_then(|new| new.user_name.as_deref()).map(fold))
    };
    let wanted: Vec<Option<String>> = people.iter().map(names).collect();
    let found = user_store::list_by_names(tx, &wanted.iter().flatten().cloned().collect::<Vec<_>>()).await?;
    let mut by_name: BTreeMap<String, UserId> = found.iter().map(|user| (fold(&user.user_name), user.id)).collect();
    by_name.extend(found.iter().filter_map(|user| Some((user.email.as_ref()?.folded(), user.id))));
    Ok(wanted.into_iter().map(|name| by_name.get(&name?).copied()).collect())
}
