//! `chamberlain user import FILE`: people from a file of any size, each row for itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal as _, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::Output;
use crate::directory::organisation;
use crate::directory::user::import::Line;
use crate::directory::user::import::batch::{self, Counts, ImportError, Said};
use crate::directory::user::import::rows::{Format, Rows, RowsError};
use crate::kernel::cell::guarded;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;

/// How much of a file is read at a time.
const BUFFER: usize = 256 * 1024;

/// Most rows of one JSON document; the rest is counted, and in the report.
const SHOWN: usize = 1_000;

/// Which file, and where the people are at home.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file, `-` for standard input: CSV in UTF-8 with a heading, or a JSON object on each line, of email, `given_name`, `family_name`, and
    /// phone, organisation, `company_id`, subsidiary, expires, `user_name`, locale, active
    file: PathBuf,
    /// How it is written [default: by the ending of its name]
    #[arg(long)]
    format: Option<Written>,
    /// The id of the home organisation of those whose row names none [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
    /// Only say what would become of each row
    #[arg(long)]
    preview: bool,
    /// Mail nobody: they are told later, by resetting their credentials
    #[arg(long)]
    no_mail: bool,
    /// Write the refused rows to this file, as CSV or JSON lines by the ending of its name
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// How people stand in a file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Written {
    /// Comma-separated values with a heading
    Csv,
    /// A JSON object on each line
    Jsonl,
}

/// As it was said, or by the name of the file.
pub(super) fn format(said: Option<Written>, file: &Path) -> Result<Format, CliError> {
    match said {
        Some(Written::Csv) => Ok(Format::Csv),
        Some(Written::Jsonl) => Ok(Format::Jsonl),
        None => {
            Format::of(file).ok_or_else(|| CliError::Refused("say how it is written: --format csv or jsonl".to_owned()))
        }
    }
}

/// A file that its owner alone reads: there are people in it.
pub(super) fn create(path: &Path) -> io::Result<BufWriter<File>> {
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // One that was there already may have been open to others.
    if file.metadata()?.is_file() {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(BufWriter::with_capacity(BUFFER, file))
}

pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Import {
    /// Whether no row was refused.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        let format = format(self.format, &self.file)?;
        let root = organisation::store::find_root(&mut console.app.db.reader().await?).await?.map(|root| root.id);
        let home = self.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))?;
        let input: Box<dyn BufRead> = if is_standard(&self.file) {
            Box::new(BufReader::with_capacity(BUFFER, io::stdin()))
        } else {
            Box::new(BufReader::with_capacity(BUFFER, File::open(&self.file)?))
        };
        let mut rows = Rows::open(input, format, console.ctx.now).map_err(|error| match error {
            RowsError::Io(error) => error.into(),
            RowsError::File(error) => CliError::refused(error),
        })?;
        let report = self.report.as_deref().map(Report::begin).transpose()?;
        let mut said = Sayer { output: *output, preview: self.preview, report, lines: Vec::new(), left_out: 0 };
        let mut progress = Progress::new(console);
        let counts = self.bring(console, home, &mut rows, |line, one| {
            progress.count(one);
            said.say(line, one)
        });
        let counts = counts.await;
        progress.end();
        // What was said until it stopped holds.
        said.report.as_mut().map(Report::end).transpose()?;
        let counts = counts.map_err(|error| match error {
            ImportError::Db(error) => error.into(),
            ImportError::Io(error) => error.into(),
            ImportError::File(_) | ImportError::Refused(_) => CliError::refused(error),
        })?;
        said.end(counts)?;
        Ok(counts.refused == 0)
    }

    async fn bring<R: BufRead>(
        &self,
        console: &Console,
        home: OrganisationId,
        rows: &mut Rows<R>,
        say: impl FnMut(&Line, &Said) -> io::Result<()>,
    ) -> Result<Counts, ImportError> {
        let app = &console.app;
        let accepts = |number: &PhoneNumber| console.check_number(Some(number)).is_ok();
        // One request, whose instants are those of its transactions.
        let context = || Ctx {
            request_id: console.ctx.request_id.clone(),
            ..app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console)
        };
        let import = batch::Import {
            db: &app.db,
            door: &app.door,
            home,
            batch: batch::BATCH,
            preview: self.preview,
            mail: !self.no_mail,
            accepts: &accepts,
            context: &context,
        };
        import.run(rows, say).await
    }
}

/// Tells what became of rows: in a preview of all, else of those that were refused and are in no report.
struct Sayer {
    output: Output,
    preview: bool,
    report: Option<Report>,
    /// For the one JSON document.
    lines: Vec<Value>,
    left_out: u64,
}

impl Sayer {
    fn say(&mut self, line: &Line, said: &Said) -> io::Result<()> {
        let (word, why) = match said {
            Said::Created => (if self.preview { "would be created" } else { "created" }, None),
            Said::Unchanged => ("there already", None),
            Said::Refused(why) => ("refused", Some(why.as_str())),
        };
        if let (Some(report), Some(why)) = (&mut self.report, why) {
            report.write(line, why)?;
        }
        if !self.preview && (why.is_none() || self.report.is_some()) {
            return Ok(());
        }
        let row = json!({ "line": line.number, "email": line.who, "result": word, "reason": why });
        if !self.output.is_json() {
            let because = why.map(|why| format!(": {why}")).unwrap_or_default();
            return self.output.print(&row, || format!("{} {:?} {word}{because}", line.number, line.who));
        }
        if self.lines.len() < SHOWN {
            self.lines.push(row);
        } else {
            self.left_out += 1;
        }
        Ok(())
    }

    fn end(self, counts: Counts) -> io::Result<()> {
        let Counts { created, unchanged, refused } = counts;
        let document = json!({
            "rows": counts.rows(), "created": created, "unchanged": unchanged, "refused": refused,
            "lines": self.lines, "left_out": self.left_out,
        });
        let word = if self.preview { "would be created" } else { "created" };
        self.output.print(&document, || format!("{created} {word}, {unchanged} there already, {refused} refused"))
    }
}

/// The refused rows, with no more of a person than whom it is about.
enum Report {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Jsonl(BufWriter<File>),
}

impl Report {
    fn begin(path: &Path) -> io::Result<Self> {
        if Format::of(path) == Some(Format::Jsonl) {
            return Ok(Self::Jsonl(create(path)?));
        }
        let style = csv::QuoteStyle::Always;
        let mut writer =
            csv::WriterBuilder::new().quote_style(style).terminator(csv::Terminator::CRLF).from_writer(create(path)?);
        writer.write_record(["row", "who", "reason"])?;
        Ok(Self::Csv(Box::new(writer)))
    }

    fn write(&mut self, line: &Line, why: &str) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                Ok(writer.write_record([&line.number.to_string(), &guarded(&line.who), &guarded(why)])?)
            }
            Self::Jsonl(file) => writeln!(file, "{}", json!({ "row": line.number, "who": line.who, "reason": why })),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(writer) => writer.flush(),
            Self::Jsonl(file) => file.flush(),
        }
    }
}

/// How far it is, for who waits for it at a terminal.
struct Progress<'a> {
    console: &'a Console,
    shown: bool,
    counts: Counts,
    begun: Timestamp,
    last: Timestamp,
}

impl<'a> Progress<'a> {
    fn new(console: &'a Console) -> Self {
        let now = console.app.clock.now();
        Self { console, shown: io::stderr().is_terminal(), counts: Counts::default(), begun: now, last: now }
    }

    fn count(&mut self, said: &Said) {
        self.counts.count(said);
        if !self.shown || !self.counts.rows().is_multiple_of(1_000) {
            return;
        }
        let now = self.console.app.clock.now();
        if now.since(self.last).as_millis() >= 500 {
            self.last = now;
            self.show(now);
        }
    }

    fn show(&self, now: Timestamp) {
        let millis = u64::try_from(now.since(self.begun).as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = self.counts.rows().saturating_mul(1_000) / millis;
        let Counts { created, unchanged, refused } = self.counts;
        let text = format!(
            "{} rows, {created} created, {unchanged} there already, {refused} refused, {rate}/s",
            self.counts.rows()
        );
        let _closed = write!(io::stderr(), "\r{text:<78}").is_err();
    }

    fn end(&self) {
        if self.shown && self.last != self.begun {
            self.show(self.console.app.clock.now());
            let _closed = writeln!(io::stderr()).is_err();
        }
    }
}
