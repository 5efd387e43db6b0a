//! Metrics in the Prometheus text format. Labels are routes, methods and states; never an id of anybody.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds, as in the OpenTelemetry semantic conventions for `http.server.request.duration`.
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Methods that are labels.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// Renders what was recorded in this process; cheap to clone.
#[derive(Clone)]
pub struct Recorder(Option<PrometheusHandle>);

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

/// The recorder of this process, installed by the first call.
pub fn install_recorder() -> Recorder {
    static RECORDER: OnceLock<Recorder> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let builder =
                PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS);
            Recorder(builder.and_then(PrometheusBuilder::install_recorder).ok())
        })
        .clone()
}

impl Recorder {
    /// The text of `/metrics`.
    pub fn render(&self) -> String {
        self.0.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// Folds observations into histograms, so that memory stays level when nobody scrapes. Called every few seconds.
    pub fn upkeep(&self) {
        if let Some(handle) = &self.0 {
            handle.run_upkeep();
        }
    }
}

/// Counts one answered request. `route` is the pattern that matched, never the path.
pub fn request(method: &str, route: &str, status: u16, took: Duration) {
    // A method is the sender's word: only known ones become labels (IN-10).
    let method = METHODS.iter().find(|known| **known == method).map_or("other", |known| *known);
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("chamberlain_http_requests_total", &labels).increment(1);
    metrics::histogram!("chamberlain_http_request_duration_seconds", &labels[..2]).record(took.as_secs_f64());
}

/// Counts one handler that panicked; anything but 0 is a bug (IN-19).
pub fn panic() {
    metrics::counter!("chamberlain_panics_total").increment(1);
}
