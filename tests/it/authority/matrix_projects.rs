//! The golden matrix of the participant portal: role × nomination and what else is about projects. Reviewed like code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chamberlain::authority::action::{
    Action, DeclineRevocation, ManageProject, ReadProject, ReadRoles, RequestRevocation, RevokeRole,
};
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};

use super::matrix::word;
use crate::support::pattern::{self, OF_ORGANISATION};
use crate::support::{At, Consortium};

/// The actions that this matrix asks about.
pub const ASKED: [&str; 6] =
    ["Nominate", "RequestRevocation", "DeclineRevocation", "ReadRoles", "ReadProject", "ManageProject"];

fn place(all: &Consortium, role: &str, acme: bool) -> At {
    let organisation = if acme { all.acme } else { all.beta };
    let of_organisation = OF_ORGANISATION.contains(&role);
    (organisation, (!of_organisation).then_some(all.project))
}

/// Somebody for each role at Acme (coordinates) and at Beta (takes part), with the assignment.
async fn everybody(all: &Consortium) -> Vec<(String, UserId, RoleAssignmentId)> {
    let mut made = Vec::new();
    for (name, acme) in [("Acme", true), ("Beta", false)] {
        for role in pattern::roles() {
            if !acme && role.ends_with("CoordinatorContact") {
                continue;
            }
            let at = place(all, role, acme);
            let user = all.person(at.0, &format!("{role}{name}")).await;
            if role == "ProjectFinancialSignatory" {
                let first = place(all, "FinancialSignatory", acme);
                all.assign(PrincipalId::Console, user, "FinancialSignatory", first).await.unwrap();
            }
            let id = all.assign(PrincipalId::Console, user, role, at).await.unwrap();
            made.push((format!("{role} of {name}"), user, id));
        }
    }
    made
}

async fn draw(all: &Consortium) -> String {
    let mut table = String::from("yes: allowed · no: refused · -: answered as if it did not exist\n");
    let people = everybody(all).await;
    let outsider = ("nobody, of Gamma".to_owned(), all.person(all.gamma, "Nobody").await, people[0].2);
    let mut asked = BTreeSet::new();
    for (name, actor, _) in people.iter().chain([&outsider]) {
        let _ = writeln!(table, "\n## {name}\n");
        for role in pattern::roles() {
            let mut cells = Vec::new();
            for (place_name, acme) in [("Acme", true), ("Beta", false)] {
                let action: Action = Consortium::action(role, place(all, role, acme), None).into();
                asked.insert(action.name());
                cells.push(format!("at {place_name}: {}", word(all.may(*actor, action).await)));
            }
            let _ = writeln!(table, "nominate {role:26} {}", cells.join(" | "));
        }
        for (whose, _, assignment) in &people {
            let assignment = *assignment;
            let actions: [Action; 3] = [
                RevokeRole { assignment }.into(),
                RequestRevocation { assignment }.into(),
                DeclineRevocation { assignment }.into(),
            ];
            let mut cells = Vec::new();
            for (verb, action) in ["revoke", "ask", "decline"].into_iter().zip(actions) {
                asked.insert(action.name());
                cells.push(format!("{verb}: {}", word(all.may(*actor, action).await)));
            }
            let _ = writeln!(table, "{whose:36} {}", cells.join(" | "));
        }
        let rest: [(&str, Action); 4] = [
            ("see roles of Acme", ReadRoles { organisation: all.acme }.into()),
            ("see roles of Beta", ReadRoles { organisation: all.beta }.into()),
            ("see project", ReadProject { project: all.project }.into()),
            ("manage project", ManageProject { project: Some(all.project) }.into()),
        ];
        for (verb, action) in rest {
            asked.insert(action.name());
            let _ = writeln!(table, "{verb:36} {}", word(all.may(*actor, action).await));
        }
    }
    asked.remove("RevokeRole");
    assert_eq!(asked, ASKED.into_iter().collect(), "every action about projects is in the matrix");
    table
}

on_both! {
    /// P08, P11–P13, P59, P66, P29–P31, P33, P36–P40, P44–P46, P49, P50, P53, P57, P60,
    /// P63, P64, P68–P70, P73, D3, D5, D8: who may name, revoke, ask and see whom.
    async fn the_matrix_of_nominations_is_as_reviewed(world: World) {
        let all = Consortium::found(world).await;
        insta::assert_snapshot!("projects_matrix", draw(&all).await);
    }
}
