//! What every benchmark prints: machine, method, and each figure beside its yardstick as a ratio.

use std::time::{Duration, Instant};

/// Says on what and how it was measured.
pub(crate) fn heading(title: &str, method: &str) {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\n# {title}\n  machine: {model}, {cores} cores; {} build",
        if cfg!(debug_assertions) { "DEBUG" } else { "release" }
    );
    println!("  method: {method}");
}

/// One line: what, how much, against what, and the goal.
pub(crate) fn figure(what: &str, value: f64, unit: &str, ratio: Option<(f64, &str, &str)>) {
    match ratio {
        None => println!("  {what:<58} {value:>12.1} {unit}"),
        Some((ratio, yardstick, goal)) => {
            println!("  {what:<58} {value:>12.1} {unit:<8} {ratio:>6.2} x {yardstick} (goal {goal})");
        }
    }
}

/// The median of five runs of `run`, each giving operations per second.
pub(crate) fn median_of_five(mut run: impl FnMut() -> f64) -> f64 {
    let mut rates: Vec<f64> = (0..5).map(|_| run()).collect();
    rates.sort_by(f64::total_cmp);
    rates[2]
}

/// Operations per second of a closure, over at least `for_at_least`.
pub(crate) fn rate(for_at_least: Duration, mut operation: impl FnMut()) -> f64 {
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
