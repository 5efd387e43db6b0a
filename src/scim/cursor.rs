//! Cursors (RFC 9865): where a page ended, sealed, so that they can neither be read nor made up, and bound to the caller and the
//! query for which they were given out. A page behind a cursor is found by the index of the order, and not by
//! counting through what lies before it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ScimError;
use super::list_request::{ListRequest, Start};
use super::page::Cut;
use super::request::Caller;
use super::router::Scim;
use crate::directory::listing::{Key, Position};
use crate::kernel::hex::hex;
use crate::kernel::random::Entropy;
use crate::kernel::seal::{Place, SealError};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::tokens::Kek;

/// How long a cursor is good for.
pub const LASTS: Duration = Duration::from_hours(1);

/// Longest text that is read as a cursor, in octets.
const MAX_LENGTH: usize = 4096;

/// What is sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    until: Timestamp,
    total: i64,
    after: Position,
}

impl Inside {
    /// What a cursor holds, if it was given out under this key for what it is bound to.
    pub fn open(kek: &Kek, bound_to: &str, text: &str) -> Option<Self> {
        let sealed =
            Some(text).filter(|text| text.len() <= MAX_LENGTH).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())?;
        let plain = kek.open(place(bound_to), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// A cursor of these octets.
pub fn seal(kek: &Kek, bound_to: &str, plain: &[u8], entropy: &Entropy) -> Result<String, SealError> {
    Ok(URL_SAFE_NO_PAD.encode(kek.seal(place(bound_to), plain, entropy)?))
}

/// The cursors of one list for one caller.
#[derive(Debug)]
pub struct Cursors<'a> {
    scim: &'a Scim,
    caller: &'a Caller,
    kind: &'a str,
    request: &'a ListRequest,
    start: &'a Start,
}

/// Where a page begins, read out of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Begin {
    /// Behind this position.
    pub after: Option<Position>,
    /// After how many.
    pub offset: i64,
    /// How many there are in all, as counted for the first page.
    pub total: Option<i64>,
}

impl<'a> Cursors<'a> {
    /// Those of a list of resources of this kind.
    pub fn of((scim, caller): (&'a Scim, &'a Caller), kind: &'a str, request: &'a ListRequest) -> Self {
        Self { scim, caller, kind, request, start: &request.start }
    }

    /// Whom and what they are for; worked out only where there is a cursor.
    fn bound_to(&self) -> String {
        let text = |part: Option<String>| part.unwrap_or_default();
        let parts = [
            self.kind.to_owned(),
            self.caller.client.to_string(),
            format!("{:?}", self.caller.ctx.actor),
            text(self.request.filter.as_ref().map(ToString::to_string)),
            text(self.request.sort_by.as_ref().map(ToString::to_string)),
            self.request.descending.to_string(),
        ];
        hex(Digest::of(parts.join("\0").as_bytes()).as_bytes())
    }

    /// Whether the request is for a page behind a cursor.
    pub fn are_wanted(&self) -> bool {
        matches!(self.start, Start::Cursor(_))
    }

    /// Where the page begins.
    pub fn begin(&self) -> Result<Begin, ScimError> {
        let text = match self.start {
            Start::Index(_) => return Ok(Begin { offset: self.start.offset(), ..Begin::default() }),
            Start::Cursor(text) if text.is_empty() => return Ok(Begin::default()),
            Start::Cursor(text) => text,
        };
        let inside = Inside::open(&self.kek(), &self.bound_to(), text).ok_or(ScimError::InvalidCursor)?;
        if inside.until <= self.caller.ctx.now {
            return Err(ScimError::ExpiredCursor);
        }
        Ok(Begin { after: Some(inside.after), offset: 0, total: Some(inside.total) })
    }

    /// As [`Cursors::begin`], for lists in the order of ids.
    pub fn begin_by_id(&self) -> Result<(Option<Uuid>, Begin), ScimError> {
        let begin = self.begin()?;
        match begin.after.as_deref() {
            None => Ok((None, begin)),
            Some([Key::Id(id)]) => Ok((Some(*id), begin)),
            Some(_) => Err(ScimError::InvalidCursor),
        }
    }

    /// How the page is cut that ends at this position, the last if there is none.
    pub fn cut(&self, end: Option<Position>, total: i64) -> Result<Cut, ScimError> {
        let (first, end) = match (self.start, end) {
            (Start::Index(first), _) => return Ok(Cut::Index(*first)),
            (Start::Cursor(_), None) => return Ok(Cut::Cursor(None)),
            (Start::Cursor(_), Some(end)) => (self.caller.ctx.now.plus(LASTS), end),
        };
        let internal = |error: Box<dyn std::error::Error + Send + Sync>| ScimError::Internal(error);
        let plain = serde_json::to_vec(&Inside { until: first, total, after: end }).map_err(|e| internal(e.into()))?;
        let sealed = seal(&self.kek(), &self.bound_to(), &plain, &self.caller.ctx.entropy);
        Ok(Cut::Cursor(Some(sealed.map_err(|e| internal(e.into()))?)))
    }

    fn kek(&self) -> Kek {
        self.scim.tokens.keys.kek().derived("scim cursors")
    }
}

fn place(bound_to: &str) -> Place<'_> {
    Place { table: "scim", row: bound_to, column: "cursor" }
}
