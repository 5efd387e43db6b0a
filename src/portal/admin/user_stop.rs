//! What ends an account for now or for good: deactivate, block, delete; and what takes away its ways to sign in. Consequences first,
//! then a reason.

use axum::extract::{Path, State};

use super::plain::{FormPage, Section};
use super::reach;
use super::target::{self, Target};
use crate::authority::action::{BlockUser, DeleteUser, ResetCredentials, UpdateUser};
use crate::authority::{Permission, Scope};
use crate::db::{Tx, transact};
use crate::delegation::{self, holders::last_holder_is};
use crate::directory::membership::access_store;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::directory::user::model::UserChange;
use crate::directory::user::{delete, update};
use crate::factors::{assist, own_store};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::text;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// Which of them; the words are parts of addresses and of keys of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Deactivate,
    Block,
    Delete,
    Factors,
}

impl Stop {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "deactivate" => Some(Self::Deactivate),
            "block" => Some(Self::Block),
            "delete" => Some(Self::Delete),
            "factors" => Some(Self::Factors),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Block => "block",
            Self::Delete => "delete",
            Self::Factors => "factors",
        }
    }

    /// The key of the notice afterwards.
    fn done(self) -> &'static str {
        match self {
            Self::Deactivate => "user-deactivated",
            Self::Block => "user-blocked",
            Self::Delete => "user-deleted",
            Self::Factors => "user-factors-taken",
        }
    }

    /// Whether the page may be shown at all.
    /// By which it is done.
    fn permission(self) -> Permission {
        match self {
            Self::Deactivate => Permission::UserUpdate,
            Self::Block => Permission::UserBlock,
            Self::Delete => Permission::UserDelete,
            Self::Factors => Permission::UserResetCredentials,
        }
    }

    async fn authorise_read(self, tx: &mut Tx, person: &SignedIn, user: UserId) -> Result<(), Failure> {
        let (door, ctx) = (&person.app.door, &person.ctx);
        match self {
            Self::Deactivate => door.authorise_read(tx, ctx, UpdateUser { user }).await.map(drop)?,
            Self::Block => door.authorise_read(tx, ctx, BlockUser { user }).await.map(drop)?,
            Self::Delete => door.authorise_read(tx, ctx, DeleteUser { user }).await.map(drop)?,
            Self::Factors => door.authorise_read(tx, ctx, ResetCredentials { user }).await.map(drop)?,
        }
        Ok(())
    }

    async fn act(self, tx: &mut Tx, person: &SignedIn, user: UserId, guard: Guard<'_>) -> Result<(), ChangeError> {
        let (door, ctx) = (&person.app.door, &person.ctx);
        match self {
            Self::Deactivate => {
                let permit = door.authorise(tx, ctx, UpdateUser { user }).await?;
                let change = UserChange { active: Some(false), ..UserChange::default() };
                update::update(tx, permit, change, None, guard, ctx).await.map(drop)?;
            }
            Self::Block => {
                let permit = door.authorise(tx, ctx, BlockUser { user }).await?;
                delete::set_blocked(tx, permit, true, guard, ctx).await.map(drop)?;
            }
            Self::Delete => {
                let permit = door.authorise(tx, ctx, DeleteUser { user }).await?;
                delete::delete(tx, permit, None, guard, ctx).await?;
            }
            Self::Factors => {
                let permit = door.authorise(tx, ctx, ResetCredentials { user }).await?;
                assist::take_away(tx, permit, guard.reason, ctx).await?;
            }
        }
        Ok(())
    }
}

/// `GET /admin/users/{id}/{deactivate|block|delete|factors}`
pub(super) async fn get(
    State(portal): State<Portal>,
    person: SignedIn,
    Path((id, word)): Path<(String, String)>,
) -> PageResult {
    let stop = Stop::parse(&word).ok_or(Failure::NotFound)?;
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    stop.authorise_read(tx, &person, found.user.id).await?;
    show(tx, (&portal, &person), &found, stop, (&Errors::default(), None)).await
}

async fn show(
    tx: &mut Tx,
    (portal, person): (&Portal, &SignedIn),
    found: &Target,
    stop: Stop,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Users, &format!("user-{}-title", stop.word()));
    page.has_errors = !errors.is_empty();
    let intro = Some(page.t1(&format!("user-{}-intro", stop.word()), "name", found.name(&page)));
    let mut points = consequences(tx, person, &page, found, stop).await?;
    points.push(page.t1(&format!("user-{}-undo", stop.word()), "lasts", page.lasting(portal.retention)));
    let ends = stop != Stop::Factors;
    let last = last_holder_is(tx, person.app.door.roles(), PrincipalId::Person(found.user.id), person.ctx.now).await?;
    // Whoever is no operator is refused, and told before they write a reason.
    let passes = Scope::of(&person.authority, &[stop.permission()], person.ctx.now) == Scope::Everywhere;
    let key = if passes { "user-last-holder" } else { "user-last-refused" };
    let warning = last.filter(|_| ends).map(|last| page.t2(key, ("role", &last.role), ("level", &found.level)));
    let mut fields = vec![Field::text(&page, "reason", "user-reason").hint(&page, "user-reason-hint")];
    errors.fill(&mut fields, form);
    let back = format!("/admin/users/{}", found.user.id);
    let action = format!("{back}/{}", stop.word());
    let sections = vec![Section { fields, ..Section::default() }];
    let submit = format!("user-{}-now", stop.word());
    Ok(FormPage { intro, warning, points, sections, ..FormPage::asking(page, &back, action, &submit) }.show())
}

async fn consequences(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    found: &Target,
    stop: Stop,
) -> Result<Vec<String>, Failure> {
    if stop == Stop::Factors {
        let ways = own_store::count_ways(tx, found.user.id).await?;
        let phone = if found.user.phone.is_some() { "user-factors-phone" } else { "user-factors-no-phone" };
        let ways = page.count("user-factors-ways", u64::try_from(ways).unwrap_or(0));
        return Ok(vec![ways, page.t("user-factors-sessions"), page.t(phone)]);
    }
    let mut points = vec![page.t("user-stop-sign-in")];
    if stop == Stop::Delete {
        // Of memberships that the administrator does not see not even the number is told (D8).
        let seen = reach::visible_groups(person, &found.path);
        let memberships = access_store::list_held(tx, found.user.id).await?;
        let memberships =
            memberships.iter().filter(|held| seen.iter().any(|set| set.contains(held.application))).count();
        let target = PrincipalId::Person(found.user.id);
        let roles = delegation::store::list_of(tx, target).await?;
        let roles = roles.iter().filter(|role| role.valid_until.is_none_or(|end| person.ctx.now < end)).count();
        points.push(page.count("user-delete-memberships", memberships as u64));
        if !reach::are_all(&seen) {
            points.push(page.t("user-hidden-memberships"));
        }
        points.push(page.count("user-delete-roles", roles as u64));
    }
    Ok(points)
}

/// `POST /admin/users/{id}/{deactivate|block|delete|factors}`
pub(super) async fn post(
    State(portal): State<Portal>,
    person: SignedIn,
    Path((id, word)): Path<(String, String)>,
    form: Form,
) -> PageResult {
    let stop = Stop::parse(&word).ok_or(Failure::NotFound)?;
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let page = person.page(Area::Users, "users-title");
    let mut reader = Reader::new(&page, &form);
    let Some(reason) = reader.required("reason", "user-reason", |value| text::line(value, text::MAX_NAME)) else {
        stop.authorise_read(tx, &person, found.user.id).await?;
        return show(tx, (&portal, &person), &found, stop, (&reader.into_errors(), Some(&form))).await;
    };
    let user = found.user.id;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let guard = Guard { roles: person.app.door.roles(), reason: Some(&reason) };
        stop.act(tx, &person, user, guard).await
    });
    match done {
        Ok(()) => {
            person.app.door.changed();
            let back = if stop == Stop::Delete { "/admin/users".to_owned() } else { format!("/admin/users/{user}") };
            Ok(see_other(&format!("{back}?done={}", stop.done())))
        }
        Err(ChangeError::User(UserError::LastHolder(_))) => {
            let errors = Errors::one("reason", page.t("user-last"));
            show(tx, (&portal, &person), &found, stop, (&errors, Some(&form))).await
        }
        Err(error) => Err(error.into()),
    }
}
