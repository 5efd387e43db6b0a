//! The page after signing out: what was told, and the frames by which applications are told in this browser (OIDC Front-Channel
//! Logout 1.0 §3).

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use url::Url;

use crate::db::{self, Tx};
use crate::kernel::ids::SessionId;
use crate::portal::Portal;
use crate::sessions::store::{self, Used};
use crate::web::headers::FrameSource;
use crate::web::respond::render;
use crate::web::{App, Page, RequestInfo};

/// Most frames in one page; applications whose frames are beyond are named among those that are not told.
const MAX_FRAMES: usize = 100;

/// A frame: whose, and which address.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    name: String,
    address: Url,
}

/// What is left to tell when a session ends, read before it does.
#[derive(Debug)]
pub(super) struct Farewell {
    used: Vec<Used>,
    /// Those of them that get all of their frames.
    framed: BTreeSet<usize>,
    frames: Vec<Frame>,
}

#[derive(Template)]
#[template(path = "pages/sign_in/logged_out.html")]
struct LoggedOutTemplate {
    page: Page,
    told: Vec<String>,
    untold: Vec<String>,
    frames: Vec<Frame>,
    next: String,
    /// Whether the page leads on by itself, to an application that asked for the sign-out.
    leads: bool,
}

impl Farewell {
    /// Reads it.
    pub(super) async fn of(tx: &mut Tx, session: SessionId, app: &App) -> db::Result<Self> {
        // As in ID tokens.
        let issuer = app.link("");
        let used = store::list_clients(tx, session).await?;
        let by_frames = used.iter().enumerate();
        let by_frames = by_frames.filter(|(_, one)| one.settings.frontchannel_logout_uri.is_some()).map(|(nr, _)| nr);
        let by_frames: Vec<usize> = by_frames.collect();
        // Which of the ids an application knows is not known here: it is told all of them.
        let sids = if by_frames.is_empty() { Vec::new() } else { store::list_ids(tx, session).await? };
        let framed: BTreeSet<usize> = by_frames.into_iter().take(MAX_FRAMES / sids.len().max(1)).collect();
        let applications = used.iter().enumerate().filter(|(nr, _)| framed.contains(nr)).map(|(_, one)| one);
        let frames = applications.flat_map(|one| {
            let uri = one.settings.frontchannel_logout_uri.as_deref().unwrap_or_default();
            sids.iter().filter_map(|sid| frame(&one.name, uri, (&issuer, &app.subjects.session(*sid, &one.settings))))
        });
        let frames = frames.collect();
        Ok(Self { used, framed, frames })
    }

    /// Names of the applications that are told, and of those that are not.
    pub(super) fn names(&self) -> (Vec<String>, Vec<String>) {
        let all = self.used.iter().enumerate();
        let (told, untold): (Vec<_>, Vec<_>) =
            all.partition(|(nr, one)| one.is_told_by_us() || self.framed.contains(nr));
        let names = |some: Vec<(usize, &Used)>| some.into_iter().map(|(_, one)| one.name.clone()).collect();
        (names(told), names(untold))
    }

    /// The page, if anybody is told by it.
    pub(super) fn page(self, portal: &Portal, info: &RequestInfo, (next, leads): (String, bool)) -> Option<Response> {
        if self.frames.is_empty() {
            return None;
        }
        let (told, untold) = self.names();
        let mut page = Page::new(&portal.app, info, "logged-out-title");
        page.narrow = true;
        let sources = FrameSource(self.frames.iter().map(|frame| frame.address.clone()).collect());
        let mut response = render(&LoggedOutTemplate { page, told, untold, frames: self.frames, next, leads });
        response.extensions_mut().insert(sources);
        Some(response)
    }
}

/// The registered address with `iss` and `sid` (§2).
fn frame(name: &str, uri: &str, (issuer, sid): (&str, &str)) -> Option<Frame> {
    let mut address = Url::parse(uri).ok()?;
    address.query_pairs_mut().append_pair("iss", issuer).append_pair("sid", sid);
    Some(Frame { name: name.to_owned(), address })
}
