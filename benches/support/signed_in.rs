//! People who are signed in, and grants they gave: written past the endpoints, as a sign-in would leave them.

use std::time::Duration;

use chamberlain::db::{self, Db, transact};
use chamberlain::directory::client;
use chamberlain::directory::client::model::Client;
use chamberlain::directory::user;
use chamberlain::kernel::ctx::{Channel, Ctx};
use chamberlain::kernel::ids::{FamilyId, PrincipalId, SessionId, UserId};
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::secret::Token;
use chamberlain::kernel::time::Clock;
use chamberlain::on;
use chamberlain::sessions::{self, model::ACR_TWO_FACTORS, model::Session};
use chamberlain::tokens::family::{self, Claims, Family, Holder};

use super::town::Town;

/// Somebody who may enter IMAS.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The cookie of their session.
    pub cookie: String,
    /// A refresh token of IMAS.
    pub refresh: String,
}

/// The console, now.
pub fn console() -> Ctx {
    Ctx::internal(Clock::system().now(), Entropy::system(), Channel::Cli).acting_as(PrincipalId::Console)
}

/// So many people who may enter IMAS, each with a session and a grant.
pub async fn signed_in(db: &Db, town: &Town, count: usize) -> Vec<SignedIn> {
    let ctx = console();
    let made: db::Result<Vec<SignedIn>> = transact!(*db, tx => {
        let party = client::store::find_by_client_id(tx, "imas").await?.unwrap();
        let able = "SELECT u.id FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = $1 AND u.active
            AND NOT u.blocked AND u.activated_at IS NOT NULL LIMIT $2";
        let limit = i64::try_from(count).unwrap();
        let people: Vec<UserId> = on!(tx, c => sqlx::query_scalar(able).bind(town.groups[1]).bind(limit).fetch_all(c).await)?;
        let mut all = Vec::new();
        for user in people {
            let (session, cookie) = (session(&ctx, user), Token::generate(&ctx.entropy));
            let epoch = user::store::find_epoch(tx, user).await?.unwrap();
            sessions::store::insert(tx, &session, &cookie.digest(), epoch, &sessions::Settings::default()).await?;
            let family = family(&ctx, &party, &session);
            let token = Token::generate(&ctx.entropy);
            family::begin(tx, &family, Some(&token)).await?;
            all.push(SignedIn { cookie: cookie.reveal().to_owned(), refresh: token.reveal().to_owned() });
        }
        Ok(all)
    });
    made.unwrap()
}

/// A session that began now.
pub fn session(ctx: &Ctx, user: UserId) -> Session {
    Session {
        id: SessionId(ctx.uuid()),
        user,
        auth_time: ctx.now,
        second_factor_at: ctx.now,
        amr: ["pwd", "sms", "mfa"].map(str::to_owned).to_vec(),
        acr: ACR_TWO_FACTORS.to_owned(),
        remembered_since: None,
        browser: None,
        locale: None,
        user_agent: "bench".to_owned(),
        ip: None,
        created_at: ctx.now,
        last_seen_at: ctx.now,
        expires_at: ctx.now.plus(Duration::from_hours(12)),
    }
}

fn family(ctx: &Ctx, party: &Client, session: &Session) -> Family {
    Family {
        details: Vec::new(),
        id: FamilyId(ctx.uuid()),
        client: party.id,
        user: session.user,
        session: session.id,
        scope: "openid profile email groups".to_owned(),
        claims: Claims::default(),
        offline: false,
        auth_time: ctx.now,
        amr: "pwd sms mfa".to_owned(),
        acr: ACR_TWO_FACTORS.to_owned(),
        holder: Holder::default(),
        user_epoch: 0,
        created_at: ctx.now,
        expires_at: ctx.now.plus(Duration::from_hours(8)),
        revoked_at: None,
    }
}
