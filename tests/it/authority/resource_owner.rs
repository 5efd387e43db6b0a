//! The owner of an application on the side of the institution (C16): memberships of that application everywhere, and nothing else.

use axum::http::StatusCode;
use chamberlain::authority::action::{
    AssignMembership, BlockUser, CreateOrganisation, CreateUser, DeleteUser, GrantRole, KeepMembership,
    ManageApplication, ManageClient, ManageGroup, ReadContact, ReadGroup, ReadUser, RemoveMembership, ResetCredentials,
    UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Action, Reason, Validity};
use chamberlain::kernel::ids::PrincipalId;

use crate::api::calls::Counter;
use crate::support::{Bank, only};

on_both! {
    /// C16: memberships of the application in every organisation, given and taken and confirmed anew; of no other application.
    async fn an_owner_decides_on_memberships_of_their_application_everywhere(world: World) {
        let bank = Bank::found(world).await;
        let owner = bank.person(bank.root, "Carla").await;
        bank.appoint(owner, "ResourceOwner", bank.root, true, only(&[bank.casper])).await;
        for (at, name) in [(bank.bank_a, "Adam"), (bank.frankfurt, "Gustav"), (bank.france, "Felicie")] {
            let user = bank.person(at, name).await;
            bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
            bank.assign(PrincipalId::Console, user, bank.imas_user).await.unwrap();
            let (group, other) = (bank.casper_submitter, bank.imas_user);
            assert_eq!(bank.may(owner, ReadUser { user }).await, Ok(()), "{name}");
            assert_eq!(bank.may(owner, KeepMembership { user, group }).await, Ok(()), "{name}");
            assert_eq!(bank.may(owner, RemoveMembership { user, group }).await, Ok(()), "{name}");
            assert_eq!(bank.may(owner, AssignMembership { user, group }).await, Ok(()), "{name}");
            assert_eq!(bank.may(owner, AssignMembership { user, group: other }).await, Err(Reason::NotFound), "{name}");
            assert_eq!(bank.may(owner, RemoveMembership { user, group: other }).await, Err(Reason::NotFound), "{name}");
            assert_eq!(bank.may(owner, KeepMembership { user, group: other }).await, Err(Reason::NotFound), "{name}");
        }
        assert_eq!(bank.may(owner, ReadGroup { group: bank.casper_submitter }).await, Ok(()));
        assert_eq!(bank.may(owner, ReadGroup { group: bank.imas_user }).await, Err(Reason::NotFound));
    }

    /// C16, D3: no operator. Neither people nor organisations, applications, groups, clients or roles are theirs to change, and how people
    /// are reached is not for them to see.
    async fn an_owner_is_no_operator(world: World) {
        let bank = Bank::found(world).await;
        let owner = bank.person(bank.root, "Carla").await;
        bank.appoint(owner, "ResourceOwner", bank.root, true, only(&[bank.casper])).await;
        let user = bank.person(bank.frankfurt, "Gustav").await;
        let environment = {
            let tx = &mut bank.world.db.reader().await.unwrap();
            chamberlain::directory::group::store::find(tx, bank.casper_submitter).await.unwrap().unwrap().environment
        };
        let give = |role: &str| GrantRole {
            to: PrincipalId::Person(user),
            role: role.to_owned(),
            organisation: bank.frankfurt,
            include_sub_levels: true,
            applications: only(&[bank.casper]),
            validity: Validity::default(),
        };
        let all: Vec<Action> = vec![
            ReadContact { user }.into(),
            UpdateUser { user }.into(),
            DeleteUser { user }.into(),
            BlockUser { user }.into(),
            ResetCredentials { user }.into(),
            CreateUser { organisation: bank.frankfurt }.into(),
            CreateOrganisation { parent: Some(bank.root) }.into(),
            UpdateOrganisation { organisation: bank.frankfurt }.into(),
            ManageApplication { application: Some(bank.casper) }.into(),
            ManageGroup { application: bank.casper, environment }.into(),
            ManageClient { client: None }.into(),
            give("ResourceOwner").into(),
            give("ApplicationAccessAdmin").into(),
            give("Operator").into(),
        ];
        for action in all {
            let answer = bank.may(owner, action.clone()).await;
            assert!(answer.is_err(), "{action:?}: {answer:?}");
        }
    }

    /// C16, D4: only the operator makes an owner; whoever administers the access of the application does not, however wide.
    async fn only_the_operator_makes_an_owner(world: World) {
        let bank = Bank::found(world).await;
        let daa = bank.access_admin(bank.root, true, &[bank.casper], "Paula").await;
        let fred = bank.person(bank.root, "Fred").await;
        let refused = bank.grant(PrincipalId::Person(daa), fred, "ResourceOwner", (bank.root, true), only(&[bank.casper])).await;
        assert!(matches!(refused.unwrap_err().reason(), Reason::NotPermitted | Reason::InvalidGrant | Reason::NotFound));
        bank.grant(PrincipalId::Console, fred, "ResourceOwner", (bank.root, true), only(&[bank.casper])).await.unwrap();
    }

    /// C16: in the portal an owner finds people and the groups of the application, and no page of the operator.
    async fn an_owner_finds_memberships_and_no_page_of_the_operator(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let owner = bank.person(bank.root, "Carla").await;
        bank.appoint(owner, "ResourceOwner", bank.root, true, only(&[bank.casper])).await;
        let gustav = bank.person(bank.frankfurt, "Gustav").await;
        bank.activate(owner).await;
        let mut carla = counter.browser(owner).await;
        let page = carla.get(&format!("/admin/users/{gustav}/memberships")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("CASPER_WEB_DATA_SUBMITTER") && !page.text.contains("IMAS_PORTAL_USER"), "{}", page.text);
        for path in ["/admin/applications", "/admin/clients", "/admin/users/new", "/admin/audit"] {
            assert!(carla.get(path).await.status.is_client_error(), "{path}");
        }
        assert!(!carla.get(&format!("/admin/users/{gustav}")).await.text.contains("gustav@bank.example"), "how people are reached is masked");
    }
}
