//! The four stages of a registration (I38), and its state, in words.

use crate::directory::registration::model::{Registration, State};
use crate::kernel::time::Timestamp;
use crate::web::Page;

/// One of the four.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Stage {
    /// What is done in it.
    pub(in crate::portal) text: String,
    /// `done`, `current` or `coming`.
    pub(in crate::portal) kind: &'static str,
    /// That it is done, for those who do not see it.
    pub(in crate::portal) note: Option<String>,
}

/// All four, as far as it has come.
pub(in crate::portal) fn stages(page: &Page, state: State) -> Vec<Stage> {
    let at = match state {
        State::Draft => 0,
        State::Sent | State::Opened | State::Returned | State::Withdrawn => 1,
        State::Registered | State::Approved | State::Refused => 2,
        State::Validated => 3,
    };
    let keys = [
        "registration-stage-invite",
        "registration-stage-register",
        "registration-stage-validate",
        "registration-stage-modules",
    ];
    let stage = |(number, key): (usize, &str)| {
        let kind = match number.cmp(&at) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "current",
            std::cmp::Ordering::Greater => "coming",
        };
        Stage { text: page.t(key), kind, note: (kind == "done").then(|| page.t("registration-stage-done")) }
    };
    keys.into_iter().enumerate().map(stage).collect()
}

/// Kind and text of the badge (I32).
pub(in crate::portal) fn badge(page: &Page, case: &Registration, now: Timestamp) -> (&'static str, String) {
    if case.is_expired(now) {
        return ("expired", page.t("registration-state-expired"));
    }
    let kind = match case.state {
        State::Draft | State::Sent | State::Opened | State::Returned => "new",
        State::Registered | State::Approved | State::Validated => "active",
        State::Refused | State::Withdrawn => "blocked",
    };
    (kind, page.t(&format!("registration-state-{}", case.state.as_str())))
}
