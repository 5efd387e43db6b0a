//! Who is signed in: the extractor that every page behind the sign-in asks for.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::error::Failure;
use crate::authority::{Authority, Permission};
use crate::db::{self, Tx};
use crate::directory::organisation;
use crate::directory::user::{self, model::Status, model::User};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{PrincipalId, SessionId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::sessions;
use crate::web::{App, RequestInfo};

/// A person with a live session, an account in use and an organisation in use.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The handle.
    pub app: App,
    /// The request.
    pub info: RequestInfo,
    /// The context for use cases.
    pub ctx: Ctx,
    /// Who.
    pub user: User,
    /// In which session.
    pub session: SessionId,
    /// What they may do, for menus and lists.
    pub authority: Arc<Authority>,
}

/// What a session says about its person.
struct Live {
    id: SessionId,
    user: UserId,
    second_factor_at: Option<Timestamp>,
}

async fn find_session(tx: &mut Tx, token: &Token, now: Timestamp) -> db::Result<Option<Live>> {
    let session = sessions::store::find_live(tx, &token.digest(), now).await?;
    Ok(session.map(|session| Live { id: session.id, user: session.user, second_factor_at: Some(session.second_factor_at) }))
}

impl SignedIn {
    /// Whether the person holds a permission anywhere: for menus, never a decision.
    pub fn may(&self, permission: Permission) -> bool {
        self.authority.has_anywhere(permission, self.ctx.now)
    }

    async fn find(app: App, info: RequestInfo) -> Result<Self, Failure> {
        let token = info.session.clone().ok_or(Failure::SignIn)?;
        let tx = &mut app.db.reader().await?;
        let live = find_session(tx, &token, info.now).await?.ok_or(Failure::SignIn)?;
        let user = user::store::find(tx, live.user).await?.filter(|user| user.status(info.now) == Status::Active).ok_or(Failure::SignIn)?;
        let home = organisation::store::find_effective_status(tx, user.organisation).await?;
        if home != Some(organisation::model::Status::Active) {
            return Err(Failure::SignIn);
        }
        app.limits.account(user.id)?;
        let ctx = info.ctx_of(&app, Channel::Portal, PrincipalId::Person(user.id), live.second_factor_at);
        let authority = app.door.authority(tx, &ctx).await?;
        Ok(Self { app, info, ctx, user, session: live.id, authority })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    App: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(info) = RequestInfo::from_request_parts(parts, state).await;
        Self::find(App::from_ref(state), info).await
    }
}
