//! Layers: the embedded defaults, files, environment, flags. Each key is judged alone, so that all problems come at once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::{Table, Value};

use super::Config;

/// Every key with its default and its explanation: `config/default.toml`.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Environment variables of ours start with this.
const PREFIX: &str = "CHAMBERLAIN__";

/// One thing that is wrong: which key, where it was given, what is the matter.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Dotted: `http.listen`.
    pub key: String,
    /// A file, an environment variable, a flag, or `default`.
    pub source: String,
    /// Never holds the value of a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}): {}", self.key, self.source, self.message)
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// What is laid over the defaults, weakest first.
#[derive(Clone, Default)]
pub struct Layers {
    /// `--config FILE`, in the order given.
    pub files: Vec<PathBuf>,
    /// Name and value; only those that start with `CHAMBERLAIN__` are read.
    pub environment: Vec<(String, String)>,
    /// Dotted key and value.
    pub flags: Vec<(String, String)>,
}

/// Shows names only: values may be secrets.
impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Layers")
            .field("files", &self.files)
            .field("environment", &names(&self.environment))
            .field("flags", &names(&self.flags))
            .finish()
    }
}

impl Layers {
    /// The given files and flags, and the environment of this process.
    pub fn from_process(files: Vec<PathBuf>, flags: Vec<(String, String)>) -> Self {
        let text = |os: std::ffi::OsString| os.to_string_lossy().into_owned();
        let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        Self { files, environment, flags }
    }
}

/// One key as given by one layer, with the readings its text may have (a variable `8080` is a text or a number).
struct Given {
    key: String,
    source: String,
    readings: Vec<Value>,
}

/// A loaded configuration and where each key that is not a default came from.
#[derive(Debug)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// Dotted key → source.
    pub sources: BTreeMap<String, String>,
}

/// Lays all layers over the defaults. The problems are those of form; [`super::check`] judges what the values mean.
pub fn load(layers: &Layers) -> Result<Loaded, Problems> {
    let mut problems = Vec::new();
    let mut given = Vec::new();
    for file in &layers.files {
        read_file(file, &mut given, &mut problems);
    }
    for (name, value) in &layers.environment {
        if let Some(path) = name.strip_prefix(PREFIX) {
            given.push(Given {
                key: path.replace("__", ".").to_lowercase(),
                source: name.clone(),
                readings: readings(value),
            });
        }
    }
    for (key, value) in &layers.flags {
        given.push(Given { key: key.clone(), source: "command line".to_owned(), readings: readings(value) });
    }
    let mut table: Table = DEFAULTS.parse().map_err(|error| one("*", "default", format!("{error}")))?;
    let mut sources = BTreeMap::new();
    for one in given {
        match lay(&table, &one) {
            Ok((next, key)) => {
                table = next;
                sources.insert(key, one.source);
            }
            Err(message) => problems.push(Problem { key: one.key, source: one.source, message }),
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let config = Config::deserialize(table).map_err(|error| one("*", "default", error.message().to_owned()))?;
    Ok(Loaded { config, sources })
}

fn one(key: &str, source: &str, message: String) -> Problems {
    Problems(vec![Problem { key: key.to_owned(), source: source.to_owned(), message }])
}

fn read_file(file: &Path, given: &mut Vec<Given>, problems: &mut Vec<Problem>) {
    let source = file.display().to_string();
    let problem = |message: String| Problem { key: "*".to_owned(), source: source.clone(), message };
    match std::fs::read_to_string(file) {
        Err(error) => problems.push(problem(format!("cannot be read: {error}"))),
        Ok(text) => match text.parse::<Table>() {
            Err(error) => problems.push(problem(format!("is not TOML: {}", error.message()))),
            Ok(table) => leaves("", table, &mut |key, value| {
                given.push(Given { key, source: source.clone(), readings: vec![value] });
            }),
        },
    }
}

/// Calls `found` for every key below a table.
fn leaves(prefix: &str, table: Table, found: &mut impl FnMut(String, Value)) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Table(inner) => leaves(&key, inner, found),
            other => found(key, other),
        }
    }
}

/// A variable or flag is text; it may also be a TOML value, or a list separated by commas.
fn readings(text: &str) -> Vec<Value> {
    let value = format!("v = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("v"));
    let list = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| Value::String(item.to_owned()))
        .collect();
    [Some(Value::String(text.to_owned())), value, Some(Value::Array(list))].into_iter().flatten().collect()
}

/// Lays one key over the table; judged by reading the whole, so that serde's own rules and words hold.
fn lay(table: &Table, given: &Given) -> Result<(Table, String), String> {
    if let Some(key) = given.key.strip_suffix("_file")
        && Config::deserialize(put(table, &given.key, Value::String(String::new()))?).is_err()
    {
        let path = given.readings.first().and_then(Value::as_str).ok_or("must be the path of a file")?;
        let secret = std::fs::read_to_string(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
        let next = put(table, key, Value::String(secret.trim_end_matches(['\r', '\n']).to_owned()))?;
        // The message of serde could quote the secret.
        return match Config::deserialize(next.clone()) {
            Ok(_) => Ok((next, key.to_owned())),
            Err(error) if error.message().starts_with("unknown field") => Err("unknown key".to_owned()),
            Err(_) => Err(format!("the text in `{path}` does not fit this key")),
        };
    }
    let mut first = None;
    for reading in &given.readings {
        let next = put(table, &given.key, reading.clone())?;
        match Config::deserialize(next.clone()) {
            Ok(_) => return Ok((next, given.key.clone())),
            Err(error) => first = first.or(Some(describe(error.message()))),
        }
    }
    Err(first.unwrap_or_default())
}

fn describe(message: &str) -> String {
    match message.strip_prefix("unknown field ") {
        Some(rest) => format!("unknown key; {}", rest.split_once(", ").map_or("no such key", |(_, known)| known)),
        None => message.to_owned(),
    }
}

fn put(table: &Table, key: &str, value: Value) -> Result<Table, String> {
    let mut whole = table.clone();
    let mut inner = &mut whole;
    let (sections, leaf) = key.rsplit_once('.').map_or((None, key), |(sections, leaf)| (Some(sections), leaf));
    for section in sections.into_iter().flat_map(|sections| sections.split('.')) {
        let entry = inner.entry(section).or_insert_with(|| Value::Table(Table::new()));
        inner = entry.as_table_mut().ok_or_else(|| format!("unknown key; `{section}` is not a section"))?;
    }
    inner.insert(leaf.to_owned(), value);
    Ok(whole)
}
