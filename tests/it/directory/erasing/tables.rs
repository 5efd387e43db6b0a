//! Whatever table there is: of somebody who was erased nothing is left in it but an id.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chamberlain::audit::chain;
use chamberlain::authority::action::{CreateUser, DeleteUser, UpdateUser};
use chamberlain::db::transact;
use chamberlain::directory::client::activity::Activity;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::{NewUser, User, UserChange};
use chamberlain::directory::user::{create, delete, store, update};
use chamberlain::jobs::tasks::{self, Shop, Task};
use chamberlain::kernel::ctx::LinkLives;
use chamberlain::kernel::hex::hex;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::kernel::password_rules::PasswordRules;
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};
use chamberlain::signals::fan_out::fan_out;
use serde_json::json;

use super::rows::{self, Marks};
use crate::support::{Bank, Failure, failure, state};

/// What becomes of each table when somebody is erased. A new table has to be decided on here, and in `docs/privacy.md` if it keeps
/// something of a person.
const REMOVED: &[&str] = &[
    "authenticators",
    "authorization_codes",
    "authorization_requests",
    "consents",
    "delegated_tokens",
    "device_grants",
    "event_stream_silences",
    "external_ids",
    "known_browsers",
    "named_browsers",
    "one_time_links",
    "passkey_handles",
    "passkeys",
    "password_history",
    "passwords",
    "phone_factors",
    "push_members",
    "push_resources",
    "pushed_requests",
    "recertification_reminders",
    "recovery_codes",
    "refresh_tokens",
    "remembered_devices",
    "session_clients",
    "session_former_ids",
    "sessions",
    "sign_ins",
    "signal_deliveries",
    "token_families",
];

/// Rows that stay, without what names the person.
const BLANKED: &[&str] =
    &["messages", "nominations", "registrations", "revocation_requests", "role_assignments", "users"];

/// Rows that hold ids of people and nothing else of them, or nothing of people at all; and what is gone before an account is erased.
const KEPT: &[(&str, &str)] = &[
    ("access_managers", "who made one organisation manage another, by id"),
    ("amendment_documents", "files of an organisation"),
    ("amendments", "data of an organisation; who asked, by id"),
    ("audit_chain", "no person"),
    ("audit_events", "ids and the names of what changed; bound by the chain"),
    ("applications", "no person"),
    ("client_habits", "no person"),
    ("client_logos", "no person"),
    ("client_origins", "no person"),
    ("client_people", "that an application knows an id, until it was told"),
    ("client_registrations", "what a client says of itself"),
    ("client_requests", "paths with ids, for a week"),
    ("client_secrets", "who took it, by id"),
    ("client_uses", "no person"),
    ("clients", "no person"),
    ("code_sends", "digests, for a day"),
    ("deputies", "who stood in for whom, by id"),
    ("environments", "no person"),
    ("event_streams", "no person"),
    ("group_closure", "no person"),
    ("group_nestings", "no person"),
    ("groups", "no person"),
    ("installation_secrets", "no person"),
    ("mailings", "who wrote to how many, by id, for a day"),
    ("member_changes", "no person"),
    ("memberships", "gone with the deletion"),
    ("module_accesses", "who granted it, by id"),
    ("module_catalogues", "no person"),
    ("module_coordinators", "no person"),
    ("module_proposals", "who proposed it, by id"),
    ("number_alarms", "numbers"),
    ("number_uses", "digests, for a day"),
    ("opaque_access_tokens", "ids, until the token ends"),
    ("organisation_classifications", "no person"),
    ("organisation_closure", "no person"),
    ("organisation_contacts", "of an organisation"),
    ("organisation_deactivations", "no person"),
    ("organisation_identifiers", "no person"),
    ("organisation_name_keys", "no person"),
    ("organisation_people", "numbers"),
    ("organisation_titles", "no person"),
    ("organisation_words", "no person"),
    ("organisations", "no person"),
    ("sign_in_rules", "no person"),
    ("project_organisations", "no person"),
    ("projects", "no person"),
    ("provisioning_tokens", "who took it, by id"),
    ("push_progress", "no person"),
    ("push_targets", "no person"),
    ("push_work", "ids of whoever an application has to be told of"),
    ("recertifications", "no person"),
    ("registration_tokens", "who made it, by id"),
    ("revoked_access_tokens", "ids of tokens, until they end"),
    ("role_assignment_applications", "no person"),
    ("signal_changes", "ids, until applications were told"),
    ("signal_marks", "no person"),
    ("signing_keys", "no person"),
    ("terms_acceptances", "that an id accepted which version: what was agreed stays proved"),
    ("throttles", "digests, for a day"),
    ("used_proofs", "digests, for minutes"),
    // Of the engines.
    ("_sqlx_migrations", "no person"),
    ("sqlite_sequence", "no person"),
    ("sqlite_stat1", "no person"),
    ("user_texts", "gone with the deletion"),
    ("user_texts_config", "no person"),
    ("user_texts_data", "three letters at a time, until its parts are merged"),
    ("user_texts_docsize", "numbers"),
    ("user_texts_idx", "numbers"),
];

const MARKS: Marks = Marks { name: "Quirinxa", email: "quirinxa@vandermolenq.example", phone: "+4915199887701" };

/// All that names the person anywhere.
const NEEDLES: &[&str] =
    &["quirinxa", "vandermolenq", "15199887701", "15199887702", "qx-4711-77", "subsidq", "nickq", "handleq"];

fn somebody() -> NewUser {
    NewUser {
        user_name: Some("handleq".to_owned()),
        email: Some(MARKS.email.parse().unwrap()),
        phone: Some(MARKS.phone.parse().unwrap()),
        given_name: MARKS.name.to_owned(),
        family_name: "Vandermolenq".to_owned(),
        company_id: Some("QX-4711-77".to_owned()),
        subsidiary: Some("Subsidq".to_owned()),
        locale: Some("de".to_owned()),
        account_expires_at: None,
        active: true,
        scim: serde_json::Map::from_iter([("nickName".to_owned(), json!("Nickq"))]),
    }
}

/// Made, changed and deleted by the console, through the door.
async fn deleted(bank: &Bank) -> User {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let guard = Guard { roles: bank.door.roles(), reason: Some("leaves") };
    let done: Result<User, Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, CreateUser { organisation: bank.germany }).await?;
        let user = create::create(tx, permit, somebody(), &ctx).await.map_err(failure)?.id;
        let permit = bank.door.authorise(tx, &ctx, UpdateUser { user }).await?;
        let phone = Some(Some("+4915199887702".parse().unwrap()));
        let change = UserChange { phone, given_name: Some("Quirinxa Maria".to_owned()), ..UserChange::default() };
        update::update(tx, permit, change, None, guard, &ctx).await.map_err(failure)?;
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
        delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)?;
        Ok(store::find(tx, user).await?.unwrap())
    });
    done.unwrap()
}

/// The tables with a row that holds one of some texts, as it is or as bytes; and which.
async fn found(bank: &Bank, needles: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, rows) in state(&bank.world.db, &[]).await {
        for row in rows.iter().map(|row| row.to_lowercase()) {
            let met = needles.iter().filter(|needle| {
                let bytes = hex(needle.as_bytes());
                row.contains(needle.as_str()) || row.contains(&bytes)
            });
            let met: BTreeSet<String> = met.cloned().collect();
            if !met.is_empty() {
                found.entry(table.clone()).or_default().extend(met);
            }
        }
    }
    found
}

fn named() -> Vec<String> {
    NEEDLES.iter().map(|needle| (*needle).to_owned()).collect()
}

/// An id as the engines write it.
fn ids(user: UserId) -> Vec<String> {
    vec![user.to_string(), user.0.simple().to_string()]
}

async fn written(bank: &Bank, user: UserId) {
    let (db, now) = (&bank.world.db, bank.world.clock.now());
    let client = rows::client(db, now).await;
    rows::ways_in(db, user, client, (MARKS, now)).await;
    rows::passkey(db, user, (MARKS, now)).await;
    rows::traces(db, user, client, (MARKS, now)).await;
    rows::letters(db, user, bank.germany.0, (MARKS, now)).await;
}

fn transports() -> Transports {
    let mut settings = Settings::default();
    (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
        (Driver::Memory, Driver::Memory, Driver::Memory);
    let sender = Sender::of("https://id.example".parse().unwrap());
    Transports::new(&settings, sender, Some(DevOutbox::default())).unwrap()
}

/// Applications are told, and mails are sent.
async fn told(bank: &Bank) {
    deliver_due(&bank.world.db, &transports(), &bank.world.clock).await.unwrap();
    fan_out(&bank.world.db, &bank.door, &bank.world.entropy, bank.world.clock.now()).await.unwrap();
}

/// The job, where the profile lets people be restored for so many days.
async fn erase_due(bank: &Bank, days: u64) {
    let sender = crate::support::told::sender(&bank.world).await;
    let shop = Shop {
        pusher: chamberlain::app::pusher(&sender),
        activity: Activity::default(),
        scanner: None,
        db: bank.world.db.clone(),
        transports: transports(),
        sender,
        clock: bank.world.clock.clone(),
        entropy: bank.world.entropy.clone(),
        cooling_off: Duration::from_hours(24),
        passwords: PasswordRules::default(),
        links: LinkLives::default(),
        door: bank.door.clone(),
        deactivated_organisation: Duration::from_hours(183 * 24),
        recertification: None,
        deleted_user: Duration::from_hours(days * 24),
    };
    tasks::run(Task::Erase, &shop).await.unwrap();
}

on_both! {
    /// CR-11, CR-09: the name is nowhere in the database, whatever table there is, and the chain of the audit log holds.
    async fn cr_11_nothing_of_a_person_is_left_and_the_chain_verifies(world: World) {
        let bank = Bank::found(world).await;
        let user = deleted(&bank).await;
        told(&bank).await;
        written(&bank, user.id).await;
        let db = &bank.world.db;
        while chain::seal(db).await.unwrap() > 0 {}
        let before = found(&bank, &named()).await;
        let anything = found(&bank, &[named(), ids(user.id)].concat()).await;
        for table in REMOVED.iter().filter(|table| !["refresh_tokens", "session_clients", "session_former_ids"].contains(table)) {
            assert!(anything.contains_key(*table), "the test writes nothing about the person to {table}");
        }
        for table in BLANKED {
            assert!(before.contains_key(*table), "the test writes no name to {table}");
        }
        let counted = state(db, &[]).await;
        // A day later, not yet a day after that.
        bank.world.clock.advance(Duration::from_hours(24));
        erase_due(&bank, 2).await;
        assert_eq!(found(&bank, &named()).await, before, "nobody is erased before the time");
        bank.world.clock.advance(Duration::from_hours(24));
        erase_due(&bank, 2).await;
        assert_eq!(found(&bank, &named()).await, BTreeMap::new());
        let left = found(&bank, &ids(user.id)).await;
        let after = state(db, &[]).await;
        for table in REMOVED {
            assert!(!left.contains_key(*table), "{table}");
            assert!(!counted[*table].is_empty(), "{table} was empty");
            assert!(after[*table].is_empty(), "{table} still holds {:?}", after[*table]);
        }
        while chain::seal(db).await.unwrap() > 0 {}
        let verified = chain::verify(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!((verified.broken_at, verified.tail), (None, 0));
        let last = state(db, &[]).await["audit_events"].iter().filter(|row| row.contains("user.erased")).count();
        assert_eq!(last, 1);
        erase_due(&bank, 2).await;
        let again = state(db, &[]).await["audit_events"].iter().filter(|row| row.contains("user.erased")).count();
        assert_eq!(again, 1, "done once");
    }

    /// CR-11: a table that is added later is decided on, too.
    async fn it_is_decided_of_every_table_what_becomes_of_it(world: World) {
        let kept = KEPT.iter().map(|(table, _)| *table);
        let decided: BTreeSet<&str> = REMOVED.iter().chain(BLANKED).copied().chain(kept).collect();
        let state = state(&world.db, &[]).await;
        let new: Vec<&String> = state.keys().filter(|table| !decided.contains(table.as_str())).collect();
        assert!(new.is_empty(), "decide what becomes of {new:?} when somebody is erased");
        let engines = |table: &&str| table.starts_with("sqlite_") || table.starts_with("user_texts") || table.starts_with('_');
        let gone: Vec<&&str> = decided.iter().filter(|table| !engines(table) && !state.contains_key(**table)).collect();
        assert!(gone.is_empty(), "{gone:?} are no tables");
    }

    /// OA-58, SC-29, GDPR Art. 17: what is left is no person for anybody; its address is free, its id is not.
    async fn oa_58_what_is_left_is_nobody_and_its_id_is_never_anybody_elses(world: World) {
        let bank = Bank::found(world).await;
        let user = deleted(&bank).await;
        told(&bank).await;
        bank.world.clock.advance(Duration::from_hours(48));
        erase_due(&bank, 1).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        let left = store::find(tx, user.id).await.unwrap().unwrap();
        assert_eq!((left.id, left.organisation, left.deleted_at), (user.id, user.organisation, user.deleted_at));
        assert_eq!(left.erased_at, Some(bank.world.clock.now()));
        assert!(left.user_name.is_empty() && left.given_name.is_empty() && left.family_name.is_empty() && left.scim.is_empty());
        assert_eq!((&left.email, &left.phone, &left.pending, &left.company_id, &left.locale), (&None, &None, &None, &None, &None));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let again: Result<User, Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, CreateUser { organisation: bank.germany }).await?;
            create::create(tx, permit, somebody(), &ctx).await.map_err(failure)
        });
        let again = again.unwrap();
        assert_ne!(again.id, user.id);
        assert_eq!(store::find_by_email(tx, MARKS.email).await.unwrap().unwrap().id, again.id);
    }
}
