//! From a message to words.

use std::time::Duration;

use url::Url;

use super::message::Message;
use super::outbox::Channel;
use crate::kernel::ctx::LinkLives;
use crate::kernel::secret::Sealed;
use crate::locale::{Locale, Tongue, Wording, lasting, t, t_with};

/// A message in words. Shown by nothing: it may hold a code or a link (IN-06).
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, for mail only.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered(…)")
    }
}

/// What every message needs to know about this installation.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The public address; links start with it, and SMS codes are bound to its host.
    pub public_url: Url,
    /// Whom people can ask, in one line; empty if nobody (E08).
    pub support: String,
    /// How long links in mails work.
    pub links: LinkLives,
    /// What organisations are called.
    pub wording: Wording,
}

impl Sender {
    /// One whom nobody can ask, with the usual lives of links and words.
    pub fn of(public_url: Url) -> Self {
        Self { public_url, support: String::new(), links: LinkLives::default(), wording: Wording::default() }
    }

    fn link(&self, path: &str, token: &Sealed) -> String {
        format!("{}/{}", self.page(path), token.reveal())
    }

    fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// Puts a message into words for one channel and language.
pub fn render(message: &Message, channel: Channel, locale: Locale, sender: &Sender) -> Rendered {
    let tongue = Tongue { locale, wording: sender.wording };
    let service = t(tongue, "brand");
    let lasts = lasting(locale, life(message, sender));
    let with_support = |text: String| {
        if sender.support.is_empty() {
            return text;
        }
        format!("{text}\n\n{}", t_with(tongue, "message-support", &[("contact", &sender.support)]))
    };
    let mail = |key: &str, name: &str, link: &str| {
        let variables = [("service", service.as_str()), ("name", name), ("link", link), ("lasts", lasts.as_str())];
        let text = t_with(tongue, &format!("message-{key}-text"), &variables);
        Rendered {
            subject: t_with(tongue, &format!("message-{key}-subject"), &[("service", &service)]),
            text: with_support(text),
        }
    };
    let told = |key: &str, about: &[(&'static str, &str)]| {
        let variables = [&[("service", service.as_str())], about].concat();
        let words = |part: &str| t_with(tongue, &format!("message-{key}-{part}"), &variables);
        Rendered { subject: words("subject"), text: with_support(words("text")) }
    };
    // To a phone goes a sentence of ours without any name (IN-04).
    let news = |key: &str, name: &str| match channel {
        Channel::Email | Channel::Nothing => mail(key, name, ""),
        Channel::Sms | Channel::Voice => Rendered {
            subject: String::new(),
            text: t_with(tongue, &format!("message-{key}-phone"), &[("service", &service)]),
        },
    };
    match message {
        Message::SecurityCode { code, .. } => {
            Rendered { subject: String::new(), text: security_code(code.reveal(), channel, locale, sender) }
        }
        Message::Activation { given_name, token } => mail("activation", given_name, &sender.link("activate", token)),
        Message::Nomination { role, organisation, token } => {
            let link = sender.link("nomination", token);
            let about = [("role", role.as_str()), ("organisation", organisation.as_str()), ("link", link.as_str())];
            told("nomination", &[about.as_slice(), &[("lasts", lasts.as_str())]].concat())
        }
        Message::RevocationAsked { given_name } => mail("revocation-asked", given_name, &sender.page("tasks")),
        Message::RevocationAnswered { given_name } => mail("revocation-answered", given_name, &sender.page("tasks")),
        Message::RoleProposed { given_name } => mail("role-proposed", given_name, &sender.page("tasks")),
        // The organisation stands where other mails have a name.
        Message::AuthorityInvited { organisation, token, .. } => {
            mail("authority-invited", organisation, &sender.link("register-authority", token))
        }
        Message::RegistrationReceived { token } => {
            mail("registration-received", "", &sender.link("registration", token))
        }
        Message::RegistrationReturned { token, .. } => {
            mail("registration-returned", "", &sender.link("register-authority", token))
        }
        Message::RegistrationRefused {} => mail("registration-refused", "", ""),
        Message::RegistrationWaits { given_name } => {
            mail("registration-waits", given_name, &sender.page("tasks/validations"))
        }
        Message::InvitationAsked { given_name } => {
            mail("invitation-asked", given_name, &sender.page("admin/invitations"))
        }
        Message::Recovery { given_name, token } => mail("recovery", given_name, &sender.link("recover", token)),
        Message::PasswordChanged { given_name } => mail("password-changed", given_name, ""),
        Message::PasswordExpires { given_name, ends } => {
            told("password-expires", &[("name", given_name), ("ends", ends)])
        }
        // What it is about stands where other mails have their link.
        Message::AccessEnded { given_name, application } => mail("access-ended", given_name, application),
        Message::OrganisationEnding { given_name, organisation, .. } => {
            mail("organisation-ending", given_name, organisation)
        }
        Message::RecertificationDue { given_name, ends } => {
            let link = sender.page("tasks/recertification");
            told("recertification-due", &[("name", given_name), ("ends", ends), ("link", &link)])
        }
        Message::RecertificationSpared { given_name, role, organisation } => {
            told("recertification-spared", &[("name", given_name), ("role", role), ("organisation", organisation)])
        }
        Message::ManagerAdded { given_name, organisation, manager } => {
            told("manager-added", &[("name", given_name), ("organisation", organisation), ("manager", manager)])
        }
        Message::AmendmentAsked { given_name, organisation } => {
            let link = sender.page("tasks");
            told("amendment-asked", &[("name", given_name), ("organisation", organisation), ("link", &link)])
        }
        Message::AmendmentAnswered { given_name } => mail("amendment-answered", given_name, &sender.page("tasks")),
        Message::ContactPending { given_name, token } => {
            mail("contact-pending", given_name, &sender.link("contact", token))
        }
        Message::EmailConfirm { given_name, token } => {
            mail("email-confirm", given_name, &sender.link("security/email", token))
        }
        Message::DeviceRemembered { given_name, .. } => mail("device-remembered", given_name, &sender.page("sessions")),
        Message::EmailAsked { given_name } => mail("email-asked", given_name, ""),
        Message::ContactNotice { given_name } => news("contact-notice", given_name),
        Message::ContactChanged { given_name } => news("contact-changed", given_name),
        more => {
            let (key, about) = telling(more, sender);
            told(key, &about.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
        }
    }
}

/// Of messages that say more than others: the key of the text, and its variables.
fn telling(message: &Message, sender: &Sender) -> (&'static str, Vec<(&'static str, String)>) {
    let link = || ("link", sender.page("security"));
    let about = |key, name: &String, more: Vec<(&'static str, String)>| {
        (key, [("name", name.clone())].into_iter().chain(more).collect())
    };
    match message {
        Message::FactorAdded { given_name, factor } => {
            about("factor-added", given_name, vec![link(), ("factor", factor.clone())])
        }
        Message::FactorRemoved { given_name, factor } => {
            about("factor-removed", given_name, vec![link(), ("factor", factor.clone())])
        }
        Message::FactorsTaken { given_name } => about("factors-taken", given_name, vec![link()]),
        Message::RecoveryCodesMade { given_name } => about("recovery-codes-made", given_name, vec![link()]),
        Message::RecoveryCodeUsed { given_name, left } => {
            about("recovery-code-used", given_name, vec![link(), ("left", left.to_string())])
        }
        Message::RoleDecided { given_name, role, organisation, confirmed: yes, page }
        | Message::NominationAnswered { given_name, role, organisation, accepted: yes, page }
        | Message::RoleChanged { given_name, role, organisation, held: yes, page } => {
            let place = ("organisation", organisation.clone());
            about(
                about_role(message, *yes),
                given_name,
                vec![("role", role.clone()), place, ("link", sender.page(page))],
            )
        }
        Message::Announcement { given_name, sender: who, contact, subject, text } => {
            let key = if contact.is_empty() { "announcement-plain" } else { "announcement" };
            let words = [("sender", who), ("contact", contact), ("subject", subject), ("text", text)];
            about(key, given_name, words.map(|(name, value)| (name, value.clone())).to_vec())
        }
        _ => ("", Vec::new()),
    }
}

/// What is told about a role.
fn about_role(message: &Message, yes: bool) -> &'static str {
    match (message, yes) {
        (Message::NominationAnswered { .. }, true) => "nomination-accepted",
        (Message::NominationAnswered { .. }, false) => "nomination-declined",
        (Message::RoleChanged { .. }, true) => "role-gained",
        (Message::RoleChanged { .. }, false) => "role-lost",
        (_, true) => "role-confirmed",
        (_, false) => "role-refused",
    }
}

/// How long what a message holds can be used.
fn life(message: &Message, sender: &Sender) -> Duration {
    match message {
        Message::Recovery { .. } | Message::EmailConfirm { .. } => sender.links.recovery,
        Message::OrganisationEnding { days, .. }
        | Message::DeviceRemembered { days, .. }
        | Message::AuthorityInvited { days, .. }
        | Message::RegistrationReturned { days, .. } => Duration::from_hours(u64::from(*days) * 24),
        _ => sender.links.activation,
    }
}

fn security_code(code: &str, channel: Channel, locale: Locale, sender: &Sender) -> String {
    let service = t(locale, "brand");
    match channel {
        // The last line binds the code to our host: browsers fill it in nowhere else.
        Channel::Sms => {
            let text = t_with(locale, "message-code-sms", &[("code", code), ("service", &service)]);
            format!("{text}\n\n@{} #{code}", sender.public_url.host_str().unwrap_or_default())
        }
        Channel::Voice | Channel::Email | Channel::Nothing => {
            let digits: Vec<String> = code.chars().map(String::from).collect();
            t_with(locale, "message-code-voice", &[("digits", &digits.join(", ")), ("service", &service)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E08: in every mail.
    #[test]
    fn e08_every_mail_says_whom_to_ask() {
        let nobody = Sender::of("https://id.example.org".parse().unwrap());
        let sender = Sender { support: "help@example.org".to_owned(), ..nobody.clone() };
        let message = Message::PasswordChanged { given_name: "Anna".to_owned() };
        for locale in Locale::ALL {
            assert!(render(&message, Channel::Email, locale, &sender).text.ends_with("help@example.org"));
        }
        assert!(!render(&message, Channel::Email, Locale::ALL[0], &nobody).text.contains("support"));
    }
}
