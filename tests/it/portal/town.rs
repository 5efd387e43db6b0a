//! A small world for the pages: two banks, one with sub-levels, two applications, administrators of every kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use chamberlain::authority::action::{AssignMembership, Nominate};
use chamberlain::authority::role::SubLevels;
use chamberlain::authority::{Applications, Validity};
use chamberlain::db::transact;
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::delegation::nomination::nominate;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::application::model::{Application, Environment};
use chamberlain::directory::client::model::{Client, ClientKind, ClientSettings};
use chamberlain::directory::group::model::Group;
use chamberlain::directory::membership::assign;
use chamberlain::directory::module::model::ModuleRules;
use chamberlain::directory::organisation::model::{Organisation, Status};
use chamberlain::directory::user::model::User;
use chamberlain::directory::{application, client, group, organisation, user};
use chamberlain::kernel::ids::{
    ApplicationId, ClientId, EnvironmentId, GroupId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId,
    SessionId, UserId,
};
use chamberlain::kernel::secret::{Digest, Token};
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};
use chamberlain::outbound::Outbound;
use chamberlain::portal::{self, Portal};
use chamberlain::push::run::Pusher;
use chamberlain::sessions::model::{ACR_ONE_FACTOR, Settings as SessionSettings};
use chamberlain::sessions::{self, Session};
use chamberlain::tokens::Kek;
use chamberlain::web::App;
use chamberlain::web::support::SupportSettings;
use chamberlain::{db, delegation};

use super::browser::Browser;
use crate::support::{World, wide_limits};

/// The address of the portal under test.
pub const ADDRESS: &str = "https://id.example.eu";

/// The populated world and its pages.
pub struct Town {
    pub world: World,
    pub app: App,
    outbox: DevOutbox,
    pub root: OrganisationId,
    pub bank_a: OrganisationId,
    pub bank_b: OrganisationId,
    pub frankfurt: OrganisationId,
    pub imas: ApplicationId,
    pub casper: ApplicationId,
    pub imas_user: GroupId,
    pub casper_user: GroupId,
    /// Pushes people to applications on this machine.
    pub pusher: Pusher,
}

impl Town {
    pub async fn build(world: World) -> Self {
        Self::of_profile(world, "ecb-identity-portal").await
    }

    /// The same places, with the roles of another profile.
    pub async fn of_profile(world: World, name: &str) -> Self {
        Self::of(world, Profile::shipped(name).unwrap().unwrap()).await
    }

    /// The same places, with the roles of any profile.
    pub async fn of(world: World, profile: Profile) -> Self {
        let mut app = App::new(
            world.db.clone(),
            world.clock.clone(),
            world.entropy.clone(),
            ADDRESS.parse().unwrap(),
            profile.roles,
        );
        app.limits = wide_limits();
        app.wording = profile.wording;
        app.phases = profile.phases.into();
        app.terms = Arc::new(profile.terms);
        app.registrations = profile.registrations;
        app.recertification = profile.recertification;
        app.agreements = profile.agreements;
        app.support =
            Arc::new(SupportSettings { email: "help@example.org".to_owned(), phone: "+49 69 1234".to_owned() });
        let ctx = world.ctx();
        let root = level(&world, None, "European Institution").await;
        let bank_a = level(&world, Some(root), "Bank A").await;
        let bank_b = level(&world, Some(root), "Bank B").await;
        let germany = level(&world, Some(bank_b), "Bank B Germany").await;
        let frankfurt = level(&world, Some(germany), "Bank B Frankfurt").await;
        let (imas, casper) = (ApplicationId(ctx.uuid()), ApplicationId(ctx.uuid()));
        let imas_user = application(&world, imas, "IMAS", "IMAS_PORTAL_USER").await;
        let casper_user = application(&world, casper, "CASPER", "CASPER_WEB_DATA_SUBMITTER").await;
        let outbox = DevOutbox::default();
        let outbound = Outbound::new(&chamberlain::outbound::Settings::default(), true).unwrap();
        let kek = Kek::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let (subjects, clock) = (app.subjects.clone(), world.clock.clone());
        let pusher = Pusher { outbound, kek, subjects, clock };
        Self { world, app, outbox, root, bank_a, bank_b, frankfurt, imas, casper, imas_user, casper_user, pusher }
    }

    /// Somebody with an account in use; the e-mail address is `given@example.org`.
    pub async fn person(&self, given: &str, family: &str, level: OrganisationId) -> UserId {
        let (db, ctx) = (&self.world.db, self.world.ctx());
        let email = format!("{}@example.org", given.to_lowercase());
        let new = User {
            id: UserId(ctx.uuid()),
            organisation: level,
            user_name: email.clone(),
            email: Some(email.parse().unwrap()),
            email_verified: true,
            phone: Some("+4969123456".parse().unwrap()),
            phone_verified: true,
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            company_id: None,
            subsidiary: None,
            locale: None,
            self_registered: false,
            active: true,
            blocked: false,
            activated_at: Some(ctx.now),
            account_expires_at: None,
            deleted_at: None,
            last_sign_in_at: None,
            pending: None,
            password_changed_at: None,
            user_name_told_at: None,
            erased_at: None,
            epoch: 0,
            scim: serde_json::Map::new(),
            created_by: PrincipalId::Console,
            created_at: ctx.now,
            updated_at: ctx.now,
            version: 1,
        };
        let done: db::Result<()> = transact!(db, tx => user::store::insert(tx, &new).await);
        done.unwrap();
        new.id
    }

    /// Puts somebody into a group as the operator's console would.
    pub async fn join(&self, user: UserId, group: GroupId) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let done: db::Result<()> = transact!(self.world.db, tx => {
            let permit = self.app.door.authorise(tx, &ctx, AssignMembership { user, group }).await.unwrap();
            assign::assign(tx, permit, None, &ctx).await.unwrap();
            Ok(())
        });
        done.unwrap();
    }

    /// Gives a role of the participant portal, as the operator's console would.
    pub async fn appoint(&self, to: UserId, role: &str, level: OrganisationId, project: Option<ProjectId>) {
        let (db, ctx) = (&self.world.db, self.world.ctx_of(PrincipalId::Console));
        let action = Nominate {
            role: role.to_owned(),
            organisation: level,
            project,
            person: Some(to),
            validity: Validity::default(),
        };
        let done: db::Result<()> = transact!(db, tx => {
            let permit = self.app.door.authorise(tx, &ctx, action.clone()).await.unwrap();
            nominate::assign(tx, permit, self.app.door.roles(), None, &ctx).await.unwrap();
            Ok(())
        });
        done.unwrap();
        self.app.door.changed();
    }

    /// Gives a role as the operator's console would.
    pub async fn give(&self, to: UserId, role: &str, level: OrganisationId, applications: &[ApplicationId]) {
        let (db, ctx) = (&self.world.db, self.world.ctx());
        let set: BTreeSet<_> = applications.iter().copied().collect();
        let new = RoleAssignment {
            id: RoleAssignmentId(ctx.uuid()),
            principal: PrincipalId::Person(to),
            role: role.to_owned(),
            organisation: level,
            include_sub_levels: self.app.door.roles().get(role).is_none_or(|role| role.sub_levels != SubLevels::Never),
            applications: if set.is_empty() { Applications::All } else { Applications::Only(set) },
            project: None,
            waits_for_phase: None,
            state: State::Active,
            valid_from: ctx.now,
            valid_until: None,
            granted_by: PrincipalId::Console,
            granted_via: None,
            granted_at: ctx.now,
        };
        let done: db::Result<()> = transact!(db, tx => delegation::store::insert(tx, &new).await);
        done.unwrap();
        self.app.door.changed();
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        let mut portal = Portal { pusher: Some(self.pusher.clone()), ..Portal::new(self.app.clone()) };
        portal.factors.remember_for = self.app.remember_for;
        Browser::new(portal::router(portal))
    }

    /// A browser in which somebody has just signed in with two factors.
    pub async fn signed_in(&self, person: UserId) -> Browser {
        self.signed_in_by(person, &["pwd", "sms", "mfa"]).await
    }

    /// The same by these methods.
    pub async fn signed_in_by(&self, person: UserId, amr: &[&str]) -> Browser {
        self.signed_in_with(person, |session| session.amr = amr.iter().map(|method| (*method).to_owned()).collect())
            .await
    }

    /// By the password alone, in a browser that is asked for no code.
    pub async fn signed_in_remembered(&self, person: UserId) -> Browser {
        let change = |session: &mut Session| {
            session.second_factor_at = Timestamp(0);
            session.remembered_since = Some(session.auth_time);
            session.amr = vec!["pwd".to_owned()];
            ACR_ONE_FACTOR.clone_into(&mut session.acr);
        };
        self.signed_in_with(person, change).await
    }

    async fn signed_in_with(&self, person: UserId, change: impl FnOnce(&mut Session)) -> Browser {
        let (db, ctx, cookie) = (&self.world.db, self.world.ctx(), Token::generate(&self.world.entropy));
        let mut session = Session {
            id: SessionId(ctx.uuid()),
            user: person,
            auth_time: ctx.now,
            second_factor_at: ctx.now,
            amr: Vec::new(),
            acr: "https://refeds.org/profile/mfa".to_owned(),
            remembered_since: None,
            browser: Some(sessions::browser_store::digest(person, &Digest::of(b"browser under test"))),
            locale: None,
            user_agent: "Browser under test".to_owned(),
            ip: None,
            created_at: ctx.now,
            last_seen_at: ctx.now,
            expires_at: ctx.now.plus(SessionSettings::default().absolute()),
        };
        change(&mut session);
        let done: db::Result<()> = transact!(db, tx => sessions::store::insert(tx, &session, &cookie.digest(), 0, &SessionSettings::default()).await);
        done.unwrap();
        self.browser().with_cookie("__Host-chamberlain", cookie.reveal())
    }

    /// Bank B's user administrator, access administrator for IMAS, and an ordinary person.
    pub async fn staff(&self) -> (UserId, UserId, UserId) {
        let dua = self.person("Anna", "Berg", self.bank_b).await;
        self.give(dua, "DelegatedUserAdmin", self.bank_b, &[]).await;
        let daa = self.person("Paul", "Ito", self.bank_b).await;
        self.give(daa, "ApplicationAccessAdmin", self.bank_b, &[self.imas]).await;
        (dua, daa, self.person("Fred", "Perry", self.frankfurt).await)
    }

    /// Somebody of this world by the given name.
    pub async fn find(&self, given: &str) -> UserId {
        let tx = &mut self.world.db.reader().await.unwrap();
        let email = format!("{}@example.org", given.to_lowercase());
        user::store::find_by_email(tx, &email).await.unwrap().unwrap().id
    }

    /// Takes all roles from somebody as the operator's console would.
    pub async fn take_away(&self, from: UserId) {
        let (db, ctx) = (&self.world.db, self.world.ctx());
        let done: db::Result<()> = transact!(db, tx => {
            for role in delegation::store::list_of(tx, PrincipalId::Person(from)).await? {
                delegation::store::save_revoked(tx, role.id, PrincipalId::Console, ctx.now, None).await?;
            }
            Ok(())
        });
        done.unwrap();
        self.app.door.changed();
    }

    /// A client of the application's production environment, and the address of its page.
    pub async fn client(&self, client_id: &str) -> String {
        let (db, ctx) = (&self.world.db, self.world.ctx());
        let tx = &mut db.reader().await.unwrap();
        let environment = group::store::find(tx, self.imas_user).await.unwrap().unwrap().environment;
        let new = Client {
            id: ClientId(ctx.uuid()),
            client_id: client_id.to_owned(),
            name: client_id.to_uppercase(),
            kind: ClientKind::Web,
            environment: Some(environment),
            organisation: None,
            active: true,
            settings: ClientSettings {
                redirect_uris: vec!["https://imas.example/cb".to_owned()],
                ..ClientSettings::default()
            },
            epoch: 0,
            created_at: ctx.now,
            updated_at: ctx.now,
            version: 1,
        };
        let done: db::Result<()> = transact!(db, tx => client::store::insert(tx, &new).await);
        done.unwrap();
        format!("/admin/clients/{}", new.id)
    }

    /// What was sent so far: to whom, and the whole text.
    pub async fn sent(&self) -> Vec<(String, String)> {
        let mut settings = Settings::default();
        (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
            (Driver::Memory, Driver::Memory, Driver::Memory);
        let sender =
            Sender { links: self.app.links, wording: self.app.wording, ..Sender::of(ADDRESS.parse().unwrap()) };
        let transports = Transports::new(&settings, sender, Some(self.outbox.clone())).unwrap();
        deliver_due(&self.world.db, &transports, &self.world.clock).await.unwrap();
        self.outbox.list().into_iter().map(|sent| (sent.to, sent.text)).collect()
    }

    /// The mails with a link among them: to whom, and the secret of the link.
    pub async fn mails(&self) -> Vec<(String, String)> {
        let secret = |text: &str| {
            let link = text.split_whitespace().find(|word| word.starts_with(ADDRESS))?;
            Some(link.rsplit('/').next().unwrap().to_owned())
        };
        self.sent().await.into_iter().filter_map(|(to, text)| Some((to, secret(&text)?))).collect()
    }

    /// The operator.
    pub async fn operator(&self) -> UserId {
        let operator = self.person("Olga", "Root", self.root).await;
        self.give(operator, "Operator", self.root, &[]).await;
        operator
    }
}

async fn level(world: &World, parent: Option<OrganisationId>, name: &str) -> OrganisationId {
    let (db, ctx) = (&world.db, world.ctx());
    let new = Organisation {
        id: OrganisationId(ctx.uuid()),
        parent,
        name: name.to_owned(),
        country: None,
        lei: None,
        external_id: None,
        status: Status::Active,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let done: db::Result<()> = transact!(db, tx => organisation::store::insert(tx, &new).await);
    done.unwrap();
    new.id
}

async fn application(world: &World, id: ApplicationId, code: &str, group: &str) -> GroupId {
    let (db, ctx) = (&world.db, world.ctx());
    let new = Application {
        id,
        code: code.to_owned(),
        name: code.to_owned(),
        description: format!("What {code} is for."),
        documentation_url: None,
        modules: ModuleRules::default(),
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let environment = Environment {
        id: EnvironmentId(ctx.uuid()),
        application: id,
        code: "production".to_owned(),
        title: code.to_owned(),
        group_prefix: String::new(),
        launch_url: Some(format!("https://{}.example.org/start", code.to_lowercase())),
        requires_group: true,
        second_factor: chamberlain::kernel::strength::Strength::Any,
        created_at: ctx.now,
    };
    let group = Group {
        id: GroupId(ctx.uuid()),
        application: id,
        environment: environment.id,
        code: group.to_owned(),
        display_name: format!("{code} users"),
        description: "May use it.".to_owned(),
        documentation_url: None,
        sensitive: false,
        scim: serde_json::Map::new(),
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let done: db::Result<()> = transact!(db, tx => {
        application::store::insert(tx, &new).await?;
        application::environment_store::insert(tx, &environment).await?;
        group::store::insert(tx, &group).await
    });
    done.unwrap();
    group.id
}
