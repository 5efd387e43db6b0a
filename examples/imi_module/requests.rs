//! Requests between authorities. An example keeps them in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::common::organisation::Organisation;

/// No more requests are kept.
const MOST: usize = 1_000;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Under way.
    Open,
    /// Answered.
    Answered,
    /// Refused.
    Refused,
}

impl State {
    /// The word shown.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Answered => "Answered",
            Self::Refused => "Refused",
        }
    }
}

/// A question of one authority to another.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Counted from one.
    pub number: usize,
    /// Who asks.
    pub from: Organisation,
    /// Who is asked.
    pub to: Organisation,
    /// In one line.
    pub subject: String,
    /// The question.
    pub text: String,
    /// Who has written it.
    pub by: String,
    /// Where it stands.
    pub state: State,
    /// What was answered.
    pub answer: String,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Requests(Mutex<Vec<Request>>);

impl Requests {
    /// Sends one; `None` when there are too many.
    pub(crate) fn send(&self, new: Request) -> Option<usize> {
        let mut all = self.lock();
        let number = all.len() + 1;
        (number <= MOST).then(|| all.push(Request { number, ..new })).map(|()| number)
    }

    /// Those that an authority has sent or received, the newest first.
    pub(crate) fn list_of(&self, authority: &str) -> Vec<Request> {
        let all = self.lock();
        all.iter().rev().filter(|one| one.from.id == authority || one.to.id == authority).cloned().collect()
    }

    /// One of them; nobody else's is found.
    pub(crate) fn find(&self, number: usize, authority: &str) -> Option<Request> {
        self.list_of(authority).into_iter().find(|one| one.number == number)
    }

    /// The authority that was asked answers or refuses, once; tells whether it did.
    pub(crate) fn settle(&self, number: usize, authority: &str, (state, answer): (State, &str)) -> bool {
        let mut all = self.lock();
        let mut asked = all.iter_mut().filter(|one| one.to.id == authority && one.state == State::Open);
        let Some(found) = asked.find(|one| one.number == number) else { return false };
        (found.state, found.answer) = (state, answer.to_owned());
        true
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
