//! The decision about groups in groups (D13).

use super::decide::{Judge, Reason, Verdict};
use super::permission::Permission;
use crate::directory::module::model::Standing;

impl Judge<'_> {
    /// Whoever is in the inner group comes into the outer one, wherever they are at home: it takes the right over the groups of the application
    /// and over memberships in them everywhere. By their own doing nobody comes into a group, as with a single membership.
    pub(super) fn nest_group(&self) -> Verdict {
        let application = self.facts.application.ok_or(Reason::NotFound)?;
        self.read_group()?;
        let over_groups = self.application_wide(Permission::GroupManage, application)?;
        let over_members = self.application_wide(Permission::MembershipAssign, application)?;
        // Nor does whoever the right is used for: a delegate by whose secret a service asks.
        let behind = self.authority.live(self.now).filter_map(|held| held.on_behalf_of);
        if behind.chain([self.authority.principal]).any(|one| self.facts.gaining.contains(&one)) {
            return Err(Reason::OwnAccount);
        }
        // D9: nothing is added for people of an organisation whose access is suspended, by this way either.
        if self.facts.module == Standing::Suspended {
            return Err(Reason::ModuleSuspended);
        }
        Ok(if over_groups == over_members { over_groups } else { [over_groups, over_members].concat() })
    }
}
