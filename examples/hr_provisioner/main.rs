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

use clap::Parser;

use person::{Difference, Person};
use scim::{Scim, ScimError};

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
    let scim = Scim::connect(&flags.issuer, &flags.client_id, &flags.client_secret).await?;
    let mut report = Report::default();
    for person in &people {
        report.0.push(match sync(&scim, person, flags.dry_run).await {
            Ok(outcome) => {
                if outcome != Outcome::Unchanged {
                    println!("{:12} {}", format!("{outcome:?}").to_lowercase(), person.personnel_number);
                }
                outcome
            }
            // One refused person does not keep the others from being served.
            Err(ScimError::Refused { status, detail }) => {
                println!("refused      {}: {status} {detail}", person.personnel_number);
                Outcome::Refused
            }
            Err(failure) => return Err(failure.into()),
        });
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
