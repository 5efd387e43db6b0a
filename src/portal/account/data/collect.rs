//! Reads what is stored of whoever is signed in, by a number of queries that does not depend on how much it is.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::document::{
    Account, Actor, Address, Agreement, Applications, Consent, Deputies, Deputy, Document, FORMAT, Grant, Happened,
    Held, History, Membership, Method, Methods, Nomination, OpenSession, Organisation, Pending, RememberedBrowser,
    Token, VERSION,
};
use crate::agreements;
use crate::audit::{self, store::Row};
use crate::authority::{self, Scope};
use crate::db::{self, Tx};
use crate::delegation::deputy::{model as deputy, store as deputies};
use crate::delegation::nomination::{model as nomination, store as nominations};
use crate::delegation::{self, model::RoleAssignment};
use crate::directory::names_store::{self, Named};
use crate::directory::user::model::User;
use crate::directory::{membership, organisation, project};
use crate::factors::authenticator::store as authenticators;
use crate::factors::passkey::store as passkeys;
use crate::factors::phone_store;
use crate::factors::recovery_code::store as recovery_codes;
use crate::factors::remembered;
use crate::kernel::ids::PrincipalId;
use crate::kernel::time::Timestamp;
use crate::portal::account::access;
use crate::portal::account::history;
use crate::portal::signed_in::SignedIn;
use crate::sessions::{self, browser_store};
use crate::tokens::{consent_store, delegated_store};

/// Most events of the history: more than somebody has in years.
const MOST_EVENTS: i64 = 5_000;

/// Most nominations, and most deputies of one kind.
const MOST: i64 = 500;

/// Everything, of the one who is signed in.
pub(super) async fn collect(person: &SignedIn) -> db::Result<Document> {
    let tx = &mut person.app.db.reader().await?;
    let (id, now) = (person.user.id, person.ctx.now);
    let held = membership::access_store::list_given(tx, id).await?;
    let roles = delegation::store::list_of(tx, PrincipalId::Person(id)).await?;
    let of_me = deputies::list_of(tx, id, (now, MOST)).await?;
    let of_others = deputies::list_for(tx, id, (now, MOST)).await?;
    let named = match person.user.email.as_ref().filter(|_| person.user.email_verified) {
        Some(email) => nominations::list_open_to(tx, email.as_str(), now, MOST).await?,
        None => Vec::new(),
    };
    let events = audit::store::list_of_person(tx, id, Timestamp(0), MOST_EVENTS + 1).await?;
    let others = held.iter().map(|group| group.granted_by).chain(roles.iter().map(|role| role.granted_by));
    let others = others.chain(named.iter().map(|one| one.nominated_by));
    let others = others.chain(of_me.iter().map(|one| PrincipalId::Person(one.deputy)));
    let others = others.chain(of_others.iter().map(|one| one.holder)).chain(events.iter().filter_map(history::actor));
    let names = access::names(tx, others.chain([person.user.created_by])).await?;
    let who = Who { own: PrincipalId::Person(id), names };
    let places = Places::of(tx, &roles, &named, &held).await?;
    let memberships = held.into_iter().map(|group| Membership {
        by: who.did(group.granted_by),
        application: places.applications.get(&group.application.0).cloned(),
        group: group.code,
        title: group.display_name,
        since: group.granted_at.to_rfc3339(),
        until: group.until.map(Timestamp::to_rfc3339),
        by_way_of: group.by_way_of,
    });
    Ok(Document {
        format: FORMAT,
        version: VERSION,
        issuer: person.app.link(""),
        made_at: now.to_rfc3339(),
        memberships: memberships.collect(),
        roles: roles.iter().map(|role| places.role(role, &who)).collect(),
        nominations: named.iter().map(|one| places.nomination(one, &who)).collect(),
        deputies: Deputies {
            for_me: of_me.iter().map(|one| stands_in(one, who.did(PrincipalId::Person(one.deputy)))).collect(),
            for_others: of_others.iter().map(|one| stands_in(one, who.did(one.holder))).collect(),
        },
        sign_in: methods(tx, &person.user).await?,
        sessions: browsers(tx, person).await?,
        terms: terms(tx, &person.user).await?,
        applications: applications(tx, person).await?,
        account: account(tx, person, &who).await?,
        history: told(events, &who),
    })
}

/// Whoever did something, in words.
struct Who {
    own: PrincipalId,
    names: BTreeMap<Uuid, String>,
}

impl Who {
    fn did(&self, principal: PrincipalId) -> Actor {
        let named = |kind, name| Actor { kind, name };
        match principal {
            own if own == self.own => named("self", None),
            PrincipalId::Person(id) => named("person", self.names.get(&id.0).cloned()),
            PrincipalId::Service(_) => named("service", None),
            PrincipalId::Console => named("console", None),
        }
    }
}

/// What things are called that roles and memberships are about.
struct Places {
    organisations: BTreeMap<Uuid, String>,
    applications: BTreeMap<Uuid, String>,
    projects: BTreeMap<Uuid, String>,
}

impl Places {
    async fn of(
        tx: &mut Tx,
        roles: &[RoleAssignment],
        named: &[nomination::Nomination],
        held: &[membership::model::HeldGroup],
    ) -> db::Result<Self> {
        let organisations = roles.iter().map(|role| role.organisation);
        let organisations = organisations.chain(named.iter().map(|one| one.organisation)).map(|id| id.0).collect();
        let explicit = roles.iter().flat_map(RoleAssignment::explicit_applications);
        let applications = explicit.chain(held.iter().map(|group| group.application)).map(|id| id.0).collect();
        let projects = roles.iter().map(|role| role.project).chain(named.iter().map(|one| one.project));
        let projects = projects.flatten().collect();
        let projects = project::store::list(tx, &projects).await?;
        Ok(Self {
            organisations: names_store::list_organisations(tx, &Scope::Everywhere, &organisations).await?,
            applications: names_store::list(tx, Named::Application, &applications).await?,
            projects: projects.into_iter().map(|project| (project.id.0, project.code)).collect(),
        })
    }

    fn nomination(&self, one: &nomination::Nomination, who: &Who) -> Nomination {
        Nomination {
            role: one.role.clone(),
            organisation: self.organisations.get(&one.organisation.0).cloned(),
            project: one.project.and_then(|id| self.projects.get(&id.0).cloned()),
            since: one.nominated_at.to_rfc3339(),
            until: one.expires_at.to_rfc3339(),
            by: who.did(one.nominated_by),
        }
    }

    fn role(&self, role: &RoleAssignment, who: &Who) -> Held {
        let named = |ids: BTreeSet<_>| ids.iter().filter_map(|id: &Uuid| self.applications.get(id).cloned()).collect();
        Held {
            role: role.role.clone(),
            organisation: self.organisations.get(&role.organisation.0).cloned(),
            include_sub_levels: role.include_sub_levels,
            applications: match &role.applications {
                authority::Applications::All => None,
                authority::Applications::Only(ids) => Some(named(ids.iter().map(|id| id.0).collect())),
            },
            project: role.project.and_then(|id| self.projects.get(&id.0).cloned()),
            state: role.state.as_str(),
            since: role.valid_from.to_rfc3339(),
            until: role.valid_until.map(Timestamp::to_rfc3339),
            by: who.did(role.granted_by),
        }
    }
}

fn stands_in(one: &deputy::Deputy, person: Actor) -> Deputy {
    let (from, until) = (one.valid_from.to_rfc3339(), one.valid_until.to_rfc3339());
    Deputy { role: one.role.clone(), person, from, until }
}

async fn account(tx: &mut Tx, person: &SignedIn, who: &Who) -> db::Result<Account> {
    let user = person.user.clone();
    let path = organisation::store::list_path(tx, user.organisation).await?;
    let address = |value: &str, verified| Address { value: value.to_owned(), verified };
    let pending = user.pending.as_ref().map(|pending| Pending {
        email: pending.email.as_ref().map(|email| email.as_str().to_owned()),
        phone: pending.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        since: pending.since.to_rfc3339(),
        agreed_at: pending.agreed_at.map(Timestamp::to_rfc3339),
    });
    Ok(Account {
        id: user.id.to_string(),
        email: user.email.as_ref().map(|email| address(email.as_str(), user.email_verified)),
        phone: user.phone.as_ref().map(|phone| address(phone.as_str(), user.phone_verified)),
        pending,
        organisation: Organisation {
            id: user.organisation.to_string(),
            path: path.into_iter().map(|node| node.name).collect(),
        },
        status: user.status(person.ctx.now).as_str(),
        created_at: user.created_at.to_rfc3339(),
        created_by: who.did(user.created_by),
        updated_at: user.updated_at.to_rfc3339(),
        activated_at: user.activated_at.map(Timestamp::to_rfc3339),
        expires_at: user.account_expires_at.map(Timestamp::to_rfc3339),
        last_sign_in_at: user.last_sign_in_at.map(Timestamp::to_rfc3339),
        user_name: user.user_name,
        given_name: user.given_name,
        family_name: user.family_name,
        company_id: user.company_id,
        subsidiary: user.subsidiary,
        locale: user.locale,
        self_registered: user.self_registered,
        attributes: user.scim,
    })
}

async fn methods(tx: &mut Tx, user: &User) -> db::Result<Methods> {
    let ways = phone_store::find_ways(tx, user.id).await?;
    let (left, made) = recovery_codes::count(tx, user.id).await?;
    let method = |name: String, added: Timestamp, used: Option<Timestamp>| Method {
        name,
        added_at: added.to_rfc3339(),
        last_used_at: used.map(Timestamp::to_rfc3339),
    };
    let apps = authenticators::list(tx, user.id).await?;
    let held = passkeys::list(tx, user.id).await?;
    let names = browser_store::list(tx, user.id).await?;
    let remembered = remembered::store::list(tx, user.id).await?;
    let remembered = remembered.into_iter().map(|device| RememberedBrowser {
        browser: device.user_agent,
        remembered_at: device.remembered_at.to_rfc3339(),
        last_used_at: device.last_used_at.map(Timestamp::to_rfc3339),
        expires_at: device.expires_at.to_rfc3339(),
    });
    Ok(Methods {
        password_changed_at: user.password_changed_at.map(Timestamp::to_rfc3339),
        codes_by: ways.channel.as_str(),
        codes_from_app: ways.by_app,
        authenticator_apps: apps.into_iter().map(|app| method(app.name, app.created_at, app.last_used_at)).collect(),
        passkeys: held.into_iter().map(|one| method(one.name, one.created_at, one.last_used_at)).collect(),
        recovery_codes_left: left,
        recovery_codes_made_at: made.map(Timestamp::to_rfc3339),
        browser_names: names.into_values().collect(),
        remembered_browsers: remembered.collect(),
    })
}

async fn browsers(tx: &mut Tx, person: &SignedIn) -> db::Result<Vec<OpenSession>> {
    let mut used = sessions::store::list_clients_of(tx, person.user.id).await?;
    let names = browser_store::list(tx, person.user.id).await?;
    let live = sessions::store::list(tx, person.user.id, person.ctx.now).await?;
    let browser = |session: sessions::Session| OpenSession {
        name: session.browser.and_then(|browser| names.get(browser.as_bytes()).cloned()),
        applications: used.remove(&session.id).unwrap_or_default(),
        browser: session.user_agent,
        ip: session.ip,
        signed_in_at: session.auth_time.to_rfc3339(),
        last_seen_at: session.last_seen_at.to_rfc3339(),
        expires_at: session.expires_at.to_rfc3339(),
    };
    Ok(live.into_iter().map(browser).collect())
}

async fn terms(tx: &mut Tx, user: &User) -> db::Result<Vec<Agreement>> {
    let accepted = agreements::store::list(tx, user.id).await?;
    let line = |one: agreements::store::Acceptance| Agreement {
        terms: one.terms,
        version: one.version,
        language: one.language,
        accepted_at: one.accepted_at.to_rfc3339(),
    };
    Ok(accepted.into_iter().map(line).collect())
}

async fn applications(tx: &mut Tx, person: &SignedIn) -> db::Result<Applications> {
    let (id, now) = (person.user.id, person.ctx.now);
    let words = |scope: &str| scope.split_ascii_whitespace().map(str::to_owned).collect();
    let consents = consent_store::list(tx, id).await?.into_iter().map(|one| Consent {
        scopes: words(&one.scope),
        application: one.name,
        given_at: one.given_at.to_rfc3339(),
    });
    let grants = consent_store::list_granted(tx, id, now).await?.into_iter().map(|one| Grant {
        scopes: words(&one.scope),
        application: one.name,
        since: one.created_at.to_rfc3339(),
        until: one.expires_at.to_rfc3339(),
    });
    let tokens = delegated_store::list(tx, id, now).await?.into_iter().map(|one| Token {
        name: one.name,
        since: one.created_at.to_rfc3339(),
        until: one.expires_at.to_rfc3339(),
    });
    Ok(Applications { consents: consents.collect(), grants: grants.collect(), tokens: tokens.collect() })
}

/// The same lines as on the page History, and those before.
fn told(mut rows: Vec<Row>, who: &Who) -> History {
    let most = usize::try_from(MOST_EVENTS).unwrap_or(usize::MAX);
    let shortened = rows.len() > most;
    rows.truncate(most);
    let happened = |row: Row| {
        let (by, role) = (history::actor(&row), history::role(&row));
        Happened {
            at: row.at.to_rfc3339(),
            ip: row.ip.filter(|_| by.is_none_or(|by| by == who.own)),
            by: by.map(|by| who.did(by)),
            role,
            event: row.kind,
        }
    };
    History { shortened, events: rows.into_iter().map(happened).collect() }
}
