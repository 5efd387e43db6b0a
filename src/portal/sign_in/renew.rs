//! A password that has expired is replaced right after both factors (I65); then one signs in with the new one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::link::problem;
use super::next::{Next, allow};
use super::state::StateTemplate;
use crate::db::transact;
use crate::directory::user::model::User;
use crate::factors::new_password;
use crate::kernel::ctx::Channel;
use crate::kernel::secret::Token;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::password;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/renew.html")]
struct RenewTemplate {
    page: Page,
    path: String,
    lead: String,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
}

async fn owner(portal: &Portal, info: &RequestInfo, token: &str) -> Result<Option<User>, Failure> {
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let tx = &mut portal.app.db.reader().await?;
    Ok(new_password::expired(tx, (&Token::from_text(token).digest(), &info.browser.digest()), &ctx).await?)
}

fn over(portal: &Portal, info: &RequestInfo, next: &Next) -> Response {
    let mut page = Page::new(&portal.app, info, "link-dead-title");
    page.narrow = true;
    let texts = vec![page.t("renew-over-text")];
    let (link, link_text) = (next.link("/login", &[]), page.t("login-title"));
    render(&StateTemplate { texts, link, link_text, client: None, hidden: Vec::new(), page })
}

/// `GET /renew/{token}`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo, Path(token): Path<String>) -> PageResult {
    let next = Next::of_query(&info);
    let Some(user) = owner(&portal, &info, &token).await? else { return Ok(over(&portal, &info, &next)) };
    let parked = next.parked(&portal, &info).await?;
    let rules = portal.factors.password_rules(&portal.app.db, &user).await?;
    let mut page = Page::new(&portal.app, &info, "renew-title");
    page.narrow = true;
    let wrong = problem(&page, &rules).map(|(_, text)| text);
    page.has_errors = wrong.is_some();
    let days = rules.max_age.map_or(0, |age| age.as_secs() / 86_400);
    let template = RenewTemplate {
        path: format!("/renew/{token}"),
        lead: page.t1("renew-text", "days", days),
        fields: vec![password::field(&page, "password", "link-password", &rules).id("new-password").error(wrong)],
        hidden: next.fields(),
        page,
    };
    Ok(allow(render(&template), parked.as_ref()))
}

/// `POST /renew/{token}`
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
    form: Form,
) -> PageResult {
    let next = Next::of_form(&form);
    let Some(user) = owner(&portal, &info, &token).await? else { return Ok(over(&portal, &info, &next)) };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let hash = match new_password::hash(&portal.app.db, &portal.factors, &user, form.text("password"), &ctx).await {
        Ok(hash) => hash,
        Err(error) => {
            let problem = password::refused(error)?.as_str();
            return Ok(see_other(&next.link(&format!("/renew/{token}"), &[("problem", problem)])));
        }
    };
    let (link, browser) = (Token::from_text(token).digest(), info.browser.digest());
    let given = (hash.as_str(), portal.factors.password_rules(&portal.app.db, &user).await?.remembered());
    let done: crate::db::Result<bool> =
        transact!(portal.app.db, tx => new_password::replace_expired(tx, (&link, &browser), given, &ctx).await);
    if !done? {
        return Ok(over(&portal, &info, &next));
    }
    Ok(see_other(&next.link("/login", &[("done", "password-set")])))
}
