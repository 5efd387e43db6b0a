//! `chamberlain import keycloak FILE…`: a realm of Keycloak, from its export.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::console::Console;
use super::output::Output;
use super::{CliError, Global, import};
use crate::directory::organisation;
use crate::directory::user::import::batch::Said;
use crate::factors::vault::Vault;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::secret::Token;
use crate::kernel::text::PhoneNumber;
use crate::keycloak::apply::{Apply, Step};
use crate::keycloak::person::{PHONE_ATTRIBUTES, Reader};
use crate::keycloak::plan::{Note, Plan};
use crate::keycloak::realm::Realm;

/// Most lines of one JSON document, and of what is printed; the rest is counted, and in the report.
const SHOWN: usize = 1_000;

/// What another provider holds.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// A realm of Keycloak: organisations, clients, roles, people with their passwords and apps, and who has which role
    Keycloak(Keycloak),
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
            told.note(note)?;
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
        let done = apply.run(plan, &mut |step| told.step(&step)).await;
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

/// What was said, in numbers and in lines.
struct Told {
    report: Option<BufWriter<File>>,
    counts: BTreeMap<&'static str, [u64; 3]>,
    lines: Vec<Value>,
    left_out: u64,
}

impl Told {
    fn begin(report: Option<&PathBuf>) -> io::Result<Self> {
        let report = report.map(|path| import::create(path)).transpose()?;
        Ok(Self { report, counts: BTreeMap::new(), lines: Vec::new(), left_out: 0 })
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        let counts = self.counts.entry(step.kind).or_default();
        let (word, why) = match &step.said {
            Said::Created => (0, None),
            Said::Unchanged => (1, None),
            Said::Refused(why) => (2, Some(why)),
        };
        if let Some(count) = counts.get_mut(word) {
            *count += step.count as u64;
        }
        let result = ["created", "there already", "refused"].get(word).copied().unwrap_or_default();
        let secret = step.secret.as_ref().map(Token::reveal);
        let line = json!({ "kind": step.kind, "name": step.name, "result": result, "reason": why, "secret": secret });
        self.say(line, word == 2 || secret.is_some())
    }

    fn note(&mut self, note: &Note) -> io::Result<()> {
        self.say(json!({ "kind": note.kind, "name": note.name, "note": note.text }), true)
    }

    fn say(&mut self, line: Value, shown: bool) -> io::Result<()> {
        if let Some(report) = &mut self.report {
            writeln!(report, "{line}")?;
        }
        if shown && self.lines.len() < SHOWN {
            self.lines.push(line);
        } else if shown {
            self.left_out += 1;
        }
        Ok(())
    }

    /// Prints the sum; whether nothing was refused.
    fn end(mut self, preview: bool, output: Output) -> Result<bool, CliError> {
        self.report.as_mut().map(Write::flush).transpose()?;
        let of =
            |[created, there, refused]: &[u64; 3]| json!({ "created": created, "there": there, "refused": refused });
        let counts: Value = self.counts.iter().map(|(kind, counts)| ((*kind).to_owned(), of(counts))).collect();
        let document = json!({ "preview": preview, "counts": counts, "lines": self.lines, "left_out": self.left_out });
        output.print(&document, || self.text(preview))?;
        Ok(self.counts.values().all(|[_, _, refused]| *refused == 0))
    }

    fn text(&self, preview: bool) -> String {
        let word = if preview { "would be created" } else { "created" };
        let mut text: Vec<String> = self.lines.iter().map(line).collect();
        if self.left_out > 0 {
            text.push(format!("and {} more, in the report", self.left_out));
        }
        for (kind, [created, there, refused]) in &self.counts {
            text.push(format!("{kind}: {created} {word}, {there} there already, {refused} refused"));
        }
        text.join("\n")
    }
}

fn line(line: &Value) -> String {
    let text = |member: &str| line.get(member).and_then(Value::as_str);
    let about = format!("{} {:?}", text("kind").unwrap_or_default(), text("name").unwrap_or_default());
    match (text("note"), text("reason"), text("secret")) {
        (Some(note), _, _) => format!("{about}: {note}"),
        (_, Some(why), _) => format!("{about} refused: {why}"),
        (_, _, Some(secret)) => format!("{about} has the new secret {secret}"),
        _ => about,
    }
}
