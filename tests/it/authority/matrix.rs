//! The golden matrix: role × action × relation, reviewed like code. A change of this file's snapshot is a change of the product.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use chamberlain::authority::action::{
    Action, ApproveContact, AssignMembership, BlockUser, ConfirmRole, CreateOrganisation, CreateService, CreateUser,
    DeleteUser, EraseUser, GrantModule, GrantRole, IssueToken, KeepMembership, KeepRole, ManageApplication,
    ManageClient, ManageGroup, ManageKeys, MoveOrganisation, MoveUser, NestGroup, ProposeModule, ReadAudit, ReadClient,
    ReadContact, ReadGroup, ReadOrganisation, ReadSystem, ReadUser, Recertify, RemoveMembership, ResetCredentials,
    RevokeRole, SuspendModule, UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Reason, Validity};
use chamberlain::directory::client::model::ClientKind;
use chamberlain::directory::group;
use chamberlain::directory::organisation::update as organisations;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::user::{delete, guard::Guard, update};
use chamberlain::kernel::ids::{ClientId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::transact;

use super::services;
use crate::support::{Bank, Failure, failure, only};

pub fn word(answer: Result<(), Reason>) -> &'static str {
    match answer {
        Ok(()) => "yes",
        Err(Reason::NotFound) => "-",
        Err(Reason::NotPermitted) => "no",
        Err(Reason::Outranked) => "outranked",
        Err(Reason::OwnAccount) => "own",
        Err(Reason::OrganisationInactive) => "inactive",
        Err(Reason::ModuleMissing) => "no module",
        Err(Reason::ModuleSuspended) => "suspended",
        Err(Reason::InvalidGrant) => "invalid",
        Err(Reason::OutlivesGrantor) => "too long",
        Err(Reason::OwnProposal) => "proposer",
        Err(Reason::ProjectOver) => "over",
        Err(Reason::OtherCountry) => "other country",
        Err(Reason::StandsAbove) => "stands above",
        Err(Reason::StepUp { .. } | Reason::TooWeak(_)) => "step-up",
    }
}

/// The person that a row is about, and a role of theirs that may be taken away.
struct Target {
    relation: &'static str,
    user: UserId,
    role: Option<RoleAssignmentId>,
}

fn on_person(bank: &Bank, target: &Target) -> Vec<(&'static str, Action)> {
    let user = target.user;
    let grant = |role: &str, applications| GrantRole {
        to: PrincipalId::Person(user),
        role: role.to_owned(),
        organisation: bank.frankfurt,
        include_sub_levels: true,
        applications,
        validity: Validity::default(),
    };
    let mut all: Vec<(&str, Action)> = vec![
        ("read", ReadUser { user }.into()),
        ("see address", ReadContact { user }.into()),
        ("update", UpdateUser { user }.into()),
        ("approve address", ApproveContact { user }.into()),
        ("delete", DeleteUser { user }.into()),
        ("erase", EraseUser { user }.into()),
        ("reset", ResetCredentials { user }.into()),
        ("block", BlockUser { user }.into()),
        ("move to Frankfurt", MoveUser { user, to: bank.frankfurt }.into()),
        ("add IMAS", AssignMembership { user, group: bank.imas_user }.into()),
        ("remove CASPER", RemoveMembership { user, group: bank.casper_submitter }.into()),
        ("keep IMAS", KeepMembership { user, group: bank.imas_user }.into()),
        ("grant user admin", grant("DelegatedUserAdmin", Applications::All).into()),
        ("grant IMAS admin", grant("ApplicationAccessAdmin", only(&[bank.imas])).into()),
        ("grant all admin", grant("ApplicationAccessAdmin", Applications::All).into()),
    ];
    if let Some(assignment) = target.role {
        all.push(("revoke the role", RevokeRole { assignment }.into()));
        all.push(("confirm the role", ConfirmRole { assignment }.into()));
        all.push(("keep the role", KeepRole { assignment }.into()));
    }
    all
}

/// Services that the rows are about: of Frankfurt, of Frankfurt with a role over Bank B, of Frankfurt with more than roles, of France.
struct Services {
    plain: ClientId,
    wide: ClientId,
    special: ClientId,
    elsewhere: ClientId,
}

impl Services {
    async fn found(bank: &Bank) -> Self {
        let service = async |at, over, special: bool| {
            let client = services::register(bank, PrincipalId::Console, Some(at), ClientKind::Machine).await.unwrap();
            let role = ("DelegatedUserAdmin", over);
            services::grant_to(bank, PrincipalId::Console, client, role, Applications::All).await.unwrap();
            if special {
                services::change(bank, client, |settings| settings.introspection = true).await;
            }
            client
        };
        Self {
            plain: service(bank.frankfurt, bank.frankfurt, false).await,
            wide: service(bank.frankfurt, bank.bank_b, false).await,
            special: service(bank.frankfurt, bank.frankfurt, true).await,
            elsewhere: service(bank.france, bank.france, false).await,
        }
    }

    fn rows(&self) -> Vec<(&'static str, Action)> {
        let keep = |client| ManageClient { client: Some(client) }.into();
        vec![
            ("see service of Frankfurt", ReadClient { client: self.plain }.into()),
            ("keep service of Frankfurt", keep(self.plain)),
            ("see service that rules above", ReadClient { client: self.wide }.into()),
            ("keep service that rules above", keep(self.wide)),
            ("keep service with more than roles", keep(self.special)),
            ("see service of France", ReadClient { client: self.elsewhere }.into()),
            ("keep service of France", keep(self.elsewhere)),
        ]
    }
}

async fn elsewhere(bank: &Bank) -> Vec<(&'static str, Action)> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    let environment = group::store::find(tx, bank.imas_user).await.unwrap().unwrap().environment;
    let read = |organisation| ReadOrganisation { organisation }.into();
    vec![
        ("read group of IMAS", ReadGroup { group: bank.imas_user }.into()),
        ("read group of CASPER", ReadGroup { group: bank.casper_submitter }.into()),
        ("read level Frankfurt", read(bank.frankfurt)),
        ("read level Bank B", read(bank.bank_b)),
        ("read level France", read(bank.france)),
        ("create person in Frankfurt", CreateUser { organisation: bank.frankfurt }.into()),
        ("create person in France", CreateUser { organisation: bank.france }.into()),
        ("create level below Germany", CreateOrganisation { parent: Some(bank.germany) }.into()),
        ("create root", CreateOrganisation { parent: None }.into()),
        ("change level Frankfurt", UpdateOrganisation { organisation: bank.frankfurt }.into()),
        (
            "grant Frankfurt IMAS module",
            GrantModule { organisation: bank.frankfurt, application: bank.imas, coordinators: Vec::new() }.into(),
        ),
        (
            "propose Frankfurt for the IMAS module",
            ProposeModule { organisation: bank.frankfurt, application: bank.imas }.into(),
        ),
        (
            "suspend Frankfurt IMAS module",
            SuspendModule { organisation: bank.frankfurt, application: bank.imas }.into(),
        ),
        ("recertify Frankfurt", Recertify { organisation: bank.frankfurt }.into()),
        ("move Frankfurt to France", MoveOrganisation { organisation: bank.frankfurt, to: bank.france }.into()),
        ("create application", ManageApplication { application: None }.into()),
        ("change application IMAS", ManageApplication { application: Some(bank.imas) }.into()),
        ("change groups of IMAS", ManageGroup { application: bank.imas, environment }.into()),
        ("put an IMAS group into one of IMAS", NestGroup { outer: bank.imas_user, inner: bank.imas_user }.into()),
        (
            "put a CASPER group into one of IMAS",
            NestGroup { outer: bank.imas_user, inner: bank.casper_submitter }.into(),
        ),
        ("create client", ManageClient { client: None }.into()),
        ("create service of Frankfurt", CreateService { organisation: bank.frankfurt }.into()),
        ("create service of Bank B", CreateService { organisation: bank.bank_b }.into()),
        ("create service of France", CreateService { organisation: bank.france }.into()),
        ("make a token", IssueToken {}.into()),
        ("read audit", ReadAudit {}.into()),
        ("rotate keys", ManageKeys {}.into()),
        ("read system", ReadSystem {}.into()),
    ]
}

/// As the console: changes one field of somebody.
async fn change(bank: &Bank, user: UserId, change: UserChange) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, UpdateUser { user }).await?;
        update::update(tx, permit, change.clone(), None, guard, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

async fn expire(bank: &Bank, user: UserId) {
    let end = bank.world.clock.now().plus(Duration::from_secs(1));
    change(bank, user, UserChange { account_expires_at: Some(Some(end)), ..UserChange::default() }).await;
}

/// As the console: what stops an account or a level.
async fn stop(bank: &Bank, action: Action) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => match action.clone() {
        Action::BlockUser(action) => {
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            delete::set_blocked(tx, permit, true, guard, &ctx).await.map(drop).map_err(failure)
        }
        Action::DeleteUser(action) => {
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
        }
        Action::UpdateOrganisation(action) => {
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            organisations::deactivate(tx, permit, &ctx).await.map(drop).map_err(failure)
        }
        other => panic!("{other:?}"),
    });
    done.unwrap();
}

/// Who acts. The level Berlin, below Germany, is deactivated once all are appointed; a second later some roles have ended.
async fn actors(bank: &Bank, berlin: OrganisationId) -> Vec<(&'static str, UserId)> {
    let operator = bank.person(bank.root, "Olga").await;
    bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
    let both = bank.user_admin(bank.germany, true, "Berta").await;
    bank.appoint(both, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
    let keeper = bank.user_admin(bank.germany, true, "Klara").await;
    bank.appoint(keeper, "ProvisioningAdmin", bank.germany, true, Applications::All).await;
    let ended = bank.person(bank.germany, "Emil").await;
    let soon = bank.world.clock.now().plus(Duration::from_secs(1));
    let role = (ended, "DelegatedUserAdmin");
    bank.grant_until(PrincipalId::Console, role, (bank.germany, true), Applications::All, Some(soon)).await.unwrap();
    let blocked = bank.user_admin(bank.germany, true, "Bodo").await;
    stop(bank, BlockUser { user: blocked }.into()).await;
    let expired = bank.user_admin(bank.germany, true, "Edda").await;
    expire(bank, expired).await;
    vec![
        ("operator", operator),
        ("user admin of Germany and below", bank.user_admin(bank.germany, true, "Gerda").await),
        ("user admin of Germany only", bank.user_admin(bank.germany, false, "Gisela").await),
        ("IMAS admin of Germany and below", bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await),
        ("both, of Germany and below", both),
        ("user and provisioning admin of Germany and below", keeper),
        ("nobody in particular", bank.person(bank.germany, "Norbert").await),
        ("user admin of Germany whose role has ended", ended),
        ("user admin of Germany who is blocked", blocked),
        ("user admin of Germany whose account has expired", expired),
        ("user admin of Bank B who lives in a deactivated level", {
            let user = bank.person(berlin, "Birgit").await;
            bank.appoint(user, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
            user
        }),
    ]
}

async fn targets(bank: &Bank, berlin: OrganisationId) -> Vec<Target> {
    let above = bank.person(bank.germany, "Boris").await;
    let above_role = bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
    let [blocked, expired, deleted] = [
        bank.person(bank.germany, "Bastian").await,
        bank.person(bank.germany, "Erna").await,
        bank.person(bank.germany, "Dieter").await,
    ];
    let (lower, peer) = (bank.person(bank.germany, "Lars").await, bank.person(bank.germany, "Petra").await);
    let lower_role = bank.appoint(lower, "ApplicationAccessAdmin", bank.frankfurt, true, only(&[bank.imas])).await;
    let peer_role = bank.appoint(peer, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
    let people = [
        ("same level", bank.person(bank.germany, "Gustav").await),
        ("below", bank.person(bank.frankfurt, "Frank").await),
        ("above", bank.person(bank.bank_b, "Bruno").await),
        ("beside", bank.person(bank.france, "Francine").await),
        ("other bank", bank.person(bank.bank_a, "Anna").await),
        ("lives here, rules above", above),
        ("IMAS admin of Frankfurt", lower),
        ("peer here", peer),
        ("blocked, here", blocked),
        ("expired, here", expired),
        ("deleted, here", deleted),
        ("in a deactivated level", bank.person(berlin, "Bert").await),
    ];
    stop(bank, BlockUser { user: blocked }.into()).await;
    expire(bank, expired).await;
    stop(bank, DeleteUser { user: deleted }.into()).await;
    let roles = [(above, above_role), (lower, lower_role), (peer, peer_role)];
    let role_of = |user| roles.iter().find(|(holder, _)| *holder == user).map(|(_, role)| *role);
    people.into_iter().map(|(relation, user)| Target { relation, user, role: role_of(user) }).collect()
}

async fn draw(bank: &Bank) -> String {
    let mut table = String::from("yes: allowed · no: refused · -: answered as if it did not exist\n");
    let berlin = bank.organisation(Some(bank.germany), "Bank B Berlin").await;
    let (actors, targets) = (actors(bank, berlin).await, targets(bank, berlin).await);
    let services = Services::found(bank).await;
    stop(bank, UpdateOrganisation { organisation: berlin }.into()).await;
    bank.world.clock.advance(Duration::from_secs(1));
    let mut asked = BTreeSet::new();
    for (name, actor) in &actors {
        let _ = writeln!(table, "\n## {name}\n");
        let own = Target { relation: "oneself", user: *actor, role: None };
        for target in targets.iter().chain([&own]) {
            let mut cells = Vec::new();
            for (verb, action) in on_person(bank, target) {
                asked.insert(action.name());
                cells.push(format!("{verb}: {}", word(bank.may(*actor, action).await)));
            }
            let _ = writeln!(table, "{:24} {}", target.relation, cells.join(" | "));
        }
        for (verb, action) in elsewhere(bank).await.into_iter().chain(services.rows()) {
            asked.insert(action.name());
            let _ = writeln!(table, "{verb:28} {}", word(bank.may(*actor, action).await));
        }
    }
    asked.extend(super::matrix_projects::ASKED);
    asked.extend(super::deputies::ASKED);
    asked.extend(super::registrations::ASKED);
    asked.extend(super::amendments::ASKED);
    asked.extend(super::matrix_managers::ASKED);
    assert_eq!(asked, Action::NAMES.iter().copied().collect(), "every action is in the matrix");
    table
}

on_both! {
    /// E04, E05, E11, E13, E32, E49, D1–D5, D8, D9, D11, D12, DA-01, DA-02, DA-29, DA-44: who may do what to whom.
    async fn the_matrix_of_who_may_do_what_to_whom_is_as_reviewed(world: World) {
        let bank = Bank::found(world).await;
        insta::assert_snapshot!("authority_matrix", draw(&bank).await);
    }
}
