//! Recovery codes: shown once, to be printed, copied or kept as a file.

use askama::Template;
use axum::extract::State;
use zeroize::Zeroizing;

use super::failure;
use crate::db::transact;
use crate::factors::own::FactorError;
use crate::factors::recovery_code::make::make;
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "pages/account/factor/codes.html")]
struct CodesTemplate {
    page: Page,
    codes: Vec<Zeroizing<String>>,
    file: String,
}

/// `POST /security/recovery-codes`: new ones; those before are void.
pub(in crate::portal::account) async fn post(State(portal): State<Portal>, person: SignedIn, _: Form) -> PageResult {
    let who = (&person.user, &person.session);
    let made: Result<Vec<Zeroizing<String>>, FactorError> =
        transact!(person.app.db, tx => make(tx, &portal.factors, who, &person.ctx).await);
    let codes = made.map_err(failure)?;
    let page = person.page(Area::Account, "recovery-codes-title");
    let lines: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let text = format!("{}\r\n{}\r\n\r\n{}\r\n", page.t("brand"), page.t("recovery-codes-title"), lines.join("\r\n"));
    let file = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string();
    Ok(render(&CodesTemplate { page, codes, file }))
}
