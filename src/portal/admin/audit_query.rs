//! The search of the audit log, as it stands in the address: bookmarks, the back button and the export carry it.

use uuid::Uuid;

use crate::audit::Kind;
use crate::delegation::audit_store::{Search, View};
use crate::kernel::ctx::Channel;
use crate::kernel::ids::{AuditId, OrganisationId};
use crate::kernel::time::Timestamp;
use crate::web::Form;

/// What is searched for. Anything unreadable counts as not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AuditQuery {
    pub(super) kind: Option<Kind>,
    pub(super) channel: Option<Channel>,
    pub(super) level: Option<OrganisationId>,
    pub(super) actor: Option<Uuid>,
    pub(super) subject: Option<Uuid>,
    /// First and last day, as typed.
    pub(super) since: String,
    pub(super) until: String,
    pub(super) after: Option<(Timestamp, AuditId)>,
}

impl AuditQuery {
    /// Reads the query of an address.
    pub(super) fn read(query: &str) -> Self {
        let form = Form::parse(query.as_bytes()).unwrap_or_default();
        let day = |name: &str| {
            let text = form.text(name).trim();
            Timestamp::start_of_date(text).map(|_| text.to_owned()).unwrap_or_default()
        };
        let after = form.text("after").split_once('.');
        Self {
            kind: Kind::parse(form.text("kind")),
            channel: Channel::ALL.into_iter().find(|channel| channel.as_str() == form.text("channel")),
            level: form.text("level").parse().ok(),
            actor: form.text("actor").parse().ok(),
            subject: form.text("subject").parse().ok(),
            since: day("since"),
            until: day("until"),
            after: after.and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?))),
        }
    }

    /// The address of the same search at `path`.
    pub(super) fn link(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let given = [
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            ("channel", self.channel.map(|channel| channel.as_str().to_owned())),
            ("level", self.level.map(|id| id.to_string())),
            ("actor", self.actor.map(|id| id.to_string())),
            ("subject", self.subject.map(|id| id.to_string())),
            ("since", Some(self.since.clone()).filter(|day| !day.is_empty())),
            ("until", Some(self.until.clone()).filter(|day| !day.is_empty())),
            ("after", self.after.map(|(at, id)| format!("{}.{id}", at.0))),
        ];
        query.extend_pairs(given.into_iter().filter_map(|(name, value)| Some((name, value?))));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The search inside what one reader may see.
    pub(super) fn search(&self, view: View) -> Search {
        Search {
            view,
            kind: self.kind,
            channel: self.channel,
            organisation: self.level,
            actor: self.actor,
            subject: self.subject,
            since: Timestamp::start_of_date(&self.since),
            until: Timestamp::end_of_date(&self.until),
            after: self.after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_survives_its_own_address() {
        let id = "01938f5c-7a00-7000-8000-000000000001";
        let text = format!(
            "kind=user.created&channel=scim&level={id}&actor={id}&subject={id}&since=2026-11-01&until=2026-11-23&after=5.{id}"
        );
        let query = AuditQuery::read(&text);
        assert_eq!(query.link("/admin/audit"), format!("/admin/audit?{text}"));
    }

    #[test]
    fn nonsense_counts_as_not_given() {
        let query = AuditQuery::read("kind=x&channel=fax&level=1&actor='&since=yesterday&until=2026-02-30&after=1.2");
        assert_eq!(query, AuditQuery::default());
        assert_eq!(query.link("/admin/audit"), "/admin/audit");
    }
}
