//! What every benchmark prints: machine, method, and each figure beside its yardstick as a ratio with its goal.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "each benchmark uses a part of it; it measures real time, prints figures, and stops where it is wrong"
)]

pub mod fapi;
pub mod floor;
pub mod load;
pub mod process;
pub mod provider;
pub mod signed_in;
pub mod town;

use std::time::{Duration, Instant};

/// Says on what and how it was measured.
pub fn heading(title: &str, method: &str) {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let busy = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split(' ').next().unwrap_or_default().to_owned();
    println!(
        "\n# {title}\n  machine: {model}, {cores} cores, load {busy}; {} build",
        if cfg!(debug_assertions) { "DEBUG" } else { "release" }
    );
    println!("  method: {method}");
}

/// A line without a goal.
pub fn note(what: &str, value: f64, unit: &str) {
    println!("  {what:<66} {value:>12.2} {unit}");
}

/// What a figure has to reach.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// No less than.
    AtLeast(f64),
    /// No more than.
    AtMost(f64),
}

/// A line with a goal: `value` is compared with it, `unit` says what it is.
pub fn goal(what: &str, value: f64, unit: &str, goal: Goal) {
    let (sign, bound, reached) = match goal {
        Goal::AtLeast(bound) => (">=", bound, value >= bound),
        Goal::AtMost(bound) => ("<=", bound, value <= bound),
    };
    let verdict = if reached { "PASS" } else { "short" };
    println!("  {what:<66} {value:>12.2} {unit:<10} goal {sign} {bound:<8} {verdict}");
}

/// The median of some figures.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which this part of the figures lies.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64 * part).ceil() as usize).clamp(1, values.len().max(1));
    values.get(at - 1).copied().unwrap_or(f64::NAN)
}

/// The median of five runs of `run`, each giving operations per second.
pub fn median_of_five(mut run: impl FnMut() -> f64) -> f64 {
    median((0..5).map(|_| run()).collect())
}

/// Operations per second of a closure, over at least `for_at_least`.
pub fn rate(for_at_least: Duration, mut operation: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut count = 0_u64;
    while start.elapsed() < for_at_least {
        for _ in 0..64 {
            operation();
        }
        count += 64;
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// A number from the environment.
pub fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
