//! The golden matrix: role × action × relation, reviewed like code. A change of this file's snapshot is a change of the product.

use std::fmt::Write as _;

use chamberlain::authority::action::{
    Action, AssignMembership, BlockUser, CreateOrganisation, CreateUser, DeleteUser, GrantRole, ManageApplication,
    ManageClient, MoveUser, ReadAudit, ReadSystem, ReadUser, RemoveMembership, ResetCredentials, UpdateUser,
};
use chamberlain::authority::{Applications, Reason, Validity};
use chamberlain::kernel::ids::{PrincipalId, UserId};

use crate::support::{Bank, only};

fn word(answer: Result<(), Reason>) -> &'static str {
    match answer {
        Ok(()) => "yes",
        Err(Reason::NotFound) => "-",
        Err(Reason::NotPermitted) => "no",
        Err(Reason::Outranked) => "outranked",
        Err(Reason::OwnAccount) => "own",
        Err(Reason::OrganisationInactive) => "inactive",
        Err(Reason::InvalidGrant) => "invalid",
        Err(Reason::OutlivesGrantor) => "too long",
        Err(Reason::OwnProposal) => "proposer",
        Err(Reason::StepUp) => "step-up",
    }
}

fn on_person(bank: &Bank, user: UserId) -> Vec<(&'static str, Action)> {
    let grant = |role: &str, applications| GrantRole {
        to: PrincipalId::Person(user),
        role: role.to_owned(),
        organisation: bank.frankfurt,
        include_sub_levels: true,
        applications,
        validity: Validity::default(),
    };
    vec![
        ("read", ReadUser { user }.into()),
        ("update", UpdateUser { user }.into()),
        ("delete", DeleteUser { user }.into()),
        ("reset", ResetCredentials { user }.into()),
        ("block", BlockUser { user }.into()),
        ("move to Frankfurt", MoveUser { user, to: bank.frankfurt }.into()),
        ("add IMAS", AssignMembership { user, group: bank.imas_user }.into()),
        ("remove CASPER", RemoveMembership { user, group: bank.casper_submitter }.into()),
        ("grant user admin", grant("DelegatedUserAdmin", Applications::All).into()),
        ("grant IMAS admin", grant("ApplicationAccessAdmin", only(&[bank.imas])).into()),
        ("grant all admin", grant("ApplicationAccessAdmin", Applications::All).into()),
    ]
}

async fn actors(bank: &Bank) -> Vec<(&'static str, UserId)> {
    let operator = bank.person(bank.root, "Olga").await;
    bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
    let both = bank.user_admin(bank.germany, true, "Berta").await;
    bank.appoint(both, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
    vec![
        ("operator", operator),
        ("user admin of Germany and below", bank.user_admin(bank.germany, true, "Gerda").await),
        ("user admin of Germany only", bank.user_admin(bank.germany, false, "Gisela").await),
        ("IMAS admin of Germany and below", bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await),
        ("both, of Germany and below", both),
        ("nobody in particular", bank.person(bank.germany, "Norbert").await),
    ]
}

async fn targets(bank: &Bank) -> Vec<(&'static str, UserId)> {
    let above = bank.person(bank.germany, "Boris").await;
    bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
    vec![
        ("same level", bank.person(bank.germany, "Gustav").await),
        ("below", bank.person(bank.frankfurt, "Frank").await),
        ("above", bank.person(bank.bank_b, "Bruno").await),
        ("beside", bank.person(bank.france, "Francine").await),
        ("other bank", bank.person(bank.bank_a, "Anna").await),
        ("lives here, rules above", above),
        ("peer here", bank.user_admin(bank.germany, true, "Petra").await),
    ]
}

async fn draw(bank: &Bank) -> String {
    let mut table = String::from("yes: allowed · no: refused · -: answered as if it did not exist\n");
    let (actors, targets) = (actors(bank).await, targets(bank).await);
    for (name, actor) in &actors {
        let _ = writeln!(table, "\n## {name}\n");
        let relations = targets.iter().copied().chain([("oneself", *actor)]);
        for (relation, user) in relations {
            let mut cells = Vec::new();
            for (verb, action) in on_person(bank, user) {
                cells.push(format!("{verb}: {}", word(bank.may(*actor, action).await)));
            }
            let _ = writeln!(table, "{relation:24} {}", cells.join(" | "));
        }
        let elsewhere: Vec<(&str, Action)> = vec![
            ("create person in Frankfurt", CreateUser { organisation: bank.frankfurt }.into()),
            ("create person in France", CreateUser { organisation: bank.france }.into()),
            ("create level below Germany", CreateOrganisation { parent: Some(bank.germany) }.into()),
            ("create application", ManageApplication { application: None }.into()),
            ("create client", ManageClient { client: None }.into()),
            ("read audit", ReadAudit {}.into()),
            ("read system", ReadSystem {}.into()),
        ];
        for (verb, action) in elsewhere {
            let _ = writeln!(table, "{verb:28} {}", word(bank.may(*actor, action).await));
        }
    }
    table
}

on_both! {
    async fn the_matrix_of_who_may_do_what_to_whom_is_as_reviewed(world: World) {
        let bank = Bank::found(world).await;
        insta::assert_snapshot!("authority_matrix", draw(&bank).await);
    }
}
