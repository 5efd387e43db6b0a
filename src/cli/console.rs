//! The console as a principal: opens what commands act on. Whoever can start it owns the database anyway.

use super::{CliError, Global};
use crate::config::Mode;
use crate::db::Tx;
use crate::directory::application::model::{Application, Environment};
use crate::directory::application::{environment_store, store as application_store};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::kernel::text::PhoneNumber;
use crate::notify::numbers::NumberSettings;
use crate::web::App;

/// What a command acts with.
#[derive(Clone, Debug)]
pub(super) struct Console {
    /// Database, decisions, clock.
    pub app: App,
    /// Acting as the console, now.
    pub ctx: Ctx,
    /// The numbers that codes are sent to (AU-09).
    numbers: NumberSettings,
}

impl Console {
    /// The same, for what only looks: nothing is made to be looked at.
    pub(super) async fn open_present(global: &Global) -> Result<Self, CliError> {
        global.check_database()?;
        Self::open(global).await
    }

    /// Opens and migrates the configured database.
    pub(super) async fn open(global: &Global) -> Result<Self, CliError> {
        let (loaded, db) = global.database().await?;
        let app = crate::app::handle(&loaded.config, Mode::Production, db)?;
        let ctx = app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console);
        Ok(Self { app, ctx, numbers: loaded.config.numbers })
    }

    /// Refuses a number to which no code would ever be sent: whoever has it cannot sign in.
    pub(super) fn check_number(&self, number: Option<&PhoneNumber>) -> Result<(), CliError> {
        match number.filter(|number| !self.numbers.accepts(number)) {
            Some(number) => Err(CliError::Refused(format!(
                "no codes are sent to numbers like {}; see `[numbers]` in the configuration",
                number.as_str()
            ))),
            None => Ok(()),
        }
    }
}

/// An application by its code.
pub(super) async fn application(tx: &mut Tx, code: &str) -> Result<Application, CliError> {
    application_store::find_by_code(tx, code).await?.ok_or_else(|| CliError::missing("application", code))
}

/// One environment of an application by their codes.
pub(super) async fn environment(tx: &mut Tx, application_code: &str, code: &str) -> Result<Environment, CliError> {
    let application = application(tx, application_code).await?;
    let environments = environment_store::list_of_application(tx, application.id).await?;
    environments
        .into_iter()
        .find(|environment| environment.code == code)
        .ok_or_else(|| CliError::missing("environment", code))
}
