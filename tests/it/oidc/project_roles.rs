//! What applications are told of roles in projects.

use chamberlain::authority::Validity;
use chamberlain::authority::action::{ManageProject, Nominate, RevokeRole};
use chamberlain::delegation::nomination::nominate::assign;
use chamberlain::delegation::revoke::revoke;
use chamberlain::directory::organisation;
use chamberlain::directory::project::manage;
use chamberlain::directory::project::model::NewProject;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use chamberlain::oidc::Settings;
use chamberlain::transact;
use serde_json::json;

use crate::support::relying_party::{Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";

async fn organisation_named(provider: &Provider, name: &str) -> OrganisationId {
    let tx = &mut provider.world.db.reader().await.unwrap();
    let root = organisation::store::find_root(tx).await.unwrap().unwrap().id;
    let all = organisation::store::list_subtree(tx, root, 100).await.unwrap();
    all.into_iter().find(|node| node.name == name).unwrap().id
}

async fn project(provider: &Provider, coordinator: OrganisationId) -> ProjectId {
    let (door, ctx) = (&provider.oidc.app.door, provider.world.ctx_of(PrincipalId::Console));
    let phases = ["proposal".to_owned(), "running".to_owned(), "closed".to_owned()];
    let made: chamberlain::db::Result<ProjectId> = transact!(provider.world.db, tx => {
        let permit = door.authorise(tx, &ctx, ManageProject { project: None }).await.unwrap();
        let (code, title) = ("ALPHA-1".to_owned(), "First".to_owned());
        let new = NewProject { code, title, coordinator, participants: Vec::new() };
        Ok(manage::create(tx, permit, &phases, new, &ctx).await.unwrap().id)
    });
    made.unwrap()
}

async fn give(
    provider: &Provider,
    to: UserId,
    role: &str,
    at: (OrganisationId, Option<ProjectId>),
) -> RoleAssignmentId {
    let (door, ctx) = (&provider.oidc.app.door, provider.world.ctx_of(PrincipalId::Console));
    let action = Nominate {
        role: role.to_owned(),
        organisation: at.0,
        project: at.1,
        person: Some(to),
        validity: Validity::default(),
    };
    let given: chamberlain::db::Result<RoleAssignmentId> = transact!(provider.world.db, tx => {
        let permit = door.authorise(tx, &ctx, action.clone()).await.unwrap();
        Ok(assign(tx, permit, door.roles(), None, &ctx).await.unwrap().id)
    });
    door.changed();
    given.unwrap()
}

on_both! {
    /// P21, P23, P27, P42, P55, P75: a role in a project is told with the project, the organisation and what it stands for, never as a
    /// role of its own; a dormant one is not told at all; what ends is gone from the next answer (D7).
    async fn roles_in_projects_are_told_with_their_project_and_dormant_ones_not_at_all(world: World) {
        let provider = Provider::of_profile(world, Settings::default(), "participant-portal").await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (fred, bank) = (provider.user(FRED).await, organisation_named(&provider, "Bank A").await);
        let tokens = provider.tokens(&imas, &browser).await;
        assert!(claims(&tokens["id_token"]).get("role_assignments").is_none(), "nothing to tell");
        // P19: a role of another organisation is told with that organisation, never as one of the home.
        let bank_b = organisation_named(&provider, "Bank B").await;
        give(&provider, fred, "AccountAdministrator", (bank_b, None)).await;
        let told = claims(&provider.tokens(&imas, &browser).await["id_token"]);
        let elsewhere = json!({
            "role": "AccountAdministrator", "organisation": "Bank B", "entitlements": ["organisation:request-change"],
        });
        assert_eq!((&told["roles"], &told["role_assignments"]), (&json!([]), &json!([elsewhere])));
        let first = give(&provider, fred, "FinancialSignatory", (bank, None)).await;
        let told = claims(&provider.tokens(&imas, &browser).await["id_token"]);
        assert_eq!((&told["roles"], &told["role_assignments"]), (&json!([]), &json!([elsewhere])), "dormant");
        let alpha = project(&provider, bank).await;
        give(&provider, fred, "ProjectFinancialSignatory", (bank, Some(alpha))).await;
        let tokens = provider.tokens(&imas, &browser).await;
        let expected = json!([elsewhere, {
            "project": "ALPHA-1", "phase": "proposal", "organisation": "Bank A", "coordinates": true, "role": "ProjectFinancialSignatory",
            "entitlements": ["sign:form-c", "submit:form-c", "forms:read", "forms:write"],
        }]);
        let told = claims(&tokens["id_token"]);
        assert_eq!((&told["roles"], &told["role_assignments"]), (&json!([]), &expected));
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(provider.userinfo(access).await.json()["role_assignments"], expected);
        let (door, ctx) = (&provider.oidc.app.door, provider.world.ctx_of(PrincipalId::Console));
        let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
            let permit = door.authorise(tx, &ctx, RevokeRole { assignment: first }).await.unwrap();
            revoke(tx, permit, door.roles(), None, &ctx).await.unwrap();
            Ok(())
        });
        done.unwrap();
        door.changed();
        assert_eq!(provider.userinfo(access).await.json()["role_assignments"], json!([elsewhere]), "ended with what it requires");
    }

    /// P04, P05, P27, P28, P35, P42, P43, P48, P52, P56: one person holds as many roles as necessary, and each one is told with what it
    /// stands for, and nothing more: who submits, to whom, and who only reads.
    async fn each_role_in_a_project_is_told_with_what_it_stands_for(world: World) {
        let provider = Provider::of_profile(world, Settings::default(), "participant-portal").await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (fred, bank) = (provider.user(FRED).await, organisation_named(&provider, "Bank A").await);
        let alpha = project(&provider, bank).await;
        let coordinates = json!(["tools:read", "tools:write", "forms:read", "forms:write", "common-forms:write", "submit:commission"]);
        let expected = [
            ("PrimaryCoordinatorContact", coordinates.clone()),
            ("CoordinatorContact", coordinates),
            ("ParticipantContact", json!(["forms:read", "forms:write", "submit:coordinator"])),
            ("TaskManager", json!(["forms:create", "forms:save", "forms:update"])),
            ("TeamMember", json!(["forms:search", "forms:read"])),
        ];
        for (role, _) in &expected {
            give(&provider, fred, role, (bank, Some(alpha))).await;
        }
        let told = claims(&provider.tokens(&imas, &browser).await["id_token"])["role_assignments"].clone();
        assert_eq!(told.as_array().unwrap().len(), expected.len(), "{told}");
        for (role, entitlements) in expected {
            let of_role = told.as_array().unwrap().iter().find(|one| one["role"] == role).unwrap();
            assert_eq!(of_role["entitlements"], entitlements, "{role}");
        }
    }
}
