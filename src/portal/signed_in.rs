//! Who is signed in: the extractor that every page behind the sign-in asks for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Portal;
use super::error::Failure;
use crate::agreements::accept;
use crate::authority::{Authority, Permission};
use crate::db::transact;
use crate::directory::organisation;
use crate::directory::user::{self, model::Status, model::User};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::sessions::model::Session;
use crate::sessions::{self, store::SEEN_EVERY};
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
    pub session: Session,
    /// What they may do, for menus and lists.
    pub authority: Arc<Authority>,
}

impl SignedIn {
    /// Whether the person holds a permission anywhere: for menus, never a decision.
    pub fn may(&self, permission: Permission) -> bool {
        self.authority.has_anywhere(permission, self.ctx.now)
    }

    /// Who is signed in, whatever they have accepted.
    async fn find(portal: &Portal, info: RequestInfo) -> Result<Self, Failure> {
        let app = portal.app.clone();
        let token = info.session.clone().ok_or(Failure::SignIn)?;
        let tx = &mut app.db.reader().await?;
        let session = sessions::store::find_live(tx, &token.digest(), info.now).await?;
        let session = session.filter(sessions::Session::is_admitted).ok_or(Failure::SignIn)?;
        let user = user::store::find(tx, session.user)
            .await?
            .filter(|user| user.status(info.now) == Status::Active)
            .ok_or(Failure::SignIn)?;
        let home = organisation::store::find_effective_status(tx, user.organisation).await?;
        if home != Some(organisation::model::Status::Active) {
            return Err(Failure::SignIn);
        }
        app.limits.account(user.id)?;
        let proved = (Some(session.second_factor_at), session.strength());
        let ctx = info.ctx_of(&app, Channel::Portal, PrincipalId::Person(user.id), proved);
        let authority = app.door.authority(tx, &ctx).await?;
        Ok(Self { app, info, ctx, user, session, authority })
    }

    /// E16: nothing is used before the general terms are accepted. The other door is the authorization endpoint.
    async fn has_agreed(&self) -> Result<(), Failure> {
        if self.app.agreements.general(self.info.now).is_none() {
            return Ok(());
        }
        let tx = &mut self.app.db.reader().await?;
        let outstanding = accept::outstanding(tx, &self.app.agreements, self.user.id, self.info.now).await?;
        if outstanding.is_some() { Err(Failure::Terms) } else { Ok(()) }
    }

    /// Keeps the session from going idle; a write once a minute at most.
    async fn remember(&self, portal: &Portal) -> Result<(), Failure> {
        let now = self.info.now;
        if now.since(self.session.last_seen_at) < SEEN_EVERY {
            return Ok(());
        }
        let seen: crate::db::Result<()> = transact!(self.app.db, tx => sessions::store::save_seen(tx, &self.session, &portal.session_settings, now).await);
        Ok(seen?)
    }
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Arrived(person) = Arrived::from_request_parts(parts, portal).await?;
        person.has_agreed().await?;
        Ok(person)
    }
}

/// The same person before they have accepted the terms of use: for the page that asks, and for no other.
#[derive(Clone, Debug)]
pub struct Arrived(pub SignedIn);

impl FromRequestParts<Portal> for Arrived {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Failure> {
        let Ok(info) = RequestInfo::from_request_parts(parts, portal).await;
        let person = SignedIn::find(portal, info).await?;
        person.remember(portal).await?;
        Ok(Self(person))
    }
}
