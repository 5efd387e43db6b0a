//! How the parts that several tables share are read back.

use uuid::Uuid;

use crate::db::{self, Error};
use crate::kernel::ids::PrincipalId;

/// A principal out of its two columns.
pub(crate) fn principal(kind: &str, id: Uuid) -> db::Result<PrincipalId> {
    PrincipalId::from_parts(kind, id).ok_or(Error::Corrupt("principal kind"))
}
