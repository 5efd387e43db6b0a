//! A personnel system that keeps one customer's people in step by SCIM 2.0: joiners are created, movers changed, leavers
//! deactivated, who comes back is activated.
//!
//! The list comes from a CSV or a JSON file (`staff.csv` beside this file is an example). First all people at the provider
//! are read and compared, then only differences are sent, and at last all are read again: the run is good if nothing
//! differs any more. Running it again changes nothing. The client holds the role `DelegatedUserAdmin` on its customer's
//! organisation, so it can reach nobody else.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod person;
mod plan;
mod scim;
mod staff;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use reqwest::StatusCode;
use tokio::task::JoinSet;

use person::Person;
use plan::{Outcome, Plan, Step, number_of};
use scim::{Scim, ScimError};

/// How many people are seen to at the same time.
const AT_A_TIME: usize = 16;
/// So many may always leave at once, whatever part of the people they are.
const FEW: usize = 5;

/// Any failure that ends the run.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Synchronises people from a CSV or JSON file.
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
    /// CSV file with a header line, or JSON file with an array of objects; the columns are those of `staff.csv`.
    #[arg(long, default_value = "examples/hr_provisioner/staff.csv")]
    file: PathBuf,
    /// Deactivate whoever was provisioned from here and is missing from the list, too.
    #[arg(long)]
    deactivate_missing: bool,
    /// Do nothing at all if more people than this would be deactivated (five may be), in percent of those at the provider.
    #[arg(long, default_value_t = 10, value_name = "PERCENT")]
    at_most: usize,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
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
async fn main() -> ExitCode {
    match run(&Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: &Flags) -> Result<(), Failure> {
    let people = staff::read(&flags.file)?;
    let scim = Arc::new(Scim::connect(&flags.issuer, &flags.client_id, &flags.client_secret).await?);
    let plan = planned(flags, &people, &scim).await?;
    let report = carried_out(&scim, &plan.steps, flags.dry_run).await?;
    let as_they_were = people.len() - plan.steps.iter().filter(|step| step.is_listed()).count();
    println!(
        "{} people: {} created, {} changed, {} rehired, {} deactivated, {} unchanged, {} refused; {} missing from the list",
        people.len(),
        report.count(Outcome::Created),
        report.count(Outcome::Changed),
        report.count(Outcome::Rehired),
        report.count(Outcome::Deactivated),
        as_they_were + report.count(Outcome::Unchanged),
        report.count(Outcome::Refused),
        plan.missing.len()
    );
    if report.count(Outcome::Refused) > 0 {
        return Err("not everybody could be synchronised".into());
    }
    if flags.dry_run { Ok(()) } else { prove(&people, &scim).await }
}

/// What has to be done, if it is not far too much.
async fn planned(flags: &Flags, people: &[Person], scim: &Scim) -> Result<Plan, Failure> {
    let users = scim.users().await?;
    let ours = users.iter().filter(|user| person::is_active(user) && number_of(user).is_some()).count();
    let mut plan = Plan::new(people, users);
    for user in &plan.missing {
        println!("missing      {}", number_of(user).unwrap_or("?"));
    }
    if flags.deactivate_missing {
        plan.steps.extend(plan.missing.iter().cloned().map(Step::end));
    }
    let leaving = plan.steps.iter().filter(|step| step.outcome() == Outcome::Deactivated).count();
    if leaving > FEW && leaving * 100 > ours * flags.at_most {
        let percent = flags.at_most;
        return Err(
            format!("{leaving} of {ours} people would be deactivated, more than {percent} %: nothing is done").into()
        );
    }
    Ok(plan)
}

/// Does what has to be done for everybody, or only says it.
async fn carried_out(scim: &Arc<Scim>, steps: &[Step], dry_run: bool) -> Result<Report, Failure> {
    let mut report = Report::default();
    for batch in steps.chunks(AT_A_TIME) {
        let mut running = JoinSet::new();
        for step in batch.iter().cloned() {
            let scim = Arc::clone(scim);
            running.spawn(async move {
                let outcome = if dry_run { Ok(step.outcome()) } else { carry_out(&scim, &step).await };
                (outcome, step)
            });
        }
        while let Some(done) = running.join_next().await {
            let (outcome, step) = done?;
            report.0.push(told(outcome, step.number())?);
        }
    }
    Ok(report)
}

/// Does what has to be done for one person. Whom somebody else changed meanwhile is looked at again.
async fn carry_out(scim: &Scim, step: &Step) -> Result<Outcome, ScimError> {
    let (person, known, operations, outcome) = match step {
        Step::Create(person) => {
            scim.create(&person.resource()).await?;
            return Ok(Outcome::Created);
        }
        Step::Change { person, known, operations, outcome } => (person, known, operations, *outcome),
    };
    match scim.patch(known, operations).await {
        Err(ScimError::Refused { status: StatusCode::PRECONDITION_FAILED, .. }) => {}
        done => return done.map(|_| outcome),
    }
    let now = scim.read(known).await?;
    let again = person.as_ref().map_or_else(|| Some(Step::end(now.clone())), |person| Step::between(person, &now));
    match again {
        Some(Step::Change { known, operations, outcome, .. }) => scim.patch(&known, &operations).await.map(|_| outcome),
        _ => Ok(Outcome::Unchanged),
    }
}

/// Says what became of a person; one who is refused does not keep the others from being served.
fn told(outcome: Result<Outcome, ScimError>, number: &str) -> Result<Outcome, ScimError> {
    match outcome {
        Ok(outcome) => {
            println!("{:12} {number}", format!("{outcome:?}").to_lowercase());
            Ok(outcome)
        }
        Err(ScimError::Refused { status, detail }) => {
            println!("refused      {number}: {status} {detail}");
            Ok(Outcome::Refused)
        }
        Err(failure) => Err(failure),
    }
}

/// Reads everybody again: nobody may differ from the list.
async fn prove(people: &[Person], scim: &Scim) -> Result<(), Failure> {
    let left = Plan::new(people, scim.users().await?).steps;
    for step in &left {
        println!("differs      {}", step.number());
    }
    if left.is_empty() { Ok(()) } else { Err(format!("{} people are not as the list says", left.len()).into()) }
}
