//! Telling somebody the user name that was made up for them (I17, I18).

use axum::extract::Path;

use super::target::{self, Target};
use crate::authority::action::ResetCredentials;
use crate::db::transact;
use crate::directory::user::model::Status;
use crate::directory::user::tell_name::{self, Told};
use crate::kernel::user_names::UserNames;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// The name to be told, and the field for how it was; `None` when there is nothing to tell, or not by the reader.
pub(super) fn waiting(person: &SignedIn, page: &Page, found: &Target, may_reset: bool) -> Option<(String, Field)> {
    let user = &found.user;
    let is_made_up = person.app.user_names == UserNames::Assigned && user.has_plain_name();
    let is_open = user.user_name_told_at.is_none()
        && !user.self_registered
        && matches!(user.status(person.ctx.now), Status::New | Status::Active);
    if !(is_made_up && is_open && may_reset) {
        return None;
    }
    let ways = Told::ALL.map(Told::as_str).map(|way| Choice::new(way, page.t(&format!("user-name-by-{way}")), "phone"));
    Some((user.user_name.clone(), Field::select(page, "by", "user-name-by", ways.to_vec())))
}

/// `POST /admin/users/{id}/user-name`: it was told.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let user = target::find(&mut person.app.db.reader().await?, &person, &id).await?.user.id;
    let way = Told::parse(form.text("by")).ok_or(Failure::BadRequest)?;
    let done: Result<bool, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ResetCredentials { user }).await?;
        Ok(tell_name::confirm(tx, permit, way, &person.ctx).await?)
    });
    done?;
    Ok(see_other(&format!("/admin/users/{user}?done=user-name-told")))
}
