//! What every test stands on: a world on one engine, a clock that stands still, randomness with a seed.

pub mod authenticator;
mod bank;
pub mod certificates;
mod consortium;
mod crowd;
pub mod device;
mod engine;
mod forged;
mod members;
mod modules;
pub mod mutation;
mod nested;
mod network;
mod nodes;
mod office;
pub mod outbox;
mod pace;
pub mod pattern;
mod people;
mod picture;
pub mod registrar;
pub mod relying_party;
pub mod scim_peer;
mod scripts;
pub mod signing;
pub mod state;
pub mod streams;
pub mod terms;
pub mod told;
mod world;

pub use bank::{Bank, Failure, failure, newcomer, only};
pub use consortium::{At, Consortium};
pub use crowd::Crowd;
pub use engine::{Engine, run};
pub use forged::mac_jwt;
pub use modules::Modules;
pub use nested::Nested;
pub use network::Network;
pub use office::Office;
pub use pace::wide_limits;
pub use people::Demo;
pub use picture::picture;
pub use scripts::script_token;
pub use state::state;
pub use world::{START, World};

/// Writes a test once and runs it on both engines:
///
/// ```text
/// on_both! {
///     /// DA-01
///     async fn an_administrator_of_one_branch_does_not_see_another(world: World) { … }
/// }
/// ```
///
/// gives `an_administrator_…::sqlite` and `an_administrator_…::postgres`. The second says on stderr that it did not
/// run where `CHAMBERLAIN_TEST_POSTGRES_URL` is not set; `make test` sets it, and the guard in `engine.rs` checks that it did.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every test needs a name from around it")]
            use super::*;

            async fn test($world: $crate::support::World) $body

            #[test]
            fn sqlite() {
                $crate::support::run($crate::support::Engine::Sqlite, test);
            }

            #[test]
            fn postgres() {
                $crate::support::run($crate::support::Engine::Postgres, test);
            }
        }
    )*};
}
