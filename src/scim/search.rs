//! `POST /.search` (RFC 7644 §3.4.3): one search over all kinds of resources, kind after kind, each under its own rules.

use axum::extract::State;
use axum::response::Response;

use super::cursor::Cursors;
use super::error::ScimError;
use super::list_request::{ListParameters, ListRequest, Start};
use super::listed::in_time;
use super::page::{Cut, Page};
use super::request::Caller;
use super::router::Scim;
use super::specialise::{Sense, specialise};
use super::user_view::Viewer;
use super::{
    applications, group_answer, group_view, invitations, nominations, organizations, role_assignments, schema, users,
};
use crate::db::Tx;

/// The kinds, in the order in which they are listed. Memberships are not among them: there are more than of all others, and people and groups
/// show them.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Users,
    Groups,
    Organizations,
    Applications,
    RoleAssignments,
    Nominations,
    Invitations,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Users,
        Self::Groups,
        Self::Organizations,
        Self::Applications,
        Self::RoleAssignments,
        Self::Nominations,
        Self::Invitations,
    ];

    /// The core schema and the name.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Users => (schema::CORE_USER, "User"),
            Self::Groups => (schema::CORE_GROUP, "Group"),
            Self::Organizations => (schema::ORGANIZATION, "Organization"),
            Self::Applications => (schema::APPLICATION, "Application"),
            Self::RoleAssignments => (schema::ROLE_ASSIGNMENT, "RoleAssignment"),
            Self::Nominations => (schema::NOMINATION, "Nomination"),
            Self::Invitations => (schema::INVITATION, "Invitation"),
        }
    }

    async fn page(self, tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
        match self {
            Self::Users => users::page(tx, by, request).await,
            Self::Groups => groups(tx, by, request).await,
            Self::Organizations => organizations::page(tx, by, request).await,
            Self::Applications => applications::page(tx, by, request).await,
            Self::RoleAssignments => role_assignments::page(tx, by, request).await,
            Self::Nominations => nominations::page(tx, by, request).await,
            Self::Invitations => invitations::page(tx, by, request).await,
        }
    }
}

/// Groups with their members, unless there are so many that they would not be held at once.
async fn groups(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let viewer = Viewer::new(tx, by.0, by.1).await?;
    let cursors = Cursors::of(by, "Groups", request);
    let page = group_view::page(tx, &viewer, &cursors, request).await?;
    group_answer::page(tx, &viewer, page, &request.projection).await
}

/// `POST /.search`.
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let request = parameters.check()?;
    let Start::Index(first) = request.start else {
        return Err(ScimError::InvalidValue(
            "a search over all kinds of resources has no cursor; use startIndex".to_owned(),
        ));
    };
    if request.sort_by.is_some() {
        return Err(ScimError::InvalidValue(
            "a search over all kinds of resources is not sorted; search below /Users or another of them".to_owned(),
        ));
    }
    let all = in_time(scim.settings.list_budget(), search((&scim, &caller), first, &request)).await?;
    Ok(all.answer())
}

/// The page of all kinds one after the other.
async fn search(by: (&Scim, &Caller), first: i64, request: &ListRequest) -> Result<Page, ScimError> {
    let tx = &mut by.0.app.db.reader().await?;
    let mut all = Page { total: 0, cut: Cut::Index(first), resources: Vec::new() };
    for kind in Kind::ALL {
        let filter = match request.filter.as_ref().map(|filter| specialise(filter, kind.names())) {
            Some(Sense::Constant(false)) => continue,
            None | Some(Sense::Constant(true)) => None,
            Some(Sense::Some(filter)) => Some(filter),
        };
        let shown = i64::try_from(all.resources.len()).unwrap_or(i64::MAX);
        let part = ListRequest {
            filter,
            start: Start::Index(first.saturating_sub(all.total).max(1)),
            count: request.count.saturating_sub(shown),
            ..request.clone()
        };
        let page = kind.page(tx, by, &part).await?;
        all.total = all.total.saturating_add(page.total);
        all.resources.extend(page.resources);
    }
    Ok(all)
}
