//! Whether a person gets what an application asks for in their name: the decision of the authorization endpoint and of the page for
//! devices, and the code that a yes becomes.

use std::time::Duration;

use super::request::AuthorizeRequest;
use crate::agreements::accept;
use crate::audit::{self, Event, Kind};
use crate::authority::{Permission, role::RoleScope};
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::directory::client::model::Client;
use crate::directory::membership::access_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{FamilyId, PrincipalId};
use crate::kernel::secret::Digest;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::oidc::claims::Subject;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::scopes;
use crate::oidc::state::Oidc;
use crate::oidc::store::{self, Code};
use crate::oidc::subject::{self, Standing};
use crate::sessions::{self, Session};
use crate::signals;
use crate::tokens::{consent, consent_store};

/// When the person agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oidc) enum Consented {
    /// Earlier, if at all.
    Before,
    /// With the form that is answered now.
    Now,
    /// With a form that everybody answers; remembered where it would have been asked for anyway.
    Anyway,
}

/// What is asked for, and in whose name.
#[derive(Clone, Copy)]
pub(in crate::oidc) struct Asking<'a> {
    pub(in crate::oidc) oidc: &'a Oidc,
    pub(in crate::oidc) client: &'a Client,
    pub(in crate::oidc) request: &'a AuthorizeRequest,
    pub(in crate::oidc) session: &'a Session,
}

/// What the decision comes to.
pub(in crate::oidc) enum Admission {
    /// The application gets it.
    Admitted(Box<Subject>),
    /// Terms of use come first.
    Terms,
    /// The person has to agree first.
    Ask,
    /// The person may not enter the application; whom to ask.
    Refused { application: String, administrators: Vec<String> },
    /// The person has to prove more strongly who they are; what is to be entered.
    TooWeak { application: String, needed: Strength },
    /// There is nobody to speak for any more.
    Over,
}

impl Asking<'_> {
    /// Decides anew, in the transaction that hands something out (D7).
    pub(in crate::oidc) async fn admit(self, tx: &mut Tx, consented: Consented, ctx: &Ctx) -> db::Result<Admission> {
        let (oidc, client, now) = (self.oidc, self.client, ctx.now);
        let standing = subject::load(tx, &oidc.app.door, self.session.user, client, false, now).await?;
        if matches!(standing, Standing::Unusable) {
            return Ok(Admission::Over);
        }
        // E16: before any application is entered, and before anybody is told whom to ask for access.
        if accept::outstanding(tx, &oidc.app.agreements, self.session.user, now).await?.is_some() {
            return Ok(Admission::Terms);
        }
        let subject = match standing {
            Standing::Admitted(subject) => subject,
            Standing::NoAccess(subject) => return self.refused(tx, &subject, ctx).await,
            Standing::Unusable => return Ok(Admission::Over),
        };
        if subject.second_factor > self.session.strength() {
            return self.too_weak(tx, subject.second_factor).await;
        }
        let agrees = match consented {
            Consented::Now => true,
            Consented::Before | Consented::Anyway => self.has_to_ask(tx).await?,
        };
        if agrees && consented == Consented::Before {
            return Ok(Admission::Ask);
        }
        if agrees {
            consent::give(tx, self.session.user, client.id, &self.request.consent_scope, ctx).await?;
        }
        Ok(Admission::Admitted(subject))
    }

    /// OA-42: applications of somebody else, access that outlives the session (OIDC Core §11), and whoever asks for it.
    async fn has_to_ask(self, tx: &mut Tx) -> db::Result<bool> {
        let request = self.request;
        if request.prompt.consent {
            return Ok(true);
        }
        if !self.client.settings.third_party && !scopes::has(&request.scope, scopes::OFFLINE) {
            return Ok(false);
        }
        let allowed = consent_store::find(tx, self.session.user, self.client.id).await?;
        Ok(!consent::covers(allowed.as_deref(), &request.consent_scope))
    }

    /// Hands it out: what stands behind `digest` can be turned into tokens until `expires_at`.
    pub(in crate::oidc) async fn hand_out(
        self,
        tx: &mut Tx,
        subject: &Subject,
        (digest, expires_at): (&Digest, Timestamp),
        ctx: &Ctx,
    ) -> Result<(), OAuthError> {
        let (oidc, client, session, now) = (self.oidc, self.client, self.session, ctx.now);
        let mut row = self.row(subject, expires_at, ctx);
        let asked = (&[][..], self.request.details.as_slice());
        let person = PrincipalId::Person(session.user);
        let (scope, granted) = details::granted(tx, &oidc.app.door, (person, &row.scope), asked, now).await??;
        (row.scope, row.authorization_details) = (scope, sqlx::types::Json(granted));
        store::insert_code(tx, digest, &row).await?;
        sessions::store::save_client(tx, session.id, client.id, now).await?;
        if client.settings.security_events_uri.is_some() || client.settings.may_stream() {
            signals::store::save_known(tx, client.id, session.user, now).await?;
        }
        Ok(())
    }

    fn row(self, subject: &Subject, expires_at: Timestamp, ctx: &Ctx) -> Code {
        let (request, session, settings) = (self.request, self.session, &self.client.settings);
        // A tombstone stays for as long as anything that came of the code may live (OA-09).
        let kept = settings.refresh_token_lifetime.max(settings.access_token_lifetime).max(3600);
        Code {
            family_id: FamilyId(ctx.uuid()),
            client_id: self.client.id,
            user_id: session.user,
            session_id: session.id,
            redirect_uri: request.redirect_uri.clone(),
            scope: request.scope.clone(),
            claims: sqlx::types::Json(request.claims.clone()),
            authorization_details: sqlx::types::Json(Vec::new()),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            auth_time: session.auth_time,
            amr: session.amr.join(" "),
            acr: request.acr_of(session).to_owned(),
            user_epoch: subject.user.epoch,
            issued_at: ctx.now,
            expires_at,
            used_at: None,
            purge_at: expires_at.plus(Duration::from_secs(kept.into())),
            dpop_jkt: request.dpop_jkt.clone(),
        }
    }

    async fn too_weak(self, tx: &mut Tx, needed: Strength) -> db::Result<Admission> {
        let environment = match self.client.environment {
            Some(id) => environment_store::find(tx, id).await?,
            None => None,
        };
        let application = environment.map_or_else(|| self.client.name.clone(), |environment| environment.title);
        Ok(Admission::TooWeak { application, needed })
    }

    /// The names of those who can assign a membership here: their access administrators, not the institution's operators.
    async fn refused(self, tx: &mut Tx, subject: &Subject, ctx: &Ctx) -> db::Result<Admission> {
        let environment = match self.client.environment {
            Some(id) => environment_store::find(tx, id).await?,
            None => None,
        };
        let Some(environment) = environment else { return Ok(Admission::Over) };
        let home = subject.user.organisation;
        let event = Event::new(Kind::AccessRefused, audit::Subject::User(subject.user.id)).within(home);
        audit::record(tx, ctx, None, event.about(environment.application)).await?;
        let holders = access_store::list_holders(tx, home, environment.application, ctx.now).await?;
        let roles = self.oidc.app.door.roles();
        let may_assign = |code: &str| {
            roles.get(code).is_some_and(|role| {
                role.scope != RoleScope::System && role.permissions.contains(Permission::MembershipAssign)
            })
        };
        let names = holders.into_iter().filter(|holder| may_assign(&holder.role));
        let mut administrators: Vec<String> =
            names.map(|holder| format!("{} {}", holder.given_name, holder.family_name)).collect();
        administrators.dedup();
        Ok(Admission::Refused { application: environment.title, administrators })
    }
}
