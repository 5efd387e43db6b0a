//! A personnel system that keeps one customer's people in step by SCIM 2.0: joiners are created,
//! movers changed, leavers deactivated.
//!
//! The list comes from a CSV file (`staff.csv` beside this file is an example). Running it again
//! changes nothing: every person is looked up first, and only differences are sent. The client
//! holds the role `DelegatedUserAdmin` on its customer's organisation, so it can reach nobody else.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod person;
mod scim;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::task::JoinSet;

use person::{Difference, Person};
use scim::{Scim, ScimError};

/// How many people are seen to at the same time.
const AT_A_TIME: usize = 16;

/// Any failure that ends the run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Synchronises people from a CSV file.
#[derive(Parser)]
struct Flags {
    /// Issuer of the provider, for example `http://127.0.0.1:8080`.
    #[arg(long)]
    issuer: String,
    /// Client id of the customer's personnel system.
    #[arg(long)]
    client_id: String,
    /// Its secret.
    #[arg(long)]
    client_secret: String,
    /// CSV file with a header line; the columns are those of `staff.csv`.
    #[arg(long, default_value = "examples/hr_provisioner/staff.csv")]
    file: PathBuf,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What became of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Created,
    Changed,
    Deactivated,
    Unchanged,
    Refused,
}

/// How many people had which outcome.
#[derive(Debug, Default)]
struct Report(Vec<Outcome>);

impl Report {
    fn count(&self, outcome: Outcome) -> usize {
        self.0.iter().filter(|one| **one == outcome).count()
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = Flags::parse();
    let people = person::read(&flags.file)?;
    let scim = Arc::new(Scim::connect(&flags.issuer, &flags.client_id, &flags.client_secret).await?);
    let mut report = Report::default();
    for batch in people.chunks(AT_A_TIME) {
        let mut running = JoinSet::new();
        for person in batch.iter().cloned() {
            let scim = Arc::clone(&scim);
            running.spawn(async move { (sync(&scim, &person, flags.dry_run).await, person) });
        }
        while let Some(done) = running.join_next().await {
            let (outcome, person) = done?;
            report.0.push(told(outcome, &person)?);
        }
    }
    println!(
        "{} people: {} created, {} changed, {} deactivated, {} unchanged, {} refused",
        people.len(),
        report.count(Outcome::Created),
        report.count(Outcome::Changed),
        report.count(Outcome::Deactivated),
        report.count(Outcome::Unchanged),
        report.count(Outcome::Refused)
    );
    if report.count(Outcome::Refused) > 0 { Err("not everybody could be synchronised".into()) } else { Ok(()) }
}

/// Says what became of a person; one who is refused does not keep the others from being served.
fn told(outcome: Result<Outcome, ScimError>, person: &Person) -> Result<Outcome, ScimError> {
    match outcome {
        Ok(Outcome::Unchanged) => Ok(Outcome::Unchanged),
        Ok(outcome) => {
            println!("{:12} {}", format!("{outcome:?}").to_lowercase(), person.personnel_number);
            Ok(outcome)
        }
        Err(ScimError::Refused { status, detail }) => {
            println!("refused      {}: {status} {detail}", person.personnel_number);
            Ok(Outcome::Refused)
        }
        Err(failure) => Err(failure),
    }
}

/// Brings one person at the provider in step with the list.
async fn sync(scim: &Scim, person: &Person, dry_run: bool) -> Result<Outcome, ScimError> {
    let Some(known) = scim.find(&person.email).await? else {
        if !person.employed {
            return Ok(Outcome::Unchanged);
        }
        if !dry_run {
            scim.create(&person.resource()).await?;
        }
        return Ok(Outcome::Created);
    };
    let difference = person.difference(&known);
    let outcome = match &difference {
        Difference::Nothing => return Ok(Outcome::Unchanged),
        Difference::Left(_) => Outcome::Deactivated,
        Difference::Changed(_) => Outcome::Changed,
    };
    if let (false, Difference::Left(patch) | Difference::Changed(patch)) = (dry_run, &difference) {
        scim.patch(&known, patch).await?;
    }
    Ok(outcome)
}
