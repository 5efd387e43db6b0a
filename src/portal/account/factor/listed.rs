//! What the page Security lists of them.

use crate::db::Tx;
use crate::factors::authenticator::store as authenticators;
use crate::factors::passkey::store as passkeys;
use crate::factors::recovery_code::{COUNT, store as recovery_codes};
use crate::kernel::time::Timestamp;
use crate::portal::Portal;
use crate::portal::error::Failure;
use crate::portal::form::{last_day, moment};
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// One line.
pub(in crate::portal::account) struct Line {
    pub(in crate::portal::account) path: String,
    pub(in crate::portal::account) name: String,
    pub(in crate::portal::account) about: String,
}

/// All of them.
pub(in crate::portal::account) struct Listed {
    /// `None` where browsers have no passkeys.
    pub(in crate::portal::account) passkeys: Option<Vec<Line>>,
    pub(in crate::portal::account) apps: Vec<Line>,
    pub(in crate::portal::account) codes: String,
}

/// Reads what somebody has.
pub(in crate::portal::account) async fn read(
    tx: &mut Tx,
    portal: &Portal,
    person: &SignedIn,
    page: &Page,
) -> Result<Listed, Failure> {
    let user = person.user.id;
    let apps = authenticators::list(tx, user).await?.into_iter().map(|app| Line {
        path: format!("/security/apps/{}", app.id),
        name: app.name,
        about: about(page, app.created_at, app.last_used_at),
    });
    let apps = apps.collect();
    let held = passkeys::list(tx, user).await?.into_iter().map(|passkey| Line {
        path: format!("/security/passkeys/{}", passkey.id),
        name: passkey.name,
        about: about(page, passkey.created_at, passkey.last_used_at),
    });
    let held: Vec<Line> = held.collect();
    let passkeys = (portal.factors.passkeys.is_some() || !held.is_empty()).then_some(held);
    let codes = match recovery_codes::count(tx, user).await? {
        (0, _) => page.t("recovery-codes-none"),
        (left, made) => {
            let made = made.map(last_day).unwrap_or_default();
            let (left, count) = (left.to_string(), COUNT.to_string());
            page.t3("recovery-codes-left", &[("left", &left), ("count", &count), ("made", &made)])
        }
    };
    Ok(Listed { passkeys, apps, codes })
}

/// `Added 2026-11-02 · last used 2026-11-25 09:41 UTC`
fn about(page: &Page, created: Timestamp, used: Option<Timestamp>) -> String {
    let added = page.t1("factor-added-on", "day", last_day(created));
    let used = match used {
        Some(used) => page.t1("factor-used-on", "moment", moment(used)),
        None => page.t("factor-never-used"),
    };
    format!("{added} · {used}")
}
