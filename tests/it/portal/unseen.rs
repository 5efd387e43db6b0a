//! Non-interference of the pages: whatever happens out of somebody's sight, each page that they can open stays the same to the byte.

use chamberlain::kernel::ids::UserId;

use super::browser::Browser;
use super::routes;
use crate::api::calls::Counter;
use crate::api::unseen::{Hidden, Partly, Seen, steps};
use crate::support::{Bank, Modules};

/// Every page that is named by itself, by a person or by a level: one in sight and one out of it.
fn addresses(bank: &Bank, people: [UserId; 2]) -> Vec<String> {
    let levels = [bank.germany, bank.frankfurt, bank.france].map(|id| id.to_string());
    let mut all = vec![
        "/admin/users?search=1&family_name=e&sort=family_name".to_owned(),
        format!("/admin/users?search=1&level={}&sub_levels=on", bank.germany),
        "/admin/users?search=1&status=new".to_owned(),
        "/admin/levels?q=hidden".to_owned(),
    ];
    for group in [bank.imas_user, bank.casper_submitter] {
        all.push(format!("/admin/users?search=1&level={}&sub_levels=on&group={group}", bank.germany));
    }
    for route in routes::all().into_iter().filter(|route| route.get) {
        let path = route.path.replace("{stop}", "block");
        let ids = if path.contains("/users/") { people.map(|id| id.to_string()).to_vec() } else { levels.to_vec() };
        if path.contains("/users/{id}") || path.contains("/levels/{id}") {
            all.extend(ids.iter().map(|id| path.replace("{id}", id)));
        } else {
            all.push(path);
        }
    }
    // Logs tell Gerda which lists she took away herself, so that they grow with each look; they are looked at in the end.
    let log = |path: &str| path == "/history" || path.starts_with("/admin/audit");
    all.retain(|path| !path.contains('{') && !path.contains("logout") && !log(path));
    all
}

/// Between these words stands what differs between any two requests: the number of the request and the token of forms.
const OF_ITS_OWN: [(&str, &str); 2] = [("<code>", "</code>"), ("name=\"csrf\" value=\"", "\"")];

fn plain(text: &str) -> String {
    let mut plain = text.to_owned();
    for (from, to) in OF_ITS_OWN {
        let mut parts = plain.split(from);
        let first = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<_> = parts.map(|part| part.split_once(to).map_or(part, |(_, rest)| rest)).collect();
        plain = std::iter::once(first.as_str()).chain(rest).collect::<Vec<_>>().join(from);
    }
    plain
}

async fn pages(browser: &mut Browser, addresses: &[String]) -> Vec<(u16, String)> {
    let mut pages = Vec::new();
    for address in addresses {
        let page = browser.get(address).await;
        pages.push((page.status.as_u16(), plain(&page.text)));
    }
    pages
}

/// The first lines that differ.
fn difference(one: &str, other: &str) -> String {
    let differing = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    format!("{differing:?}")
}

on_both! {
    /// D2, D8: who gives access to one application here and to another one there sees no page change by what happens to the other one here.
    async fn what_happens_to_another_application_changes_no_page(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let Seen { operator, felicie, .. } = Seen::of(bank).await;
        for level in [bank.germany, bank.frankfurt] {
            Modules::of(&bank.world, &bank.door).grant((level, bank.casper)).await.unwrap();
        }
        let mut partly = Partly::of(bank).await;
        for person in [partly.dora, operator] {
            bank.activate(person).await;
        }
        let (mut hers, mut olgas) = (counter.browser(partly.dora).await, counter.browser(operator).await);
        let olga = counter.token(operator).await;
        let addresses = addresses(bank, [partly.greta, felicie]);
        let (before, others) = (pages(&mut hers, &addresses).await, pages(&mut olgas, &addresses).await);
        assert!(before.iter().filter(|(status, _)| *status == 200).count() > 25, "vacuous: too much is refused");
        for step in 0..steps() / 10 {
            partly.happen(&counter, &olga, step).await;
            let now = pages(&mut hers, &addresses).await;
            for ((address, before), now) in addresses.iter().zip(&before).zip(&now) {
                assert!(before == now, "step {step}: {address}: {} {}", now.0, difference(&before.1, &now.1));
            }
        }
        let log = hers.get("/admin/audit").await;
        assert!(log.text.contains("ApplicationAccessAdmin of Dora Example"), "{}", log.text);
        assert!(!log.text.contains("of Fritz Example") && !log.text.contains("Hidden"), "{}", log.text);
        let moved = pages(&mut olgas, &addresses).await.iter().zip(&others).filter(|(now, before)| now != before).count();
        assert!(moved >= 3, "only {moved} pages moved for the operator");
    }

    /// D8, DA-34: a thousand pairs of worlds that differ only in what Gerda may not see; each of her pages is the same in both.
    async fn what_happens_out_of_sight_changes_no_page(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let Seen { gerda, operator, frank, felicie } = Seen::of(bank).await;
        for person in [gerda, operator] {
            bank.activate(person).await;
        }
        let (mut hers, mut olgas) = (counter.browser(gerda).await, counter.browser(operator).await);
        let olga = counter.token(operator).await;
        let mut hidden = Hidden::of(bank, felicie);
        let addresses = addresses(bank, [frank, felicie]);
        let (before, others) = (pages(&mut hers, &addresses).await, pages(&mut olgas, &addresses).await);
        let again = pages(&mut hers, &addresses).await;
        for ((address, before), again) in addresses.iter().zip(&before).zip(&again) {
            assert_eq!(before, again, "{address} is another page each time: {}", difference(&before.1, &again.1));
        }
        assert!(before.iter().filter(|(status, _)| *status == 200).count() > 25, "vacuous: too much is refused");
        let mut pairs = 0;
        for step in 0..steps() {
            hidden.happen(&counter, &olga, step).await;
            let now = pages(&mut hers, &addresses).await;
            for ((address, before), now) in addresses.iter().zip(&before).zip(&now) {
                assert_eq!(before.0, now.0, "step {step}: {address}");
                assert!(before.1 == now.1, "step {step}: {address}: {}", difference(&before.1, &now.1));
                pairs += 1;
            }
        }
        assert!(pairs >= 1_000, "{pairs} pairs");
        for log in ["/admin/audit", "/history"] {
            let page = hers.get(log).await;
            assert!(page.text.contains("List exported") && !page.text.contains("Hidden"), "{}", page.text);
        }
        let moved = pages(&mut olgas, &addresses).await.iter().zip(&others).filter(|(now, before)| now != before).count();
        assert!(moved >= 8, "only {moved} pages moved for the operator");
    }
}
