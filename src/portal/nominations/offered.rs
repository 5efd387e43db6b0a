//! Which organisations are offered to coordinate a project or to take part in it: those in use, and where there are many those of a name.

use crate::authority::Scope;
use crate::db::Tx;
use crate::directory::organisation::search_store::{self, Search};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::Failure;
use crate::web::{Choice, Field, Form, Page};

/// Most organisations that are offered at once.
const OFFERED: usize = 200;

/// Some organisations, of the name that is looked for if there is one.
#[derive(Debug)]
pub(super) struct Offered {
    choices: Vec<Choice>,
    wanted: String,
    /// Whether there are others of that name.
    more: bool,
}

/// Whether a form was sent to look for a name rather than to be saved: by its button, or by the return key in the field.
pub(super) fn is_search(form: &Form) -> bool {
    form.has("find") || form.text("q").trim() != form.text("searched")
}

/// What to offer in a form, with what was looked for when it was sent.
pub(super) async fn find(tx: &mut Tx, form: Option<&Form>) -> Result<Offered, Failure> {
    let wanted = form.map_or("", |form| form.text("q")).trim().to_owned();
    let search = Search { scope: Scope::Everywhere, name: wanted.clone(), parent: None };
    let most = i64::try_from(OFFERED).unwrap_or(i64::MAX);
    let mut found = search_store::list_active(tx, &search, most.saturating_add(1)).await?;
    let more = found.len() > OFFERED;
    found.truncate(OFFERED);
    let ids: Vec<OrganisationId> = found.iter().map(|node| node.id).collect();
    let mut places = search_store::list_places(tx, &search.scope, &ids).await?;
    // With the names above it, since several may be called the same.
    let choice =
        |id: &OrganisationId| Choice::new(id.to_string(), places.remove(id).unwrap_or_default().join(" / "), "");
    let choices = ids.iter().map(choice).collect();
    Ok(Offered { choices, wanted, more })
}

impl Offered {
    /// Whether there is more to look for than is offered.
    fn is_searched(&self) -> bool {
        self.more || !self.wanted.is_empty()
    }

    /// The field that chooses one of them, and before it the one that looks for others.
    pub(super) fn fields(&self, page: &Page, (name, label): (&str, &str)) -> Vec<Field> {
        let choose = Field::select(page, name, label, self.choices.clone());
        if !self.is_searched() {
            return vec![choose];
        }
        let hint = match (self.more, self.choices.is_empty()) {
            (true, _) => Some(page.count("project-offered-more", OFFERED as u64)),
            (false, true) => Some(page.t("project-offered-none")),
            (false, false) => None,
        };
        let search = Field { kind: "search", ..Field::text(page, "q", "users-find-level") };
        vec![search.filter().value(self.wanted.clone()), Field { hint, ..choose }]
    }

    /// What the form carries along: for which name its choices were made.
    pub(super) fn hidden(&self) -> Vec<(String, String)> {
        if self.is_searched() { vec![("searched".to_owned(), self.wanted.clone())] } else { Vec::new() }
    }

    /// What the button says that looks for others.
    pub(super) fn button(&self, page: &Page) -> Option<String> {
        self.is_searched().then(|| page.t("search"))
    }
}
