//! Giving a role at once, by whichever use case gives such a role: one for each surface would be one too many.

use super::grant::{GrantError, grant};
use super::model::RoleAssignment;
use super::nomination::nominate::assign;
use crate::authority::action::{Action, GrantRole, Nominate};
use crate::authority::{Door, Refusal};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;

/// What is to be given.
#[derive(Clone, Debug)]
pub enum Gift {
    /// A role that nobody is named for.
    Granted(GrantRole),
    /// A role that people are named for, to one who is chosen (P22).
    Chosen(Nominate),
}

/// Why it was not given.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    /// The decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The rules on granting roles.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<db::Error> for GiveError {
    fn from(error: db::Error) -> Self {
        Self::Grant(error.into())
    }
}

impl Gift {
    /// What is decided about.
    pub fn action(self) -> Action {
        match self {
            Self::Granted(action) => action.into(),
            Self::Chosen(action) => action.into(),
        }
    }

    /// Gives it as the actor, or proposes it where somebody has to confirm.
    ///
    /// # Errors
    ///
    /// Whatever the decision or the use case refuses.
    pub async fn give(&self, tx: &mut Tx, door: &Door, ctx: &Ctx) -> Result<RoleAssignment, GiveError> {
        Ok(match self {
            Self::Granted(action) => {
                let permit = door.authorise(tx, ctx, action.clone()).await?;
                grant(tx, permit, door.roles(), ctx).await?
            }
            Self::Chosen(action) => {
                let permit = door.authorise(tx, ctx, action.clone()).await?;
                assign(tx, permit, door.roles(), None, ctx).await?
            }
        })
    }
}
