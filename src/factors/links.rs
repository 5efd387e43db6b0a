//! Links sent by mail: for one purpose, one person, one use (AU-26). GET never uses one up (AU-30).

use std::time::Duration;

use uuid::Uuid;

use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::kernel::ctx::{Ctx, LinkLives};
use crate::kernel::hex::hex;
use crate::kernel::ids::UserId;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::notify::Message;
use crate::notify::outbox::{self, Letter};

use super::link_store as store;

/// What a link is for; a link of one purpose is nothing for another (AU-32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new person sets a password and proves the phone.
    Activation,
    /// A forgotten password is replaced; the second factor is asked for nonetheless (AU-27).
    Recovery,
    /// An administrator asked for another address or number: its owner agrees or refuses (D15).
    Contact,
    /// Somebody gave themself another address: opened by them, signed in, it proves that the address is theirs.
    NewEmail,
    /// Both factors were right and the password has expired: its owner chooses another one (I65). Never mailed.
    Expired,
}

impl Purpose {
    /// The word stored; also the first part of the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activate",
            Self::Recovery => "recover",
            Self::Contact => "contact",
            Self::NewEmail => "new_email",
            Self::Expired => "renew",
        }
    }

    fn lifetime(self, links: LinkLives) -> Duration {
        match self {
            Self::Activation | Self::Contact => links.activation,
            Self::Recovery | Self::NewEmail | Self::Expired => links.recovery,
        }
    }
}

/// Makes a link; links of the same purpose sent before die.
pub async fn issue(tx: &mut Tx, purpose: Purpose, user: UserId, ctx: &Ctx) -> db::Result<Token> {
    issue_to(tx, purpose, Some(user), ctx).await
}

/// The same, or the same work for nobody (AU-23).
pub async fn issue_to(tx: &mut Tx, purpose: Purpose, user: Option<UserId>, ctx: &Ctx) -> db::Result<Token> {
    store::remove_of(tx, purpose, user.unwrap_or(UserId(Uuid::nil()))).await?;
    let token = Token::generate(&ctx.entropy);
    let lives = (ctx.now, ctx.now.plus(purpose.lifetime(ctx.links)));
    store::insert(tx, purpose, &token.digest(), (user, None), lives).await?;
    Ok(token)
}

/// Makes the link by which somebody proves that an address is theirs; earlier ones die.
pub(super) async fn issue_for_address(tx: &mut Tx, user: UserId, address: &str, ctx: &Ctx) -> db::Result<Token> {
    let purpose = Purpose::NewEmail;
    store::remove_of(tx, purpose, user).await?;
    let token = Token::generate(&ctx.entropy);
    let lives = (ctx.now, ctx.now.plus(purpose.lifetime(ctx.links)));
    store::insert(tx, purpose, &token.digest(), (Some(user), Some(address)), lives).await?;
    Ok(token)
}

/// Makes the secret by which the owner of an expired password chooses another one, in this browser and at once.
pub async fn issue_to_browser(tx: &mut Tx, user: UserId, browser: &Digest, ctx: &Ctx) -> db::Result<Token> {
    let purpose = Purpose::Expired;
    store::remove_of(tx, purpose, user).await?;
    let token = Token::generate(&ctx.entropy);
    let lives = (ctx.now, ctx.now.plus(Duration::from_mins(5)));
    store::insert(tx, purpose, &token.digest(), (Some(user), Some(&hex(browser.as_bytes()))), lives).await?;
    Ok(token)
}

/// Mails a new person the link by which they activate their account.
pub async fn invite(tx: &mut Tx, user: &User, ctx: &Ctx) -> db::Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let token = issue(tx, Purpose::Activation, user.id, ctx).await?;
    let message = Message::Activation { given_name: user.given_name.clone(), token: token.seal() };
    outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}

/// The same to many new people at once: a few mails in each second from that instant on.
pub async fn invite_all(tx: &mut Tx, users: &[User], from: Timestamp, ctx: &Ctx) -> db::Result<()> {
    let purpose = Purpose::Activation;
    let lives = (ctx.now, from.plus(purpose.lifetime(ctx.links)));
    let (mut links, mut letters) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
    for user in users {
        let Some(email) = &user.email else { continue };
        let token = Token::generate(&ctx.entropy);
        links.push((user.id, token.digest()));
        let message = Message::Activation { given_name: user.given_name.clone(), token: token.seal() };
        letters.push(Letter { recipient: email.as_str().to_owned(), locale: user.locale.clone(), message });
    }
    store::insert_all(tx, purpose, &links, lives).await?;
    outbox::enqueue_from(tx, letters, from, ctx).await
}

/// Whose link this is, without using it up.
pub async fn find(tx: &mut Tx, purpose: Purpose, token: &Digest, ctx: &Ctx) -> db::Result<Option<UserId>> {
    store::find(tx, purpose, token, ctx.now).await
}

/// Uses the link up; only one caller gets the person.
pub async fn consume(tx: &mut Tx, purpose: Purpose, token: &Digest, ctx: &Ctx) -> db::Result<Option<UserId>> {
    store::consume(tx, purpose, token, ctx.now).await
}
