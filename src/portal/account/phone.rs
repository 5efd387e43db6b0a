//! Another phone number of one's own: a code to the new number proves it (AU-14).

use axum::extract::State;

use super::security::{fresh, show};
use crate::db::{self, transact};
use crate::factors::change_phone::{self, Answer, AskError, Asking, Changed};
use crate::kernel::ids::SignInId;
use crate::kernel::text::PhoneNumber;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::sign_in::next::Next;
use crate::portal::sign_in::otp::{self, Place, over, send_again};
use crate::portal::signed_in::SignedIn;
use crate::sessions::refused::record_over;
use crate::sessions::sign_in::Purpose;
use crate::web::Form;
use crate::web::respond::see_other;

const NEW_PHONE: Place = Place {
    path: "/security/phone/code",
    purpose: Purpose::NewPhone,
    restart: "/security",
    expired: "/security?problem=phone-code",
    blocked: "/security?problem=phone-code",
};

/// `POST /security/phone`: a code is sent to the new number.
pub(super) async fn post(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    fresh(&person)?;
    let page = person.page(Area::Account, "menu-security");
    let number: PhoneNumber = match form.text("phone").parse() {
        Ok(number) => number,
        Err(error) => {
            let errors = Errors::one("phone", describe(&page, "security-phone-new", error));
            return show(&portal, &person, &errors, Some(&form)).await;
        }
    };
    let (ctx, browser) = (&person.ctx, person.info.browser.digest());
    let key = portal.factors.key(&person.app.db, ctx).await?;
    let asking =
        Asking { user: &person.user, session: &person.session, browser: &browser, locale: person.info.locale.tag() };
    let asked: Result<_, AskError> = transact!(person.app.db, tx => {
        change_phone::ask(tx, (&portal.factors, key), asking, &number, ctx).await
    });
    let text = match asked {
        Ok(_) => return Ok(see_other(NEW_PHONE.path)),
        Err(AskError::Stale) => return Err(Failure::StepUp),
        Err(AskError::Db(error)) => return Err(error.into()),
        Err(AskError::NotAccepted) => page.t("security-phone-refused"),
        Err(AskError::Same) => page.t("security-phone-same"),
    };
    show(&portal, &person, &Errors::one("phone", text), Some(&form)).await
}

/// `GET /security/phone/code`
pub(super) async fn get_code(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    otp::show(&NEW_PHONE, &portal, &person.info).await
}

/// `POST /security/phone/code`
pub(super) async fn post_code(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let next = Next::of_form(&form);
    let Ok(sign_in) = form.text("sign_in").parse::<SignInId>() else { return Ok(see_other(NEW_PHONE.restart)) };
    let (ctx, browser) = (&person.ctx, person.info.browser.digest());
    let key = portal.factors.key(&person.app.db, ctx).await?;
    let answer = Answer { sign_in, browser: &browser, code: form.text("code") };
    let changed: db::Result<Changed> = transact!(person.app.db, tx => change_phone::confirm(tx, (&portal.factors, key), &person.user, answer, ctx).await);
    let changed = changed?;
    if changed == Changed::Over {
        record_over(&person.app.db, &portal.factors, (sign_in, &browser), ctx).await?;
    }
    Ok(see_other(&match changed {
        Changed::Done => "/security?done=phone-changed".to_owned(),
        Changed::Wrong => next.link(NEW_PHONE.path, &[("problem", "wrong")]),
        Changed::Over => over(&NEW_PHONE, &portal, &person.info, sign_in, &next).await?,
    }))
}

/// `POST /security/phone/code/resend`
pub(super) async fn resend(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    send_again(&NEW_PHONE, &portal, &person.info, &form).await
}
