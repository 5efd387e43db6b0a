//! Messages on their way: a real mail server, a receiving gateway, retries, limits, drivers.

mod conversion;
mod drivers;
mod gateway;
mod mail;
pub(crate) mod servers;

use chamberlain::db::{self, transact};
use chamberlain::kernel::ids::SignInId;
use chamberlain::kernel::secret::Sealed;
use chamberlain::notify::outbox::{Channel, enqueue};
use chamberlain::notify::render::Sender;
use chamberlain::notify::{Message, Settings, Transports};

use crate::support::World;

const ADDRESS: &str = "https://id.example.eu";

fn transports(settings: &Settings) -> Transports {
    Transports::new(settings, Sender::of(ADDRESS.parse().unwrap()), None).unwrap()
}

async fn queue(world: &World, channel: Channel, to: &str, message: &Message) {
    let ctx = world.ctx();
    let done: db::Result<()> = transact!(world.db, tx => enqueue(tx, channel, to, Some("en"), message, &ctx).await);
    done.unwrap();
}

fn code(world: &World, digits: &str) -> (SignInId, Message) {
    let sign_in = SignInId(world.ctx().uuid());
    (sign_in, Message::SecurityCode { code: Sealed::from(digits.to_owned()), sign_in })
}

fn recovery() -> Message {
    Message::Recovery { given_name: "Zoë".to_owned(), token: Sealed::from("t".repeat(43)) }
}

/// The states of all messages, in the order in which they were queued.
async fn states(world: &World) -> Vec<String> {
    let tx = &mut world.db.reader().await.unwrap();
    let sql = "SELECT state FROM messages ORDER BY number";
    chamberlain::on!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap()
}
