//! People, and the groups they are in.

use std::collections::BTreeMap;

use super::apply::{Apply, ApplyError, Say, Step, step};
use super::plan::PlannedPerson;
use super::roles::ClientRole;
use crate::authority::action::AssignMembership;
use crate::db::{self, Tx, transact};
use crate::directory::membership::assign::change_all;
use crate::directory::user::import::batch::{BATCH, Import, Said};
use crate::directory::user::import::rows::Listed;
use crate::directory::user::store as user_store;
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::text::fold;

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

    /// Puts people into their groups; whoever is in them stays.
    pub(super) async fn memberships(
        &self,
        people: &[PlannedPerson],
        of_roles: &BTreeMap<ClientRole, GroupId>,
        say: Say<'_>,
    ) -> Result<(), ApplyError> {
        for part in people.chunks(AT_ONCE) {
            let ctx = (self.context)();
            let changed: Result<usize, ApplyError> = transact!(self.db, tx => {
                let ids = resolve(tx, part).await?;
                let pairs = part.iter().zip(ids).filter_map(|(person, user)| Some((person, user?)));
                let actions: Vec<AssignMembership> = pairs
                    .flat_map(|(person, user)| person.roles.iter().filter_map(move |role| Some((user, *of_roles.get(role)?))))
                    .map(|(user, group)| AssignMembership { user, group })
                    .collect();
                let permits = self.door.authorise_all(tx, &ctx, actions).await?;
                let wanted = permits.into_iter().map(|permit| (permit, None)).collect();
                Ok(change_all(tx, wanted, Vec::new(), &ctx).await?.assigned)
            });
            let name = format!("{} people", part.len());
            match changed {
                Ok(count) => say(Step { count, ..step("membership", name, Said::Created) })?,
                Err(ApplyError::Refused(why)) => say(step("membership", name, Said::Refused(why)))?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Who these people are here.
async fn resolve(tx: &mut Tx, people: &[PlannedPerson]) -> db::Result<Vec<Option<UserId>>> {
    let names = |person: &PlannedPerson| {
        let new = person.line.person.as_ref().ok();
        let email = new.and_then(|new| new.email.as_ref()).map(|email| email.folded());
        email.or_else(|| new.and_then(|new| new.user_name.as_deref()).map(fold))
    };
    let wanted: Vec<Option<String>> = people.iter().map(names).collect();
    let found = user_store::list_by_names(tx, &wanted.iter().flatten().cloned().collect::<Vec<_>>()).await?;
    let mut by_name: BTreeMap<String, UserId> = found.iter().map(|user| (fold(&user.user_name), user.id)).collect();
    by_name.extend(found.iter().filter_map(|user| Some((user.email.as_ref()?.folded(), user.id))));
    Ok(wanted.into_iter().map(|name| by_name.get(&name?).copied()).collect())
}
