//! Where a registration stands, for the authority: by the link that it was mailed, without an account.

use axum::extract::{Path, State};

use super::applicant::{self, over};
use super::link::state;
use crate::directory::registration::store;
use crate::kernel::secret::Token;
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::portal::page::notice;
use crate::web::RequestInfo;

/// `GET /registration/{token}`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo, Path(token): Path<String>) -> PageResult {
    let tx = &mut portal.app.db.reader().await?;
    if token.len() > 100 {
        return Ok(over(&portal, &info));
    }
    let found = store::find_by_track(tx, &Token::from_text(token).digest()).await?;
    let Some(case) = found else { return Ok(over(&portal, &info)) };
    let mut page = applicant::page(&portal, &info, "registration-track-title");
    page.notice = notice(&page);
    Ok(state(page, &case, &info).show())
}
