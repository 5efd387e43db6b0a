//! The closed list of tasks. Each is idempotent, and each node may run it at any time.

use std::net::SocketAddr;
use std::time::Duration;

use crate::audit;
use crate::authority::Door as Gate;
use crate::db::{self, Db, transact};
use crate::delegation::nomination::store as nominations;
use crate::delegation::recertification::model::Rules;
use crate::delegation::recertification::{clock, store as recertifications};
use crate::directory::amendment::model::KEPT;
use crate::directory::amendment::{document_store, scan};
use crate::directory::client::activity::flush::flush;
use crate::directory::client::activity::model::{KEPT_DAYS, TOLERATED_DAYS};
use crate::directory::client::activity::{Activity, store as activity_store};
use crate::directory::mailing::store as mailing_store;
use crate::directory::organisation::catch_up::{self, catch_up};
use crate::directory::organisation::retire::{self, Schedule};
use crate::directory::registration::store as registration_store;
use crate::directory::user::{contact, erase};
use crate::factors::{
    authenticator::store as authenticator_store, known_store, link_store, phone_store, remembered, remind,
    throttle_store,
};
use crate::kernel::ctx::{Channel as Door, Ctx, LinkLives};
use crate::kernel::ids::PrincipalId;
use crate::kernel::password_rules::PasswordRules;
use crate::kernel::random::Entropy;
use crate::kernel::time::{Clock, Timestamp};
use crate::notify::outbox::Channel;
use crate::notify::{self, Transports, conversion, number_store, outbox_store};
use crate::proofs::once_store;
use crate::push::run::{Pusher, push};
use crate::sessions::{browser_store, parked_store, sign_in_store, store as session_store};
use crate::signals::deliver::{Sender, deliver};
use crate::signals::delivery_store;
use crate::signals::fan_out::fan_out;
use crate::signals::lapse::lapse;
use crate::signals::provisioning::feed::feed;
use crate::tokens::{
    delegated_store, device_store, family_store, opaque_store, provisioning_store, pushed_store, revoked_store,
};

const DAY: Duration = Duration::from_hours(24);

/// What the tasks work with; cheap to clone.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The database.
    pub db: Db,
    /// The ways out for messages.
    pub transports: Transports,
    /// Signs what applications are told, and sends it.
    pub sender: Sender,
    /// Pushes people to applications.
    pub pusher: Pusher,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub entropy: Entropy,
    /// How long a change of address by an administrator waits (`decisions.md` 5).
    pub cooling_off: Duration,
    /// What the profile asks of passwords.
    pub passwords: PasswordRules,
    /// How long mailed links work.
    pub links: LinkLives,
    /// Decides; the clock acts with the right of the console.
    pub door: Gate,
    /// How long a deactivated organisation stays before it is deleted (I81).
    pub deactivated_organisation: Duration,
    /// How often administrators are asked what is still needed.
    pub recertification: Option<Rules>,
    /// How long a deleted person can be restored.
    pub deleted_user: Duration,
    /// What services did, to be written.
    pub activity: Activity,
    /// Looks at documents before anybody gets them (P62).
    pub scanner: Option<SocketAddr>,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Send messages of one channel that are due.
    Deliver(Channel),
    /// Link new lines of the audit log into its chain.
    Seal,
    /// Put changes of address into effect whose time has come (D15).
    Settle,
    /// Remind of the deletion of deactivated organisations, and delete them (D9).
    Retire,
    /// Ask which roles and memberships are still needed, remind of it, and end what nobody confirmed.
    Recertify,
    /// Remind people of passwords that expire (I66).
    Remind,
    /// Work out which applications have to be told of what has happened.
    Signal,
    /// Work out which services have to be told of what they see (RFC 9967).
    Feed,
    /// Tell them.
    Tell,
    /// Push people and groups to applications that have SCIM servers of their own.
    Push,
    /// Notice what only time has ended.
    Lapse,
    /// Erase what is stored of people whose deletion nobody can undo any more (GDPR Art. 17).
    Erase,
    /// Have documents looked at before anybody gets them.
    Scan,
    /// Look at how many of the codes by phone are entered (AU-09).
    Watch,
    /// Write what services did.
    Note,
    /// Remove what has expired.
    Purge,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Deliver(Channel::Email),
        Self::Deliver(Channel::Sms),
        Self::Deliver(Channel::Voice),
        Self::Seal,
        Self::Settle,
        Self::Retire,
        Self::Recertify,
        Self::Remind,
        Self::Signal,
        Self::Feed,
        Self::Tell,
        Self::Push,
        Self::Lapse,
        Self::Erase,
        Self::Scan,
        Self::Watch,
        Self::Note,
        Self::Purge,
    ];

    /// How often it is looked whether there is something to do.
    pub fn every(self) -> Duration {
        match self {
            Self::Deliver(_) | Self::Seal | Self::Signal | Self::Tell => Duration::from_millis(200),
            Self::Note | Self::Push | Self::Feed => Duration::from_secs(1),
            Self::Lapse | Self::Scan => Duration::from_secs(5),
            Self::Settle | Self::Watch => Duration::from_mins(1),
            Self::Purge => Duration::from_mins(10),
            Self::Retire | Self::Recertify | Self::Remind | Self::Erase => Duration::from_hours(1),
        }
    }
}

/// Does it.
pub async fn run(task: Task, shop: &Shop) -> db::Result<()> {
    let now = shop.clock.now();
    match task {
        Task::Deliver(channel) => {
            notify::deliver_channel(&shop.db, &shop.transports, &shop.clock, channel).await.map(drop)
        }
        Task::Seal => {
            while audit::chain::seal(&shop.db).await? > 0 {}
            Ok(())
        }
        Task::Settle => {
            let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job).with_links(shop.links);
            contact::settle_all_due(&shop.db, shop.cooling_off, &ctx).await
        }
        Task::Retire => {
            let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job).acting_as(PrincipalId::Console);
            let clock = Schedule { door: &shop.door, after: shop.deactivated_organisation };
            retire::remind_all_due(&shop.db, clock, &ctx).await?;
            retire::delete_all_due(&shop.db, clock, &ctx).await
        }
        Task::Recertify => {
            let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job).acting_as(PrincipalId::Console);
            let Some(rules) = shop.recertification else { return clock::close_all(&shop.db, &ctx).await };
            if let Err(error) = clock::open_all_due(&shop.db, &shop.door, rules, &ctx).await {
                tracing::error!(error = %error, "rounds of recertification could not begin");
            }
            clock::remind_all_due(&shop.db, &shop.door, rules, &ctx).await?;
            clock::lapse_all_due(&shop.db, &shop.door, &ctx).await
        }
        Task::Remind => {
            let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job);
            remind::remind_all_due(&shop.db, &shop.passwords, &ctx).await
        }
        Task::Signal => fan_out(&shop.db, &shop.door, &shop.entropy, now).await.map(drop),
        Task::Feed => feed(&shop.db, &shop.door, &shop.entropy, now).await.map(drop),
        Task::Tell => deliver(&shop.db, &shop.sender).await.map(drop),
        Task::Push => push(&shop.db, &shop.pusher).await.map(drop),
        Task::Lapse => lapse(&shop.db, shop.deleted_user, now).await,
        Task::Erase => {
            let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job).acting_as(PrincipalId::Console);
            erase::erase_all_due(&shop.db, &shop.door, shop.deleted_user, &ctx).await
        }
        Task::Scan => match shop.scanner {
            Some(scanner) => {
                let ctx = Ctx::internal(now, shop.entropy.clone(), Door::Job);
                scan::scan_waiting(&shop.db, scanner, &ctx).await
            }
            None => Ok(()),
        },
        Task::Watch => conversion::watch(&shop.db, &shop.transports.numbers, now).await.map(drop),
        Task::Note => flush(&shop.db, &shop.activity, &shop.entropy).await,
        Task::Purge => purge(&shop.db, now).await,
    }
}

/// Keeps what is over for a day, so that a late answer still finds the page that explains it.
async fn purge(db: &Db, now: Timestamp) -> db::Result<()> {
    let before = now.minus(DAY);
    notify::drop_dead(db, now).await?;
    transact!(db, tx => {
        tx.take_time().await?;
        nominations::forget_addresses(tx, now.minus(DAY * 30)).await?;
        recertifications::remove_reminders(tx, before).await?;
        mailing_store::remove_old(tx, before).await?;
        document_store::remove_old(tx, now.minus(KEPT)).await?;
        registration_store::forget(tx, now.minus(DAY * 30)).await?;
        sign_in_store::remove_old(tx, before).await?;
        session_store::remove_old(tx, before).await?;
        parked_store::remove_old(tx, before).await?;
        link_store::remove_old(tx, before).await?;
        phone_store::remove_old_sends(tx, before).await?;
        authenticator_store::remove_old(tx, before).await?;
        throttle_store::remove_old(tx, now).await?;
        known_store::remove_old(tx, now).await?;
        browser_store::remove_old(tx, now).await?;
        remembered::store::remove_old(tx, now).await?;
        family_store::remove_expired(tx, before).await?;
        delegated_store::remove_expired(tx, before).await?;
        revoked_store::remove_expired(tx, before).await?;
        opaque_store::remove_expired(tx, before).await?;
        provisioning_store::remove_expired(tx, before).await?;
        pushed_store::remove_expired(tx, now.minus(Duration::from_hours(2))).await?;
        device_store::remove_expired(tx, before).await?;
        once_store::remove_expired(tx, now.minus(Duration::from_mins(1))).await?;
        outbox_store::remove_old(tx, before).await?;
        delivery_store::save_held_expired(tx, now).await?;
        delivery_store::remove_old(tx, now.minus(DAY * 7)).await?;
        activity_store::remove_old(tx, now.minus(DAY * KEPT_DAYS)).await?;
        activity_store::forget_habits(tx, now.minus(DAY * TOLERATED_DAYS)).await?;
        number_store::remove_old(tx, before).await
    })?;
    catch_up(db, catch_up::BATCH).await
}
