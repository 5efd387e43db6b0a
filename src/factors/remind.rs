//! Reminders before a password expires (I66): 14, 7 and 1 days before, each once. They hold no link: nobody should get used to
//! mails that lead to where a password is asked for.

use std::time::Duration;

use crate::db::{self, Db, transact};
use crate::directory::user::password_due_store as store;
use crate::kernel::ctx::Ctx;
use crate::kernel::password_rules::PasswordRules;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

const DAY: Duration = Duration::from_hours(24);

/// Days before the end, the last one first: after an outage only the latest goes out.
pub const REMINDERS: [u32; 3] = [1, 7, 14];

/// How many people one transaction reminds.
const BATCH: i64 = 100;

/// Sends what is due. Nothing where passwords do not expire.
pub async fn remind_all_due(db: &Db, rules: &PasswordRules, ctx: &Ctx) -> db::Result<()> {
    let Some((age, expired)) = rules.max_age.zip(rules.expired_since(ctx.now)) else { return Ok(()) };
    for days in REMINDERS {
        let soon = expired.plus(DAY * days);
        loop {
            let reminded: usize = transact!(db, tx => {
                let due = store::list_due(tx, (expired, soon), ctx.now, days, BATCH).await?;
                for person in &due {
                    if store::save(tx, person.id, days).await? {
                        let ends = person.password_changed_at.plus(age).to_date();
                        let message = Message::PasswordExpires { given_name: person.given_name.clone(), ends };
                        outbox::enqueue(tx, Channel::Email, &person.email, person.locale.as_deref(), &message, ctx).await?;
                    }
                }
                Ok::<_, db::Error>(due.len())
            })?;
            if reminded == 0 {
                break;
            }
        }
    }
    Ok(())
}
