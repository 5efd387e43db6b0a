//! `chamberlain import keycloak FILE…`: a realm of Keycloak, from its export.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::console::Console;
use super::import_groups::{Groups, Memberships};
use super::output::Output;
use super::told::Told;
use super::{CliError, Global};
use crate::directory::organisation;
use crate::factors::vault::Vault;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::text::PhoneNumber;
use crate::keycloak::apply::Apply;
use crate::keycloak::person::{PHONE_ATTRIBUTES, Reader};
use crate::keycloak::plan::Plan;
use crate::keycloak::realm::Realm;

/// What another provider holds.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// A realm of Keycloak: organisations, clients, roles, people with their passwords and apps, and who has which role
    Keycloak(Keycloak),
    /// Groups of applications, from CSV
    Groups(Groups),
    /// Who is in which group, from CSV
    Memberships(Memberships),
}

/// Which realm, and where to.
#[derive(Debug, Args)]
pub(super) struct Keycloak {
    /// The files of `kc.sh export`: that of the realm, and those of its people if they are apart
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The id of the organisation below which those of the realm are made, and that is the home of whoever is in none [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
    /// Only say what would become of it
    #[arg(long)]
    preview: bool,
    /// Mail nobody: who has to activate an account is told later
    #[arg(long)]
    no_mail: bool,
    /// An attribute of people that holds their phone number; may be given several times [default: phoneNumber, phone, mobile …]
    #[arg(long)]
    phone_attribute: Vec<String>,
    /// Write what became of each thing to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl ImportCommand {
    /// Whether nothing was refused.
    pub(super) async fn run(self, console: &Console, global: &Global, output: &Output) -> Result<bool, CliError> {
        match self {
            Self::Keycloak(keycloak) => keycloak.run(console, global, output).await,
            Self::Groups(groups) => groups.run(console, output).await,
            Self::Memberships(memberships) => memberships.run(console, output).await,
        }
    }
}

impl Keycloak {
    async fn run(self, console: &Console, global: &Global, output: &Output) -> Result<bool, CliError> {
        let app = &console.app;
        let root = organisation::store::find_root(&mut app.db.reader().await?).await?.map(|root| root.id);
        let home = self.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))?;
        let plan = self.plan(console, global)?;
        let mut told = Told::begin(self.report.as_ref())?;
        for note in &plan.notes {
            told.note((note.kind, &note.name), &note.text)?;
        }
        let accepts = |number: &PhoneNumber| console.check_number(Some(number)).is_ok();
        // One request, whose instants are those of its transactions.
        let context = || Ctx {
            request_id: console.ctx.request_id.clone(),
            ..app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console)
        };
        let apply = Apply {
            db: &app.db,
            door: &app.door,
            home,
            preview: self.preview,
            mail: !self.no_mail,
            accepts: &accepts,
            context: &context,
        };
        let done = apply
            .run(plan, &mut |step| told.step((step.kind, &step.name), (&step.said, step.count), step.secret.as_ref()))
            .await;
        // What was said until it stopped holds.
        let is_whole = told.end(self.preview, *output)?;
        done.map_err(CliError::refused)?;
        Ok(is_whole)
    }

    fn plan(&self, console: &Console, global: &Global) -> Result<Plan, CliError> {
        let mut realm = Realm::default();
        for file in &self.files {
            let read = Realm::read(BufReader::new(File::open(file)?));
            realm.extend(read.map_err(|error| CliError::Refused(format!("{}: {error}", file.display())))?);
        }
        let has_apps = realm.users.iter().flat_map(|person| &person.credentials).any(|one| one.kind == "otp");
        // Only who brings apps needs the key under which their secrets are kept.
        let vault = if has_apps {
            let config = global.load_lightly()?.config;
            Some(Vault::new(&crate::app::kek(&config)?))
        } else {
            None
        };
        let usual: Vec<String> = PHONE_ATTRIBUTES.iter().map(|name| (*name).to_owned()).collect();
        let reader = Reader {
            phone_attributes: if self.phone_attribute.is_empty() { &usual } else { &self.phone_attribute },
            vault: vault.as_ref(),
            entropy: &console.app.entropy,
            now: console.ctx.now,
        };
        Plan::of(&realm, reader).map_err(CliError::refused)
    }
}
