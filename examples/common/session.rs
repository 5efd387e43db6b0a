//! Browser sessions in memory: an opaque cookie, nothing in it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, HeaderValue, header};
use openidconnect::CsrfToken;
use serde_json::Value;

use super::relying_party::{Identity, Pending};

/// Oldest sign-ins are dropped beyond this many begun and never finished.
const MOST_PENDING: usize = 1_000;

/// The sessions of one application.
pub(crate) struct Sessions {
    cookie: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pending: HashMap<String, Pending>,
    signed_in: HashMap<String, Session>,
}

/// A signed-in browser.
#[derive(Clone)]
pub(crate) struct Session {
    /// Who it is.
    pub identity: Identity,
    /// Goes into every form and must come back with it: another site cannot know it.
    pub form_token: String,
}

impl Session {
    /// Whether it is this session of this person. What is not told is no restriction, but one of both is.
    fn is(&self, sub: Option<&str>, sid: Option<&str>) -> bool {
        let same_session = sid.is_none_or(|sid| self.identity.claims.sid.as_deref() == Some(sid));
        (sub.is_some() || sid.is_some()) && sub.is_none_or(|sub| self.identity.subject == sub) && same_session
    }
}

impl Sessions {
    /// Sessions under a cookie of their own; cookies know no ports, so the name must tell apart
    /// applications on one host.
    pub(crate) fn new(application: &str, port: u16) -> Self {
        Self { cookie: format!("{application}_{port}"), state: Mutex::default() }
    }

    /// The session of this browser, when it has one.
    pub(crate) fn find(&self, headers: &HeaderMap) -> Option<Session> {
        self.lock().signed_in.get(&self.read(headers)?).cloned()
    }

    /// Remembers a sign-in that begins in this browser; returns the cookie to set.
    pub(crate) fn begin(&self, pending: Pending) -> HeaderValue {
        let id = random();
        let mut state = self.lock();
        if state.pending.len() >= MOST_PENDING {
            state.pending.clear();
        }
        state.pending.insert(id.clone(), pending);
        self.set(&id)
    }

    /// Takes back the sign-in that this browser began; a second answer to it finds nothing.
    pub(crate) fn take_pending(&self, headers: &HeaderMap) -> Option<Pending> {
        let id = self.read(headers)?;
        self.lock().pending.remove(&id)
    }

    /// Opens a session under a fresh identifier; returns the cookie to set.
    pub(crate) fn open(&self, identity: Identity) -> HeaderValue {
        let id = random();
        self.lock().signed_in.insert(id.clone(), Session { identity, form_token: random() });
        self.set(&id)
    }

    /// Ends the session of this browser and returns it.
    pub(crate) fn close(&self, headers: &HeaderMap) -> Option<Session> {
        let id = self.read(headers)?;
        self.lock().signed_in.remove(&id)
    }

    /// Ends what somebody has here: one session of the provider, or, without `sid`, all of them.
    pub(crate) fn end(&self, sub: Option<&str>, sid: Option<&str>) {
        self.lock().signed_in.retain(|_, session| !session.is(sub, sid));
    }

    /// Claims about somebody have changed: whatever they open or do here follows from the next page on.
    pub(crate) fn change(&self, sub: Option<&str>, sid: Option<&str>, told: &Value) {
        for session in self.lock().signed_in.values_mut().filter(|session| session.is(sub, sid)) {
            session.identity.claims.change(told);
        }
    }

    fn read(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split("; ")).filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == self.cookie).map(|(_, value)| value.to_owned())
    }

    fn set(&self, id: &str) -> HeaderValue {
        let text = format!("{}={id}; Path=/; HttpOnly; SameSite=Lax", self.cookie);
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 256 random bits as text.
fn random() -> String {
    CsrfToken::new_random_len(32).secret().clone()
}
