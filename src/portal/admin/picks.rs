//! The boxes of the page Assign memberships: which are drawn, and what a submitted form changes.

use std::collections::BTreeMap;

use super::reach;
use super::target::Target;
use crate::authority::Permission;
use crate::db::{self, Tx};
use crate::directory::group::model::Group;
use crate::directory::membership::model::HeldGroup;
use crate::directory::module::{self, model::Standing};
use crate::directory::{application, group, membership};
use crate::kernel::ids::GroupId;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;
use crate::portal::form::last_day;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form, Page};

/// One box.
pub(super) struct Pick {
    pub(super) id: GroupId,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) description: String,
    /// What comes with it: the groups that it is in.
    pub(super) gives: Option<String>,
    /// The groups in it that the person is in, which give it whether it is ticked or not.
    pub(super) given_by: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) checked: bool,
    pub(super) held: bool,
    pub(super) until: String,
    /// Why nobody can be put into it now.
    pub(super) closed: Option<String>,
    /// The same where there is nothing to take away either: the box cannot be ticked.
    pub(super) locked: Option<String>,
    pub(super) error: Option<String>,
}

/// The boxes of one application.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) picks: Vec<Pick>,
}

/// Everything that the page shows.
pub(super) struct Shown {
    pub(super) sections: Vec<Section>,
    /// How many memberships the person has, as far as they are shown.
    pub(super) count: usize,
    /// How many applications are not shown.
    pub(super) hidden: usize,
    /// The dates that are wrong, for the summary.
    pub(super) fields: Vec<Field>,
}

/// The groups of the applications that the person administers for the target's level, those held first of all filtered by `wanted`.
pub(super) async fn sections(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    target: &Target,
    wanted: &str,
    wrong: Option<(&Form, &[GroupId])>,
) -> db::Result<Shown> {
    let assigns = reach::applications_at(person, Permission::MembershipAssign, &target.path);
    let environments = application::environment_store::list(tx).await?;
    let titles: BTreeMap<_, _> =
        environments.iter().filter(|e| !e.group_prefix.is_empty()).map(|e| (e.id, e.code.to_uppercase())).collect();
    let given = membership::access_store::list_given(tx, target.user.id).await?;
    let mut held: BTreeMap<GroupId, HeldGroup> = BTreeMap::new();
    let mut ways: BTreeMap<GroupId, Vec<String>> = BTreeMap::new();
    for mut one in given.into_iter().filter(|one| one.until.is_none_or(|end| person.ctx.now < end)) {
        match one.by_way_of.take() {
            Some(way) => ways.entry(one.group).or_default().push(way),
            None => drop(held.insert(one.group, one)),
        }
    }
    let modules = module::store::list_standings(tx, target.user.organisation).await?;
    let around = group::nesting_store::list_around(tx).await?;
    let mut shown = Shown { sections: Vec::new(), count: 0, hidden: 0, fields: Vec::new() };
    for application in application::store::list(tx).await? {
        if !assigns.iter().any(|set| set.contains(application.id)) {
            shown.hidden += 1;
            continue;
        }
        let mut picks = Vec::new();
        for group in group::store::list_of_application(tx, application.id).await? {
            let of = held.get(&group.id);
            shown.count += usize::from(of.is_some());
            if matches(&group, wanted) {
                let environment = titles.get(&group.environment).cloned();
                let mut drawn = pick(page, group, of, environment, wrong);
                drawn.gives =
                    around.get(&drawn.id).map(|names| page.t1("memberships-gives", "names", names.join(", ")));
                drawn.given_by =
                    ways.get(&drawn.id).map(|names| page.t1("memberships-given-by", "names", names.join(", ")));
                drawn.closed = closed(page, modules.get(&application.id));
                drawn.locked = drawn.closed.clone().filter(|_| of.is_none());
                picks.push(drawn);
            }
        }
        if !picks.is_empty() {
            shown.sections.push(Section { name: application.name, picks });
        }
    }
    let wrong = shown.sections.iter().flat_map(|section| &section.picks).filter(|pick| pick.error.is_some());
    shown.fields = wrong
        .map(|pick| Field { id: format!("u-{}", pick.id), error: pick.error.clone(), ..Field::default() })
        .collect();
    Ok(shown)
}

/// D2: why nobody of the target's level can be put into groups of an application.
fn closed(page: &Page, standing: Option<&Standing>) -> Option<String> {
    match standing {
        Some(Standing::Missing) => Some(page.t("memberships-no-module")),
        Some(Standing::Suspended) => Some(page.t("memberships-module-suspended")),
        Some(Standing::Active | Standing::NotAsked) | None => None,
    }
}

/// What is ticked and is held already, to the same end, where nobody can be added: it stays, and nothing is asked (D9).
/// Only of applications that the person administers for the target; of others nothing may be found out (D8).
pub(super) async fn staying(
    tx: &mut Tx,
    person: &SignedIn,
    target: &Target,
    picked: &Picked,
) -> db::Result<Vec<GroupId>> {
    let modules = module::store::list_standings(tx, target.user.organisation).await?;
    let assigns = reach::applications_at(person, Permission::MembershipAssign, &target.path);
    let held = membership::access_store::list_held(tx, target.user.id).await?;
    let stays = held.into_iter().filter(|held| {
        modules.get(&held.application).is_some_and(|standing| *standing != Standing::Active)
            && assigns.iter().any(|set| set.contains(held.application))
            && held.until.is_none_or(|end| person.ctx.now < end)
            && picked
                .kept
                .iter()
                .any(|(group, end)| *group == held.group && end.map(last_day) == held.until.map(last_day))
    });
    Ok(stays.map(|held| held.group).collect())
}

fn matches(group: &Group, wanted: &str) -> bool {
    let wanted = fold(wanted);
    fold(&group.code).contains(&wanted) || fold(&group.display_name).contains(&wanted)
}

fn pick(
    page: &Page,
    group: Group,
    held: Option<&HeldGroup>,
    environment: Option<String>,
    wrong: Option<(&Form, &[GroupId])>,
) -> Pick {
    let sent = wrong.map(|(form, _)| form);
    let checked = sent.map_or(held.is_some(), |form| form.list("groups[]").contains(&group.id.to_string()));
    let stored = held.and_then(|held| held.until).map(last_day).unwrap_or_default();
    let until = sent.map_or(stored, |form| form.text(&format!("until-{}", group.id)).to_owned());
    let is_wrong = wrong.is_some_and(|(_, groups)| groups.contains(&group.id));
    Pick {
        id: group.id,
        code: group.code,
        title: group.display_name,
        description: group.description,
        gives: None,
        given_by: None,
        environment,
        checked,
        held: held.is_some(),
        until,
        closed: None,
        locked: None,
        error: is_wrong.then(|| page.t("error-date-past")),
    }
}

/// What a submitted form changes: only what it showed, so that nothing that somebody else did meanwhile is undone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Picked {
    /// Ticked, with the end that was given.
    pub(super) kept: Vec<(GroupId, Option<Timestamp>)>,
    /// Held when the form was drawn and no longer ticked.
    pub(super) removed: Vec<GroupId>,
}

impl Picked {
    /// Reads the boxes; the groups whose date is wrong are the error.
    pub(super) fn read(form: &Form, now: Timestamp) -> Result<Self, Vec<GroupId>> {
        let ids = |name: &str| form.list(name).iter().filter_map(|id| id.parse::<GroupId>().ok()).collect::<Vec<_>>();
        let (ticked, held) = (ids("groups[]"), ids("held[]"));
        let mut picked =
            Self { kept: Vec::new(), removed: held.into_iter().filter(|id| !ticked.contains(id)).collect() };
        let mut wrong = Vec::new();
        for group in ticked {
            match form.given(&format!("until-{group}")).map(Timestamp::end_of_date) {
                None => picked.kept.push((group, None)),
                Some(Some(end)) if end > now => picked.kept.push((group, Some(end))),
                Some(_) => wrong.push(group),
            }
        }
        if wrong.is_empty() { Ok(picked) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    #[test]
    fn only_what_the_form_showed_is_taken_away() {
        let [a, b, c] = [1, 2, 3].map(|n| GroupId(uuid::Uuid::from_u128(n)));
        let form =
            Form::parse(format!("groups[]={a}&held[]={a}&held[]={b}&groups[]={c}&until-{c}=2027-01-31").as_bytes())
                .unwrap();
        let picked = Picked::read(&form, NOW).unwrap();
        assert_eq!(picked.removed, [b]);
        assert_eq!(picked.kept, [(a, None), (c, Timestamp::end_of_date("2027-01-31"))]);
    }

    #[test]
    fn a_date_in_the_past_is_wrong() {
        let a = GroupId(uuid::Uuid::from_u128(1));
        let form = Form::parse(format!("groups[]={a}&until-{a}=2026-11-22").as_bytes()).unwrap();
        assert_eq!(Picked::read(&form, NOW), Err(vec![a]));
    }
}
