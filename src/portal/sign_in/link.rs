//! The pages behind mailed links: a code by phone, then a new password. Opening a page uses nothing up (AU-30), and
//! neither way signs anybody in (AU-27).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::otp::{code_field, lead};
use super::state::StateTemplate;
use crate::db::transact;
use crate::directory::user::{self, model::User};
use crate::factors::links::{self, Purpose as LinkPurpose};
use crate::factors::policy::PolicyError;
use crate::factors::renew::{Renewal, Renewed, renew};
use crate::factors::{new_password, phone_store};
use crate::kernel::ctx::Channel;
use crate::kernel::ids::SignInId;
use crate::kernel::password_rules::PasswordRules;
use crate::kernel::secret::Token;
use crate::kernel::text::fold;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::password;
use crate::sessions::code::{Begin, begin, is_open};
use crate::sessions::refused::record_over;
use crate::sessions::sign_in::{Purpose, SignIn};
use crate::sessions::sign_in_store;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/link.html")]
struct LinkTemplate {
    page: Page,
    lead: String,
    path: String,
    sign_in: Option<String>,
    fields: Vec<Field>,
    button: String,
}

type LinkPath = Path<String>;

/// A link about a change of address has a page of its own (`contact.rs`).
fn code_purpose(purpose: LinkPurpose) -> Purpose {
    match purpose {
        LinkPurpose::Activation => Purpose::Activation,
        LinkPurpose::Recovery | LinkPurpose::Contact | LinkPurpose::NewEmail | LinkPurpose::Expired => {
            Purpose::Recovery
        }
    }
}

fn title_key(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Activation => "activate-title",
        LinkPurpose::Recovery | LinkPurpose::Contact | LinkPurpose::NewEmail | LinkPurpose::Expired => "recovery-title",
    }
}

/// `GET /recover/{token}`
pub(super) async fn get_recovery(State(portal): State<Portal>, info: RequestInfo, Path(token): LinkPath) -> PageResult {
    show(&portal, &info, LinkPurpose::Recovery, token).await
}

/// `GET /activate/{token}`
pub(super) async fn get_activation(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): LinkPath,
) -> PageResult {
    show(&portal, &info, LinkPurpose::Activation, token).await
}

/// `POST /recover/{token}/code`
pub(super) async fn send_recovery(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): LinkPath,
    _: Form,
) -> PageResult {
    send(&portal, &info, LinkPurpose::Recovery, token).await
}

/// `POST /activate/{token}/code`
pub(super) async fn send_activation(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): LinkPath,
    _: Form,
) -> PageResult {
    send(&portal, &info, LinkPurpose::Activation, token).await
}

/// `POST /recover/{token}`
pub(super) async fn post_recovery(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): LinkPath,
    form: Form,
) -> PageResult {
    finish(&portal, &info, LinkPurpose::Recovery, token, &form).await
}

/// `POST /activate/{token}`
pub(super) async fn post_activation(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): LinkPath,
    form: Form,
) -> PageResult {
    finish(&portal, &info, LinkPurpose::Activation, token, &form).await
}

/// Whose link this is, if it still works.
async fn owner(
    portal: &Portal,
    info: &RequestInfo,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<User>, Failure> {
    let tx = &mut portal.app.db.reader().await?;
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let Some(id) = links::find(tx, purpose, &Token::from_text(token).digest(), &ctx).await? else { return Ok(None) };
    Ok(user::store::find(tx, id).await?)
}

pub(in crate::portal) fn dead(portal: &Portal, info: &RequestInfo) -> Response {
    let mut page = Page::new(&portal.app, info, "link-dead-title");
    page.narrow = true;
    let texts = vec![page.t("link-dead-text")];
    render(&StateTemplate {
        texts,
        link: "/recover".to_owned(),
        link_text: page.t("recover-title"),
        client: None,
        hidden: Vec::new(),
        page,
    })
}

/// The code of this browser that is under way for the link of this person.
async fn under_way(
    portal: &Portal,
    info: &RequestInfo,
    purpose: LinkPurpose,
    user: &User,
) -> Result<Option<SignIn>, Failure> {
    let tx = &mut portal.app.db.reader().await?;
    let found = sign_in_store::find(tx, &info.browser.digest()).await?;
    Ok(found.filter(|found| {
        found.purpose == code_purpose(purpose) && found.user == Some(user.id) && is_open(found, info.now)
    }))
}

async fn show(portal: &Portal, info: &RequestInfo, purpose: LinkPurpose, token: String) -> PageResult {
    let Some(user) = owner(portal, info, purpose, &token).await? else { return Ok(dead(portal, info)) };
    let under_way = under_way(portal, info, purpose, &user).await?;
    let mut page = Page::new(&portal.app, info, title_key(purpose));
    page.narrow = true;
    let rules = portal.factors.password_rules(&portal.app.db, &user).await?;
    let problem = problem(&page, &rules);
    page.has_errors = problem.is_some();
    let path = format!("/{}/{token}", purpose.as_str());
    let takes_any = code_purpose(purpose).takes_any_code();
    let ways = phone_store::find_ways(&mut portal.app.db.reader().await?, user.id).await?;
    let first = match &user.phone {
        _ if takes_any && ways.by_app => page.t("link-lead-app"),
        Some(phone) => page.t1("link-lead", "ending", phone.ending()),
        None => page.t("link-lead-app"),
    };
    if user.phone.is_none() && !(takes_any && ways.without_phone) {
        let texts = vec![page.t("link-no-phone")];
        return Ok(render(&StateTemplate {
            texts,
            link: "/help".to_owned(),
            link_text: page.t("footer-help"),
            client: None,
            hidden: Vec::new(),
            page,
        }));
    }
    let Some(sign_in) = under_way else {
        let lead = first;
        let sends = user.phone.is_some() && !(takes_any && ways.by_app);
        let button = page.t(if sends { "link-send" } else { "login-continue" });
        return Ok(render(&LinkTemplate { lead, path, sign_in: None, fields: Vec::new(), button, page }));
    };
    let (wrong_code, wrong_password) = match problem {
        Some(("code", text)) => (Some(text), None),
        Some((_, text)) => (None, Some(text)),
        None => (None, None),
    };
    let fields = vec![
        code_field(&page, code_purpose(purpose)).error(wrong_code),
        password::field(&page, "password", "link-password", &rules).id("new-password").error(wrong_password),
    ];
    let lead = lead(portal, &page, &sign_in).await?;
    let button = page.t("link-finish");
    Ok(render(&LinkTemplate { lead, path, sign_in: Some(sign_in.id.to_string()), fields, button, page }))
}

/// The field at fault and what to say, from the address.
pub(super) fn problem(page: &Page, rules: &PasswordRules) -> Option<(&'static str, String)> {
    let query = page.path.split_once('?')?.1;
    let (_, named) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "problem")?;
    match named.as_ref() {
        "code" => Some(("code", page.t("otp-wrong"))),
        word => {
            let error = PolicyError::ALL.into_iter().find(|error| error.as_str() == word)?;
            Some(("password", password::problem(page, error, rules)))
        }
    }
}

async fn send(portal: &Portal, info: &RequestInfo, purpose: LinkPurpose, token: String) -> PageResult {
    let Some(user) = owner(portal, info, purpose, &token).await? else { return Ok(dead(portal, info)) };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let key = portal.factors.key(&portal.app.db, &ctx).await?;
    let email = user.email.as_ref().map(|email| fold(email.as_str())).unwrap_or_default();
    let browser = info.browser.digest();
    let of = Begin {
        purpose: code_purpose(purpose),
        email: &email,
        user: Some(&user),
        right: true,
        tried: "",
        number: None,
        browser: &browser,
        locale: info.locale.tag(),
    };
    let begun: Result<_, crate::db::Error> =
        transact!(portal.app.db, tx => begin(tx, &portal.factors, key, of, &ctx).await);
    begun?;
    Ok(see_other(&format!("/{}/{token}", purpose.as_str())))
}

async fn finish(portal: &Portal, info: &RequestInfo, purpose: LinkPurpose, token: String, form: &Form) -> PageResult {
    let path = format!("/{}/{token}", purpose.as_str());
    let Some(user) = owner(portal, info, purpose, &token).await? else { return Ok(dead(portal, info)) };
    let Ok(sign_in) = form.text("sign_in").parse::<SignInId>() else { return Ok(see_other(&path)) };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let browser = info.browser.digest();
    let under_way = under_way(portal, info, purpose, &user).await?;
    if under_way.is_none_or(|found| found.id != sign_in) {
        // No code of this browser could be right: nothing is hashed or compared for it.
        record_over(&portal.app.db, &portal.factors, (sign_in, &browser), &ctx).await?;
        return Ok(see_other(&path));
    }
    // Judged before the code is tried, so that a weak password costs no try.
    let hash = match new_password::hash(&portal.app.db, &portal.factors, &user, form.text("password"), &ctx).await {
        Ok(hash) => hash,
        Err(error) => {
            let problem = password::refused(error)?.as_str();
            return Ok(see_other(&format!("{path}?problem={problem}")));
        }
    };
    let key = portal.factors.key(&portal.app.db, &ctx).await?;
    let link = Token::from_text(token).digest();
    let kept = portal.factors.password_rules(&portal.app.db, &user).await?.remembered();
    let code = form.text("code");
    let renewal = Renewal { purpose, link: &link, browser: &browser, sign_in, code, hash: &hash, kept };
    let renewed: Result<_, crate::db::Error> =
        transact!(portal.app.db, tx => renew(tx, (&portal.factors, key), renewal, &ctx).await);
    let renewed = renewed?;
    if renewed == Renewed::Over {
        record_over(&portal.app.db, &portal.factors, (sign_in, &browser), &ctx).await?;
    }
    Ok(see_other(&match renewed {
        Renewed::Done => "/login?done=password-set".to_owned(),
        Renewed::Wrong => format!("{path}?problem=code"),
        Renewed::Over => path,
    }))
}
