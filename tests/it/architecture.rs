//! What the compiler cannot check in one package: which module may use which, where SQL may stand, how long a file may be.
//! The rules are explained in `docs/ARCHITECTURE.md`. The lists of exceptions may only shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules a module may use, besides itself.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("locale", &["kernel"]),
    ("db", &["kernel"]),
    ("audit", &["db", "kernel"]),
    ("agreements", &["audit", "db", "kernel"]),
    ("notify", &["audit", "db", "kernel", "locale"]),
    ("jobs", &["audit", "db", "kernel", "notify"]),
    ("authority", &["agreements", "db", "directory", "kernel"]),
    ("tasks", USE_CASES),
    ("directory", &["audit", "authority", "db", "delegation", "factors", "kernel", "notify", "jobs", "proofs"]),
    ("delegation", &["agreements", "audit", "authority", "db", "directory", "kernel", "notify", "jobs"]),
    ("factors", &["audit", "authority", "db", "directory", "jobs", "kernel", "locale", "notify", "proofs", "sessions"]),
    ("sessions", &["audit", "authority", "db", "directory", "factors", "jobs", "kernel", "locale", "notify", "tokens"]),
    ("tokens", &["audit", "authority", "db", "directory", "factors", "jobs", "kernel", "proofs", "sessions"]),
    ("keycloak", &["authority", "db", "directory", "factors", "kernel"]),
    ("outbound", &["kernel"]),
    ("proofs", &["db", "kernel", "outbound"]),
    ("push", &["audit", "authority", "db", "directory", "kernel", "outbound", "tokens"]),
    (
        "signals",
        &["audit", "authority", "db", "delegation", "directory", "kernel", "outbound", "proofs", "sessions", "tokens"],
    ),
    (
        "web",
        &[
            "agreements",
            "audit",
            "authority",
            "db",
            "delegation",
            "directory",
            "kernel",
            "locale",
            "proofs",
            "sessions",
            "tokens",
        ],
    ),
    ("oidc", USE_CASES),
    ("scim", USE_CASES),
    ("portal", USE_CASES),
    ("api", USE_CASES),
    ("ssf", USE_CASES),
    (
        "config",
        &[
            "factors", "jobs", "kernel", "locale", "notify", "oidc", "outbound", "portal", "scim", "sessions",
            "tokens", "web",
        ],
    ),
    ("telemetry", &["config", "kernel", "web"]),
];

/// What the three surfaces may use. Never one another.
const USE_CASES: &[&str] = &[
    "agreements",
    "audit",
    "authority",
    "db",
    "delegation",
    "directory",
    "factors",
    "jobs",
    "kernel",
    "locale",
    "notify",
    "proofs",
    "push",
    "sessions",
    "signals",
    "tokens",
    "web",
];

/// File names that hold pure code, and what else they may use.
const PURE: &[&str] =
    &["model", "rules", "decide", "patch", "claims", "mint", "sign_in", "policy", "throttle", "checks"];

/// Longest file in lines.
const MAX_LINES: usize = 400;

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

impl Source {
    fn stem(&self) -> &str {
        self.path.file_stem().unwrap().to_str().unwrap()
    }

    fn is_test(&self) -> bool {
        self.path.components().any(|part| part.as_os_str() == "tests")
            || self.stem() == "tests"
            || self.stem().ends_with("_tests")
    }

    fn name(&self) -> String {
        self.path.strip_prefix(root()).unwrap().display().to_string()
    }

    /// The text without comments and without its inline tests.
    fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }

    /// Top-level modules of this crate that the code names.
    fn edges(&self) -> BTreeSet<String> {
        let code = self.code();
        let mut edges = BTreeSet::new();
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            if code[..at].ends_with('$') {
                continue;
            }
            let group = rest.strip_prefix('{').map_or("", |rest| rest.split('}').next().unwrap_or_default());
            let names = if group.is_empty() { rest } else { group };
            let names = if group.is_empty() { vec![names] } else { names.split(',').collect() };
            for name in names {
                let word: String = name.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                edges.insert(word);
            }
        }
        edges.remove(&self.module);
        edges.remove(if self.module == "tasks" { "jobs" } else { "" });
        edges
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let inside = path.strip_prefix(root().join("src")).unwrap();
                let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
                // The closed list of tasks calls use cases; the queue below it knows none.
                let is_tasks = inside == Path::new("jobs/tasks.rs") || inside == Path::new("jobs/worker.rs");
                let module = if is_tasks { "tasks" } else { first.trim_end_matches(".rs") }.to_owned();
                sources.push(Source { module, text: fs::read_to_string(&path).unwrap(), path });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn fail(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}:\n  {}", problems.join("\n  "));
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let Some(allowed) = allowed.get(source.module.as_str()) else { continue };
        for edge in source.edges() {
            if ALLOWED.iter().any(|(module, _)| *module == edge) && !allowed.contains(&edge.as_str())
                || edge == "app"
                || edge == "cli"
            {
                problems.push(format!("{} uses crate::{edge}", source.name()));
            }
        }
    }
    fail(&problems, "a module uses one that does not lie below it");
}

#[test]
fn every_module_has_its_place_in_the_table() {
    let known: BTreeSet<_> =
        ALLOWED.iter().map(|(module, _)| *module).chain(["app", "catalogue", "cli", "lib", "main"]).collect();
    let found: BTreeSet<_> = sources().into_iter().map(|source| source.module).collect();
    let missing: Vec<_> = found.into_iter().filter(|module| !known.contains(module.as_str())).collect();
    fail(&missing, "a module is not in the table of this test");
}

#[test]
fn pure_files_neither_wait_nor_read() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.stem()) && !source.is_test()) {
        let code = source.code();
        for word in ["async ", ".await", "crate::db", "sqlx::query"] {
            if code.contains(word) {
                problems.push(format!("{} holds `{word}`", source.name()));
            }
        }
    }
    fail(&problems, "a pure file waits or reads");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> = sources()
        .iter()
        .filter(|source| !source.is_test() && !source.text.starts_with("//!"))
        .map(Source::name)
        .collect();
    fail(&silent, "a file does not open with //!");
}

#[test]
fn sql_stands_only_in_stores() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| source.module != "db" && !source.is_test()) {
        let code = source.code();
        let is_store = source.stem() == "store" || source.stem().ends_with("_store");
        // Conditions of lists are put together by the query builder, whose parts are literals too.
        let builds = code.contains("QueryBuilder");
        if !is_store && !builds && (code.contains("sqlx::query") || code.contains("statements!")) {
            problems.push(source.name());
        }
        if code.contains("AssertSqlSafe") {
            problems.push(format!("{} asserts that a made-up text is safe", source.name()));
        }
    }
    fail(&problems, "SQL stands outside a store");
}

#[test]
fn every_store_is_in_the_catalogue() {
    let catalogue = fs::read_to_string(root().join("src/catalogue.rs")).unwrap();
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| source.module != "db" && source.code().contains("statements! {")) {
        let folder = source.path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let stem = source.stem();
        let listed =
            [format!("{folder}::{stem}::CATALOGUE"), format!(" {stem}::CATALOGUE"), format!("{folder}::CATALOGUE")];
        if !listed.iter().any(|name| catalogue.contains(name.as_str())) {
            problems.push(source.name());
        }
    }
    fail(&problems, "a store is not listed in src/catalogue.rs");
}

/// Stores that may join the table of people to judge whether an account is usable, in the statement that reads their own rows.
const JOINS_PEOPLE: &[&str] = &[
    "src/delegation/place_store.rs",
    "src/sessions/store.rs",
    "src/sessions/told_store.rs",
    "src/tokens/family_store.rs",
];

/// Turns SCIM filters into conditions; each of its lists is inside the scope that the authority gives (`Scope::push_condition`).
const LISTS_PEOPLE: &[&str] = &["src/scim/store.rs"];

/// The one door: people are read and written by the directory and the authority.
#[test]
fn only_the_directory_and_the_authority_name_the_table_of_people() {
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| !["directory", "authority", "db"].contains(&source.module.as_str()))
    {
        let code = source.code();
        let words = ["FROM users", "JOIN users", "INTO users", "UPDATE users"];
        let joins = JOINS_PEOPLE.contains(&source.name().as_str());
        let lists = LISTS_PEOPLE.contains(&source.name().as_str()) && code.contains(".push_condition(");
        let allowed = |word: &str| (joins || lists) && word == "JOIN users" || lists && word == "FROM users";
        let found = words.iter().filter(|word| code.contains(**word) && !allowed(word));
        problems.extend(found.map(|word| format!("{}: {word}", source.name())));
    }
    fail(&problems, "the table of people is named outside the directory");
}

#[test]
fn no_file_is_too_long() {
    let long = sources().into_iter().filter(|source| source.text.lines().count() > MAX_LINES);
    fail(&long.map(|source| source.name()).collect::<Vec<_>>(), "a file is longer than 400 lines");
}

#[test]
fn every_path_in_the_map_exists() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let mut problems = Vec::new();
    for path in map.split('`').skip(1).step_by(2) {
        let is_path = [
            "src/",
            "docs/",
            "config/",
            "migrations/",
            "tests/",
            "examples/",
            "conformance/",
            "templates/",
            "benches/",
        ]
        .iter()
        .any(|start| path.starts_with(start));
        if is_path && !path.contains(['*', '{', ' ', '<']) && !root().join(path.split("::").next().unwrap()).exists() {
            problems.push(path.to_owned());
        }
    }
    fail(&problems, "docs/ARCHITECTURE.md names what is not there");
}

/// Both engines get the same migrations, numbered without a gap.
#[test]
fn each_migration_is_there_for_both_engines() {
    let names = |engine: &str| {
        let folder = fs::read_dir(root().join("migrations").join(engine)).unwrap();
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres);
    for (number, name) in sqlite.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", number + 1)), "{name} leaves a gap");
    }
}

/// IN-11: whatever grows with what strangers send has a cap. Caches are `quick_cache`, made with their size; no map of our
/// own lives as long as the process.
#[test]
fn in_11_nothing_that_outlives_a_request_grows_without_bound() {
    let mut problems = Vec::new();
    let mut caches = 0;
    for source in sources().iter().filter(|source| !source.is_test()) {
        let code = source.code();
        caches += code.matches("Cache::new(").count();
        for word in
            ["DashMap", "Mutex<HashMap", "Mutex<BTreeMap", "RwLock<HashMap", "RwLock<BTreeMap", "RateLimiter::keyed"]
        {
            if code.contains(word) {
                problems.push(format!("{} holds a {word}", source.name()));
            }
        }
    }
    assert!(caches >= 4, "only {caches} caches: the search must be broken");
    fail(&problems, "something that outlives a request has no cap");
}

/// CR-08: randomness with a seed is for tests alone.
#[test]
fn cr_08_no_generator_of_the_program_has_a_seed() {
    let seeded = sources().into_iter().filter(|source| {
        let definition = source.name() == "src/kernel/random.rs";
        !definition
            && !source.is_test()
            && (source.code().contains("Entropy::seeded") || source.code().contains("seed_from"))
    });
    fail(&seeded.map(|source| source.name()).collect::<Vec<_>>(), "a generator has a seed");
}
