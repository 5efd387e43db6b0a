//! What became of the things that an import brings, as text and as JSON, and in a report.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::output::Output;
use super::{CliError, import};
use crate::directory::user::import::batch::Said;
use crate::kernel::secret::Token;

/// Most lines of one JSON document, and of what is printed; the rest is counted, and in the report.
const SHOWN: usize = 1_000;

/// What was said, in numbers and in lines.
pub(super) struct Told {
    report: Option<BufWriter<File>>,
    counts: BTreeMap<&'static str, [u64; 3]>,
    lines: Vec<Value>,
    left_out: u64,
}

impl Told {
    /// Nothing yet; the report is a file that its owner alone reads.
    pub(super) fn begin(report: Option<&PathBuf>) -> io::Result<Self> {
        let report = report.map(|path| import::create(path)).transpose()?;
        Ok(Self { report, counts: BTreeMap::new(), lines: Vec::new(), left_out: 0 })
    }

    /// What became of something, or of several at once; with the secret that it got.
    pub(super) fn step(
        &mut self,
        (kind, name): (&'static str, &str),
        (said, count): (&Said, usize),
        secret: Option<&Token>,
    ) -> io::Result<()> {
        let counts = self.counts.entry(kind).or_default();
        let (word, why) = match said {
            Said::Created => (0, None),
            Said::Unchanged => (1, None),
            Said::Refused(why) => (2, Some(why)),
        };
        if let Some(sum) = counts.get_mut(word) {
            *sum += count as u64;
        }
        let result = ["created", "there already", "refused"].get(word).copied().unwrap_or_default();
        let secret = secret.map(Token::reveal);
        let line = json!({ "kind": kind, "name": name, "result": result, "reason": why, "secret": secret });
        self.say(line, word == 2 || secret.is_some())
    }

    /// Something else that is to be known of it.
    pub(super) fn note(&mut self, (kind, name): (&str, &str), text: &str) -> io::Result<()> {
        self.say(json!({ "kind": kind, "name": name, "note": text }), true)
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
    pub(super) fn end(mut self, preview: bool, output: Output) -> Result<bool, CliError> {
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
