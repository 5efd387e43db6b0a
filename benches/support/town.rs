//! The database of a benchmark: the demo's world, and below its root as many organisations and people as asked for.
//!
//! Made once per size and schema and kept under the target folder. The crowd is written past the use cases, through the
//! stores; the demo's world, the roles and the clients come from the use cases.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chamberlain::authority::action::{GrantRole, ManageClient};
use chamberlain::authority::{Applications, Door, Validity};
use chamberlain::cli::demo::world::{Addresses, World, seed};
use chamberlain::db::{self, Db, Options, Tx, migrate, transact};
use chamberlain::delegation::grant::grant;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::client::manage::{self as clients, ClientDetails};
use chamberlain::directory::client::model::{ClientKind, ClientSettings};
use chamberlain::directory::membership::model::Membership;
use chamberlain::directory::organisation::model::{Organisation, Status};
use chamberlain::directory::organisation::store as organisations;
use chamberlain::directory::user::model::User;
use chamberlain::directory::{group, membership, user};
use chamberlain::kernel::ctx::{Channel, Ctx};
use chamberlain::kernel::ids::{GroupId, MembershipId, OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::Clock;
use chamberlain::on;
use serde::{Deserialize, Serialize};

/// The key-encryption key of all benchmark databases.
pub const KEY: &str = "q8Vt3nYw0mJ5sXe1Kc7dPzR2uLhGf9aB4oTi6vWkZxM=";

/// Each organisation of the crowd has this many right below it.
const FANOUT: usize = 10;

const GIVEN: [&str; 24] = [
    "ada", "ben", "carla", "david", "elsa", "franz", "gina", "hugo", "irma", "jan", "klara", "luca", "mara", "nils",
    "olga", "piet", "rosa", "sven", "tilda", "udo", "vera", "wim", "xenia", "yves",
];
const SYLLABLES: [&str; 40] = [
    "ba", "be", "bi", "bo", "ca", "de", "do", "fa", "fi", "ga", "go", "ha", "ka", "ki", "la", "le", "lo", "ma", "me",
    "mi", "mo", "na", "ne", "no", "pa", "pe", "ra", "re", "ri", "ro", "sa", "se", "si", "ta", "te", "ti", "to", "va",
    "ve", "wi",
];

/// What a benchmark has to know about its database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Town {
    /// The demo's accounts and clients.
    pub world: World,
    /// The organisations of the crowd; each has its children at ten times its place and the nine that follow, plus one.
    pub places: Vec<OrganisationId>,
    /// How many people are in the crowd.
    pub people: usize,
    /// Some of them, evenly spread.
    pub some: Vec<(UserId, String)>,
    /// A service that administers people and access everywhere, with its secret.
    pub service: (String, String),
    /// A group of ten, and one of as many as a tenth of all people, at most a hundred thousand.
    pub groups: [GroupId; 2],
    /// Where the database is.
    pub path: PathBuf,
}

impl Town {
    /// The town of this size, made if it is not there.
    pub async fn of(people: usize, organisations: usize) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
        std::fs::create_dir_all(&folder).unwrap();
        let name = format!("{}-{people}-{organisations}", migrate::fingerprint());
        let (path, about) = (folder.join(format!("{name}.db")), folder.join(format!("{name}.json")));
        if let Ok(text) = std::fs::read_to_string(&about) {
            return serde_json::from_str(&text).unwrap();
        }
        for leftover in ["db", "db-wal", "db-shm"] {
            let _not_there = std::fs::remove_file(folder.join(format!("{name}.{leftover}")));
        }
        eprintln!("  making {people} people in {organisations} organisations …");
        let begun = Instant::now();
        let town = Maker::new(path).await.make(people, organisations).await;
        std::fs::write(&about, serde_json::to_string(&town).unwrap()).unwrap();
        eprintln!("  made in {:.0} s", begun.elapsed().as_secs_f64());
        town
    }

    /// How it is opened.
    pub fn options(&self) -> Options {
        Options::new(format!("sqlite:{}", self.path.display()), 8)
    }

    /// A node of the crowd with about so many nodes in its subtree (its own included), the last one of its level.
    pub fn subtree_of(&self, nodes: usize) -> OrganisationId {
        let count = |top: usize| {
            let (mut level, mut sum) = (top..top + 1, 0);
            while level.start < self.places.len() {
                sum += level.end.min(self.places.len()) - level.start;
                level = level.start * FANOUT + 1..level.end * FANOUT + 1;
            }
            sum
        };
        let best = (0..self.places.len()).min_by_key(|top| (count(*top).abs_diff(nodes), *top)).unwrap();
        self.places[best]
    }
}

struct Maker {
    db: Db,
    door: Door,
    ctx: Ctx,
    path: PathBuf,
}

impl Maker {
    async fn new(path: PathBuf) -> Self {
        let options = Options::new(format!("sqlite:{}", path.display()), 2);
        let db = Db::open(&options).await.unwrap();
        migrate::run(&db).await.unwrap();
        let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
        let ctx =
            Ctx::internal(Clock::system().now(), Entropy::seeded(7), Channel::Cli).acting_as(PrincipalId::Console);
        Self { db, door, ctx, path }
    }

    async fn make(self, people: usize, organisations: usize) -> Town {
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let addresses = Addresses { imas: at(4001), casper: at(4002), casper_pre: at(4003) };
        let clock = Clock::system();
        let world = seed(&self.db, &self.door, &clock, &self.ctx.entropy, &addresses).await.unwrap();
        let places = self.places(organisations).await;
        let some = self.people(&places, people).await;
        let service = self.service().await;
        let groups = self.groups(people).await;
        let town = Town { world, places, people, some, service, groups, path: self.path };
        self.db.close().await;
        town
    }

    async fn places(&self, count: usize) -> Vec<OrganisationId> {
        let mut places: Vec<OrganisationId> = Vec::with_capacity(count);
        let root = organisations::find_root(&mut self.db.reader().await.unwrap()).await.unwrap().unwrap().id;
        let done: db::Result<()> = transact!(self.db, tx => {
            places.clear();
            for number in 0..count {
                let parent = number.checked_sub(1).map_or(root, |before| places[before / FANOUT]);
                let organisation = Organisation {
                    id: OrganisationId(self.ctx.uuid()),
                    parent: Some(parent),
                    name: format!("Credit Institution {number:05}"),
                    country: None,
                    lei: None,
                    external_id: None,
                    status: Status::Active,
                    created_at: self.ctx.now,
                    updated_at: self.ctx.now,
                    version: 1,
                };
                organisations::insert(tx, &organisation).await?;
                places.push(organisation.id);
            }
            Ok(())
        });
        done.unwrap();
        places
    }

    fn person(&self, number: usize, at: usize, home: OrganisationId) -> User {
        let below = |bound: usize| self.ctx.entropy.below(u32::try_from(bound).unwrap()) as usize;
        let given = GIVEN[below(GIVEN.len())];
        let family: String = (0..2 + below(3)).map(|_| SYLLABLES[below(SYLLABLES.len())]).collect();
        let email = format!("{given}.{family}{number}@bank{}.example", at % 97);
        // Numbers of one branch begin with the same country code, as they do.
        let mut branch = at;
        while branch > FANOUT {
            branch = (branch - 1) / FANOUT;
        }
        let phone = (!number.is_multiple_of(7)).then(|| format!("+{}{:09}", 31 + branch, below(1_000_000_000)));
        User {
            id: UserId(self.ctx.uuid()),
            organisation: home,
            user_name: email.clone(),
            email: Some(email.parse().unwrap()),
            email_verified: true,
            phone: phone.map(|phone| phone.parse().unwrap()),
            phone_verified: false,
            given_name: given.to_owned(),
            family_name: family,
            company_id: Some(format!("{number}")),
            subsidiary: None,
            locale: None,
            self_registered: false,
            active: !number.is_multiple_of(50),
            blocked: number.is_multiple_of(1_000),
            activated_at: (!number.is_multiple_of(20)).then_some(self.ctx.now),
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
            created_at: self.ctx.now,
            updated_at: self.ctx.now,
            version: 1,
        }
    }

    async fn people(&self, places: &[OrganisationId], count: usize) -> Vec<(UserId, String)> {
        let (mut some, every) = (Vec::new(), (count / 4_000).max(1));
        let mut number = 0;
        while number < count {
            let part: Vec<User> = (number..count.min(number + 10_000))
                .map(|number| {
                    let at = self.ctx.entropy.below(u32::try_from(places.len()).unwrap()) as usize;
                    self.person(number, at, places[at])
                })
                .collect();
            let done: db::Result<()> = transact!(self.db, tx => user::store::insert_all(tx, &part).await);
            done.unwrap();
            number += part.len();
            some.extend(part.iter().step_by(every).map(|person| (person.id, person.user_name.clone())));
        }
        some
    }

    async fn service(&self) -> (String, String) {
        let root = organisations::find_root(&mut self.db.reader().await.unwrap()).await.unwrap().unwrap().id;
        let details = ClientDetails {
            client_id: "hr-of-all".to_owned(),
            name: "HR of all".to_owned(),
            kind: ClientKind::Machine,
            environment: None,
            organisation: Some(root),
            settings: ClientSettings {
                grant_types: vec!["client_credentials".to_owned()],
                scopes: vec!["scim".to_owned()],
                access_token_lifetime: 3_600,
                ..ClientSettings::default()
            },
        };
        let made: Result<String, Failed> = transact!(self.db, tx => {
            let permit = self.door.authorise(tx, &self.ctx, ManageClient { client: None }).await.map_err(failed)?;
            let (client, secret) = clients::create(tx, permit, details.clone(), &self.ctx).await.map_err(failed)?;
            for role in ["DelegatedUserAdmin", "ApplicationAccessAdmin"] {
                self.grant(tx, PrincipalId::Service(client.id), role, root).await?;
            }
            Ok(secret.unwrap().reveal().to_owned())
        });
        ("hr-of-all".to_owned(), made.unwrap())
    }

    async fn grant(&self, tx: &mut Tx, to: PrincipalId, role: &str, at: OrganisationId) -> Result<(), Failed> {
        let applications = Applications::All;
        let wanted = GrantRole {
            to,
            role: role.to_owned(),
            organisation: at,
            include_sub_levels: true,
            applications,
            validity: Validity::default(),
        };
        let permit = self.door.authorise(tx, &self.ctx, wanted).await.map_err(failed)?;
        grant(tx, permit, self.door.roles(), &self.ctx).await.map_err(failed)?;
        Ok(())
    }

    async fn groups(&self, people: usize) -> [GroupId; 2] {
        let tx = &mut self.db.reader().await.unwrap();
        let small = group::store::find_by_code(tx, "CASPER_WEB_USER_ADMIN").await.unwrap().unwrap().id;
        let large = group::store::find_by_code(tx, "IMAS_PORTAL_USER").await.unwrap().unwrap().id;
        self.fill(small, 10).await;
        self.fill(large, (people / 10).min(100_000)).await;
        [small, large]
    }

    async fn fill(&self, group: GroupId, count: usize) {
        let done: db::Result<()> = transact!(self.db, tx => {
            let newest = "SELECT id FROM users ORDER BY number DESC LIMIT $1";
            let limit = i64::try_from(count).unwrap();
            let ids: Vec<UserId> = on!(tx, c => sqlx::query_scalar(newest).bind(limit).fetch_all(c).await)?;
            for user in ids {
                let membership = Membership {
                    id: MembershipId(self.ctx.uuid()),
                    user,
                    group,
                    granted_by: PrincipalId::Console,
                    granted_via: None,
                    granted_at: self.ctx.now,
                    until: None,
                };
                membership::store::insert(tx, &membership).await?;
            }
            Ok(())
        });
        done.unwrap();
    }
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Failed(Box<dyn std::error::Error + Send + Sync>);

impl From<db::Error> for Failed {
    fn from(error: db::Error) -> Self {
        failed(error)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Failed {
    Failed(Box::new(error))
}
