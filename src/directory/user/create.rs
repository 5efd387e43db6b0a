//! Creating a person (D1, E32–E45). A new person has no access and no role (E50, DA-35), unless the profile gives one to the first
//! person of an organisation (I19).

use serde_json::json;

use super::error::UserError;
use super::model::{NewUser, User};
use super::{store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::CreateUser;
use crate::db::Tx;
use crate::delegation::first_user;
use crate::factors::links;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::user_names::UserNames;

/// Whether new people are mailed the link by which they activate their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// From this instant on, the mails of many one after the other.
    ByMail(Timestamp),
    /// Not yet: whoever brings them in tells them later, by resetting their credentials.
    Later,
}

/// Creates a person in the organisation that was permitted. The account is new until its owner activates it by the link
/// that is mailed to them.
pub async fn create(tx: &mut Tx, permit: Permit<CreateUser>, new: NewUser, ctx: &Ctx) -> Result<User, UserError> {
    create_told(tx, permit, new, (None, Told::ByMail(ctx.now)), ctx).await
}

/// The same, with or without a mail, and with an id that they have had elsewhere.
pub(super) async fn create_told(
    tx: &mut Tx,
    permit: Permit<CreateUser>,
    new: NewUser,
    (id, told): (Option<UserId>, Told),
    ctx: &Ctx,
) -> Result<User, UserError> {
    let mut user = free(tx, &permit, new, ctx).await?;
    user.id = id.unwrap_or(user.id);
    store::insert(tx, &user).await?;
    audit::record(tx, ctx, permit.via(), created(&user)).await?;
    first_user::give(tx, &permit, &user, ctx).await?;
    if told != Told::Later {
        links::invite(tx, &user, ctx).await?;
    }
    Ok(user)
}

/// Writes many people made by [`newcomer`] whose names and addresses are known to be free, and who are not the first ones of their
/// organisations, in few statements.
pub(super) async fn create_all(
    tx: &mut Tx,
    people: Vec<(Permit<CreateUser>, User)>,
    told: Told,
    ctx: &Ctx,
) -> Result<(), UserError> {
    let events = people.iter().map(|(permit, user)| (permit.via(), created(user))).collect();
    let users: Vec<User> = people.into_iter().map(|(_, user)| user).collect();
    store::insert_all(tx, &users).await?;
    audit::record_all(tx, ctx, events).await?;
    if let Told::ByMail(from) = told {
        links::invite_all(tx, &users, from, ctx).await?;
    }
    Ok(())
}

/// Creates many people at once, each by a permit of its own, in few statements. Nobody is mailed: whoever brings people in
/// by the thousand says when they are told, by resetting their credentials, and who of them gets which role.
pub async fn create_many(
    tx: &mut Tx,
    permits: Vec<Permit<CreateUser>>,
    people: Vec<NewUser>,
    ctx: &Ctx,
) -> Result<Vec<User>, UserError> {
    // A permit less is a person less: they are taken one by one.
    let made = permits.iter().zip(people).map(|(permit, new)| newcomer(permit, new, ctx));
    let users = made.collect::<Result<Vec<_>, _>>()?;
    unique::check_all_free(tx, &users).await?;
    store::insert_all(tx, &users).await?;
    let events = permits.iter().zip(&users).map(|(permit, user)| (permit.via(), created(user)));
    audit::record_all(tx, ctx, events.collect()).await?;
    Ok(users)
}

/// A newcomer whose name and address are nobody's; a name that is made up is made up anew when it is somebody's.
async fn free(tx: &mut Tx, permit: &Permit<CreateUser>, new: NewUser, ctx: &Ctx) -> Result<User, UserError> {
    let is_assigned = new.user_name.is_none() && ctx.user_names == UserNames::Assigned;
    let mut tries = if is_assigned { 8 } else { 1 };
    loop {
        let user = newcomer(permit, new.clone(), ctx)?;
        tries -= 1;
        match unique::check_free(tx, &user).await {
            Err(UserError::UserNameTaken) if tries > 0 => {}
            checked => return checked.map(|()| user),
        }
    }
}

fn created(user: &User) -> Event {
    let details = json!({ "active": user.active, "expires": user.account_expires_at });
    Event::new(Kind::UserCreated, Subject::User(user.id)).within(user.organisation).with(details)
}

/// A new account where it was permitted.
pub(super) fn newcomer(permit: &Permit<CreateUser>, new: NewUser, ctx: &Ctx) -> Result<User, UserError> {
    at(permit.action().organisation, permit.actor(), new, ctx)
}

/// A new account at an organisation.
pub(super) fn at(
    organisation: OrganisationId,
    created_by: PrincipalId,
    new: NewUser,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let made_up = match ctx.user_names {
        UserNames::Email => new.email.as_ref().map(|email| email.as_str().to_owned()),
        UserNames::Assigned => {
            Some(UserNames::assign(&new.given_name, &new.family_name, ctx.entropy.below(100_000_000)))
        }
    };
    let user_name = new.user_name.or(made_up).ok_or(UserError::NameMissing)?;
    Ok(User {
        id: UserId(ctx.uuid()),
        organisation,
        user_name: text::user_name(&user_name).map_err(UserError::UserName)?,
        email: new.email,
        email_verified: false,
        phone: new.phone,
        phone_verified: false,
        given_name: new.given_name,
        family_name: new.family_name,
        company_id: new.company_id,
        subsidiary: new.subsidiary,
        locale: new.locale,
        self_registered: false,
        active: new.active,
        blocked: false,
        activated_at: None,
        account_expires_at: new.account_expires_at,
        deleted_at: None,
        last_sign_in_at: None,
        pending: None,
        password_changed_at: None,
        user_name_told_at: None,
        erased_at: None,
        epoch: 0,
        scim: new.scim,
        created_by,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    })
}
