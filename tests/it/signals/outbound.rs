//! OA-21, IN-07: what others name as an address reaches nothing of ours.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chamberlain::outbound::{Outbound, OutboundError, Settings};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::support::told::Receiver;

/// Names that lead where the test says, one list of addresses per question; the last one again and again.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<BTreeMap<String, Vec<Vec<SocketAddr>>>>>);

impl Names {
    fn lead(&self, name: &str, to: &[&[&str]]) {
        let answers = to.iter().map(|some| some.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect());
        self.0.lock().unwrap().insert(name.to_owned(), answers.collect());
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let mut all = self.0.lock().unwrap();
        let answers = all.get_mut(name.as_str()).unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(std::future::ready(Ok(Box::new(answer.into_iter()) as Addrs)))
    }
}

fn outbound(names: &Names, allowed: &[&str]) -> Outbound {
    let allowed_networks = allowed.iter().map(|&network| network.to_owned()).collect();
    Outbound::with_names(&Settings { allowed_networks, timeout_seconds: 1 }, false, Arc::new(names.clone())).unwrap()
}

async fn post(outbound: &Outbound, url: &str) -> Result<u16, OutboundError> {
    outbound.post(url, "text/plain", "x".to_owned()).await.map(|answer| answer.status)
}

/// OA-21, IN-07: names and numbers of our own network, with a server that listens there; no packet arrives.
#[tokio::test]
async fn oa_21_no_packet_leaves_to_our_own_network() {
    let (receiver, names) = (Receiver::start().await, Names::default());
    let port = receiver.url.rsplit(':').next().unwrap().to_owned();
    names.lead("inside.example", &[&["127.0.0.1"]]);
    names.lead("mapped.example", &[&["::ffff:127.0.0.1"]]);
    names.lead("mixed.example", &[&["93.184.216.34", "127.0.0.1"]]);
    // Where another network is allowed, names are looked up whatever the port; they do not reach this one.
    for outbound in [outbound(&names, &[]), outbound(&names, &["10.1.0.0/16"])] {
        for host in
            ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "inside.example", "mapped.example", "mixed.example"]
        {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:{port}/bcl");
                assert!(post(&outbound, &url).await.is_err(), "{url}");
            }
        }
        assert!(receiver.arrived().is_empty());
    }
    let told = post(&outbound(&names, &["127.0.0.0/8"]), &format!("http://inside.example:{port}/bcl")).await;
    assert_eq!((told.unwrap(), receiver.arrived().len()), (200, 1), "the server was there all the time");
}

/// OA-21: DNS rebinding. A name that was good when it was looked up first is judged again by what it leads to now.
#[tokio::test]
async fn oa_21_a_name_that_is_bound_anew_leads_nowhere() {
    let (receiver, names) = (Receiver::start().await, Names::default());
    let port = receiver.url.rsplit(':').next().unwrap().to_owned();
    names.lead("turns.example", &[&["10.1.0.1"], &["127.0.0.1"]]);
    let outbound = outbound(&names, &["10.1.0.1"]);
    let url = format!("http://turns.example:{port}/bcl");
    for _ in 0..2 {
        assert!(post(&outbound, &url).await.is_err());
    }
    assert!(receiver.arrived().is_empty());
}

/// What an answer holds beyond 8 KiB is not read, and one that does not come is not waited for.
#[tokio::test]
async fn a_call_that_is_not_answered_is_given_up() {
    let (receiver, names) = (Receiver::start().await, Names::default());
    receiver.script.lock().unwrap().push_back(0);
    let error = post(&outbound(&names, &["127.0.0.1"]), &receiver.url).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer in time");
}
