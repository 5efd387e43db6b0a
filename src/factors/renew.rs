//! A new password by a mailed link and a code by phone: recovery and activation.

use crate::db::{self, Tx};
use crate::directory::user::activate::activate;
use crate::directory::user::error::UserError;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, SignInId};
use crate::kernel::secret::Digest;
use crate::sessions::compare::{Asked, Compared, compare};
use crate::sessions::sign_in::Purpose as CodePurpose;
use crate::sessions::sign_in_store;

use super::Factors;
use super::links::{self, Purpose};
use super::reset::set_password;

/// What a browser gave.
#[derive(Clone, Copy)]
pub struct Renewal<'a> {
    /// What the link is for.
    pub purpose: Purpose,
    /// The link.
    pub link: &'a Digest,
    /// The browser.
    pub browser: &'a Digest,
    /// The sign-in of the form.
    pub sign_in: SignInId,
    /// The code as typed.
    pub code: &'a str,
    /// The hash of a password that the policy accepts.
    pub hash: &'a str,
    /// How many replaced passwords are remembered.
    pub kept: u32,
}

impl std::fmt::Debug for Renewal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewal").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The password is set, the link is used up, nobody is signed in.
    Done,
    /// The code was wrong, and counted; the link still works.
    Wrong,
    /// The link or the code can no longer be used.
    Over,
}

/// Compares the code, uses the link up and sets the password, all or nothing.
pub async fn renew(tx: &mut Tx, codes: (&Factors, &[u8]), given: Renewal<'_>, ctx: &Ctx) -> db::Result<Renewed> {
    let owner = links::find(tx, given.purpose, given.link, ctx).await?;
    let under_way = sign_in_store::find(tx, given.browser).await?;
    let (Some(owner), Some(under_way)) = (owner, under_way) else { return Ok(Renewed::Over) };
    if under_way.user != Some(owner) {
        return Ok(Renewed::Over);
    }
    let purpose = match given.purpose {
        Purpose::Activation => CodePurpose::Activation,
        Purpose::Recovery => CodePurpose::Recovery,
        Purpose::Contact | Purpose::NewEmail | Purpose::Expired => return Ok(Renewed::Over),
    };
    let asked = Asked { purpose, sign_in: given.sign_in, browser: given.browser, code: given.code };
    let user = match compare(tx, codes, asked, ctx).await? {
        Compared::Right(found) => found.0,
        Compared::Wrong(_) => return Ok(Renewed::Wrong),
        Compared::Over => return Ok(Renewed::Over),
    };
    if links::consume(tx, given.purpose, given.link, ctx).await? != Some(user.id) {
        return Ok(Renewed::Over);
    }
    if given.purpose == Purpose::Activation {
        let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
        match activate(tx, &user, true, &own).await {
            Ok(_) => {}
            Err(UserError::Db(error)) => return Err(error),
            Err(_) => return Ok(Renewed::Over),
        }
    }
    set_password(tx, &user, (given.hash, given.kept), ctx).await?;
    Ok(Renewed::Done)
}
