//! Three nodes on one database: what is counted is counted once, whichever node is asked, and what works once works once.

use super::browser::{Browser, EMAIL, PASSWORD, Site};

/// Guesses in flight at each of them.
const AT_EACH: usize = 333;

/// Codes that are none of these digits.
fn wrong(code: &str, number: usize) -> String {
    format!("{:06}", (code.parse::<usize>().unwrap() + 1 + number) % 1_000_000)
}

async fn three(world: crate::support::World) -> [Site; 3] {
    let one = Site::new(world).await;
    let (two, three) = (one.another_node().await, one.another_node().await);
    [one, two, three]
}

/// Enters these codes at once, each in its own tab at the node whose turn it is.
async fn enter_all(nodes: &[Site; 3], browser: &Browser, codes: Vec<String>) -> Vec<Browser> {
    let run = async {
        let mut tabs = tokio::task::JoinSet::new();
        for (number, code) in codes.into_iter().enumerate() {
            let mut tab = browser.at(&nodes[number % nodes.len()]);
            tabs.spawn_local(async move {
                tab.enter(&code).await;
                tab
            });
        }
        tabs.join_all().await
    };
    tokio::task::LocalSet::new().run_until(run).await
}

on_both! {
    /// AU-01, AU-02, AU-03: of a thousand guesses in flight at three nodes three are compared, and the right code comes too late.
    async fn au_03_a_thousand_guesses_at_three_nodes_are_three(world: World) {
        let nodes = three(world).await;
        let mut browser = nodes[0].browser();
        browser.password(EMAIL, PASSWORD).await;
        let code = nodes[0].code().await;
        let guesses = (0..AT_EACH * nodes.len()).map(|number| wrong(&code, number)).collect();
        for tab in enter_all(&nodes, &browser, guesses).await {
            assert!(tab.status < 500 || tab.status == 503, "{} {}", tab.status, tab.html);
        }
        let compared = |row: &&String| row.replace(['"', ' '], "").contains("reason:code}");
        let log = crate::support::state(&nodes[0].world.db, &[]).await;
        assert_eq!(log["audit_events"].iter().filter(compared).count(), 3, "{:?}", log["audit_events"]);
        browser.enter(&code).await;
        assert!(!browser.is_signed_in().await);
    }

    /// AU-04: the right code at three nodes at once opens one session.
    async fn au_04_the_right_code_at_three_nodes_works_once(world: World) {
        let nodes = three(world).await;
        for _ in 0..5 {
            nodes[0].world.clock.advance(std::time::Duration::from_mins(1));
            let mut browser = nodes[0].browser();
            browser.password(EMAIL, PASSWORD).await;
            let code = nodes[0].code().await;
            let mut signed_in = 0;
            for tab in enter_all(&nodes, &browser, vec![code; 6]).await {
                signed_in += usize::from(tab.is_signed_in().await);
            }
            assert_eq!(signed_in, 1);
        }
    }
}
