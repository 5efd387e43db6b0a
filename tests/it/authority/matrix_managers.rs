//! The golden matrix of authorities that manage each other (profile `imi`): actor × authority × action, reviewed like code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chamberlain::authority::Applications;
use chamberlain::authority::Validity;
use chamberlain::authority::action::{
    Action, AddManager, AssignMembership, CreateOrganisation, CreateUser, GrantModule, GrantRole, LookUpOrganisation,
    ReadOrganisation, ReadUser, RemoveManager, ResetCredentials, UpdateOrganisation, UpdateUser, WriteToPeople,
};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};

use super::matrix::word;
use crate::support::{Network, only};

/// The actions that this matrix asks about and the one of the bank does not.
pub const ASKED: [&str; 4] = ["AddManager", "LookUpOrganisation", "RemoveManager", "WriteToPeople"];

/// An authority, its Administrator, and an ordinary person there.
struct Place {
    name: &'static str,
    at: OrganisationId,
    admin: UserId,
    plain: UserId,
}

fn actions(all: &Network, place: &Place, own: OrganisationId) -> Vec<(&'static str, Action)> {
    let organisation = place.at;
    let appoint = GrantRole {
        to: PrincipalId::Person(place.plain),
        role: "Administrator".to_owned(),
        organisation,
        include_sub_levels: false,
        applications: Applications::All,
        validity: Validity::default(),
    };
    let module = GrantModule { organisation, application: all.bank.imas, coordinators: Vec::new() };
    vec![
        ("look up", LookUpOrganisation { organisation: Some(organisation) }.into()),
        ("write to", WriteToPeople { organisations: vec![organisation] }.into()),
        ("find", ReadOrganisation { organisation }.into()),
        ("change", UpdateOrganisation { organisation }.into()),
        ("register below", CreateOrganisation { parent: Some(organisation) }.into()),
        ("create person", CreateUser { organisation }.into()),
        ("see person", ReadUser { user: place.plain }.into()),
        ("update person", UpdateUser { user: place.plain }.into()),
        ("reset Administrator", ResetCredentials { user: place.admin }.into()),
        ("give group", AssignMembership { user: place.plain, group: all.bank.imas_user }.into()),
        ("make Administrator", appoint.into()),
        ("grant module", module.into()),
        ("add own as manager", AddManager { organisation, manager: own }.into()),
        ("add the office", AddManager { organisation, manager: all.office }.into()),
        ("remove Germany", RemoveManager { organisation, manager: all.germany }.into()),
    ]
}

async fn draw(all: &Network) -> String {
    let bank = &all.bank;
    let delegate = bank.person(all.office, "Rosa").await;
    bank.appoint(delegate, "RegistrationDelegate", all.germany, true, Applications::All).await;
    let modules = bank.person(all.office, "Moritz").await;
    bank.appoint(modules, "ModuleDelegate", all.germany, true, only(&[bank.imas])).await;
    let plain = bank.person(all.ministry, "Peter").await;
    let claude = bank.person(all.marseille, "Claude").await;
    let mut places = Vec::new();
    for (name, at, admin) in [
        ("ministry", all.ministry, all.maria),
        ("agency", all.agency, all.anton),
        ("office", all.office, all.olaf),
        ("marseille", all.marseille, claude),
    ] {
        places.push(Place { name, at, admin, plain: bank.person(at, &format!("Plain {name}")).await });
    }
    let actors = [
        ("national coordinator of Germany", all.nina, all.germany),
        ("Administrator of the ministry, which manages the agency", all.maria, all.ministry),
        ("Administrator of the agency, which manages nothing", all.anton, all.agency),
        ("nobody in particular at the ministry", plain, all.ministry),
        ("registration delegate for Germany", delegate, all.office),
        ("module delegate for Germany, IMAS", modules, all.office),
    ];
    let mut table = String::from("yes: allowed · no: refused · -: answered as if it did not exist\n");
    let mut asked = BTreeSet::new();
    for (who, actor, own) in actors {
        let _ = writeln!(table, "\n## {who}\n");
        for place in &places {
            let mut cells = Vec::new();
            for (verb, action) in actions(all, place, own) {
                asked.insert(action.name());
                cells.push(format!("{verb}: {}", word(bank.may(actor, action).await)));
            }
            let _ = writeln!(table, "{:10} {}", place.name, cells.join(" | "));
        }
    }
    assert!(ASKED.iter().all(|name| asked.contains(name)), "{asked:?}");
    table
}

on_both! {
    /// I01–I08, I20, I39–I42, I50, I51, D1–D3, D5, D8, D13: who may do what to which authority.
    async fn the_matrix_of_authorities_is_as_reviewed(world: World) {
        let all = Network::found(world).await;
        insta::assert_snapshot!("managers_matrix", draw(&all).await);
    }
}
