//! A sign-in under way, as a state machine (E18–E27). Pure. The password is behind it when it begins; the code ends it.

use crate::factors::phone_code::{
    LIFETIME, PhoneChannel, RESEND_AFTER, RESENDS_PER_SIGN_IN, TRIES_PER_CODE, TRIES_PER_SIGN_IN,
};
use crate::kernel::ids::{SignInId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;

/// What a code is asked for. A code for one purpose is nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To replace a forgotten password.
    Recovery,
    /// To activate an account.
    Activation,
    /// To prove both factors again in a session (AU-14).
    StepUp,
    /// To prove a new phone number of one's own (AU-14).
    NewPhone,
}

impl Purpose {
    /// Whether codes of an app and of a list are taken, too. A new number is proved by a code to it, and a new account by its number.
    pub fn takes_any_code(self) -> bool {
        matches!(self, Self::SignIn | Self::Recovery | Self::StepUp)
    }

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Recovery => "recovery",
            Self::Activation => "activation",
            Self::StepUp => "step_up",
            Self::NewPhone => "new_phone",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::SignIn, Self::Recovery, Self::Activation, Self::StepUp, Self::NewPhone];
        all.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// Where a sign-in stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A code may be entered.
    AwaitingCode,
    /// The code was tried too often; another one may be asked for.
    CodeSpent,
    /// Too many tries; begin anew.
    Exhausted,
    /// Three minutes are over; begin anew (E24).
    Expired,
}

/// Why no further code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoResend {
    /// The last one is younger than half a minute.
    TooSoon,
    /// This sign-in had its share.
    TooMany,
    /// It is over.
    Over,
}

/// A sign-in under way in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its id, carried by its forms so that two tabs do not mix (SE-10).
    pub id: SignInId,
    /// The browser it belongs to.
    pub browser: Digest,
    /// What the code is asked for.
    pub purpose: Purpose,
    /// Whose; `None` where e-mail or password was wrong: no code is right then.
    pub user: Option<UserId>,
    /// The epoch of the account when it began.
    pub user_epoch: i64,
    /// The digest of the folded address, known or not.
    pub account: Digest,
    /// The last two digits shown.
    pub ending: String,
    /// The number that is to be proved, where it is not the account's own yet.
    pub number: Option<PhoneNumber>,
    /// The channel chosen.
    pub channel: PhoneChannel,
    /// The code, as digest.
    pub code: Option<Digest>,
    /// When the code was sent.
    pub code_sent_at: Timestamp,
    /// When the code dies.
    pub code_expires_at: Timestamp,
    /// Tries of this code.
    pub code_tries: i64,
    /// Tries of all codes.
    pub tries: i64,
    /// How often another code was asked for.
    pub resends: i64,
    /// When it began.
    pub started_at: Timestamp,
}

impl SignIn {
    /// Where it stands at `now`.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if now >= self.code_expires_at {
            Stage::Expired
        } else if self.tries >= TRIES_PER_SIGN_IN
            || (self.code_tries >= TRIES_PER_CODE && self.resends >= RESENDS_PER_SIGN_IN)
        {
            Stage::Exhausted
        } else if self.code_tries >= TRIES_PER_CODE {
            Stage::CodeSpent
        } else {
            Stage::AwaitingCode
        }
    }

    /// Whether another code may be sent (AU-08).
    pub fn may_resend(&self, now: Timestamp) -> Result<(), NoResend> {
        match self.stage(now) {
            Stage::Expired | Stage::Exhausted => Err(NoResend::Over),
            Stage::AwaitingCode | Stage::CodeSpent if self.resends >= RESENDS_PER_SIGN_IN => Err(NoResend::TooMany),
            Stage::AwaitingCode | Stage::CodeSpent if now < self.code_sent_at.plus(RESEND_AFTER) => {
                Err(NoResend::TooSoon)
            }
            Stage::AwaitingCode | Stage::CodeSpent => Ok(()),
        }
    }

    /// With a new code: the old one is void, three minutes begin anew (E25, E26); tries of the sign-in stay (AU-07).
    pub fn resend(&mut self, channel: PhoneChannel, code: Option<Digest>, now: Timestamp) {
        self.channel = channel;
        self.code = code;
        self.code_sent_at = now;
        self.code_expires_at = now.plus(LIFETIME);
        self.code_tries = 0;
        self.resends += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::kernel::random::Entropy;

    fn begun(now: Timestamp) -> SignIn {
        SignIn {
            id: SignInId(Entropy::seeded(1).uuid(now)),
            browser: Digest::of(b"b"),
            purpose: Purpose::SignIn,
            user: None,
            user_epoch: 0,
            account: Digest::of(b"a"),
            ending: "89".to_owned(),
            number: None,
            channel: PhoneChannel::Sms,
            code: None,
            code_sent_at: now,
            code_expires_at: now.plus(LIFETIME),
            code_tries: 0,
            tries: 0,
            resends: 0,
            started_at: now,
        }
    }

    #[test]
    fn au_06_a_code_works_for_three_minutes_and_not_a_moment_longer() {
        let start = Timestamp::from_seconds(1_000);
        let sign_in = begun(start);
        assert_eq!(sign_in.stage(start.plus(Duration::from_millis(179_900))), Stage::AwaitingCode);
        assert_eq!(sign_in.stage(start.plus(LIFETIME)), Stage::Expired);
    }

    #[test]
    fn au_07_a_resend_gives_back_no_try_of_the_sign_in() {
        let mut now = Timestamp::from_seconds(1_000);
        let mut sign_in = begun(now);
        for resend in 0..3 {
            (sign_in.code_tries, sign_in.tries) = (3, sign_in.tries + 3);
            assert_eq!(sign_in.stage(now), Stage::CodeSpent);
            assert_eq!(sign_in.may_resend(now), Err(NoResend::TooSoon));
            now = now.plus(RESEND_AFTER);
            assert_eq!(sign_in.may_resend(now), Ok(()));
            sign_in.resend(PhoneChannel::Voice, None, now);
            assert_eq!(sign_in.resends, resend + 1);
        }
        assert_eq!(sign_in.may_resend(now.plus(RESEND_AFTER)), Err(NoResend::TooMany));
        sign_in.tries += 1;
        assert_eq!(sign_in.stage(now), Stage::Exhausted);
    }
}
