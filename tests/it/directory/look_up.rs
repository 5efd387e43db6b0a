//! The general directory: what is found by what, page by page, and what is in it for nobody (I43, I80, I88).

use std::collections::BTreeMap;

use chamberlain::authority::action::{LookUpOrganisation, UpdateOrganisation};
use chamberlain::authority::{DirectoryRules, Reason};
use chamberlain::directory::module::model::ModuleStatus;
use chamberlain::directory::organisation::describe::change;
use chamberlain::directory::organisation::describe::model::{Description, Titles};
use chamberlain::directory::organisation::look_up::model::{Bounds, Found, Wanted};
use chamberlain::directory::organisation::look_up::{store, words};
use chamberlain::directory::organisation::model::OrganisationDetails;
use chamberlain::directory::organisation::{catch_up, update};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId};
use chamberlain::transact;

use crate::support::{Bank, Failure, Modules, Network, failure};

const ALL: DirectoryRules = DirectoryRules { contact: true, applications: true };

fn wanted(text: &str) -> Wanted {
    Wanted { words: words::asked(text), ..Wanted::default() }
}

async fn found(bank: &Bank, wanted: &Wanted, shown: DirectoryRules) -> Vec<Found> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    store::list(tx, wanted, shown, 100).await.unwrap().found
}

async fn names(bank: &Bank, wanted: &Wanted) -> Vec<String> {
    found(bank, wanted, ALL).await.into_iter().map(|one| one.name).collect()
}

/// All pages of so many each.
async fn paged(bank: &Bank, mut wanted: Wanted, limit: u32) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..100 {
        let tx = &mut bank.world.db.reader().await.unwrap();
        let page = store::list(tx, &wanted, ALL, limit).await.unwrap();
        assert!(page.found.len() <= limit as usize);
        all.extend(page.found.into_iter().map(|one| one.name));
        wanted.after = page.next;
        if wanted.after.is_none() {
            return all;
        }
    }
    panic!("it does not end");
}

async fn describe(bank: &Bank, organisation: OrganisationId, country: &str, said: Description) {
    let profile = chamberlain::delegation::profile::Profile::shipped("imi").unwrap().unwrap();
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let action = UpdateOrganisation { organisation };
        let name = chamberlain::directory::organisation::store::find(tx, organisation).await?.unwrap().name;
        let details = OrganisationDetails { name, country: Some(country.to_owned()), ..OrganisationDetails::default() };
        let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
        update::update(tx, permit, details, None, &ctx).await.map_err(failure)?;
        let permit = bank.door.authorise(tx, &ctx, action).await?;
        change::describe(tx, permit, &profile.terms, said.clone(), &ctx).await.map_err(failure)?;
        Ok(())
    });
    done.unwrap();
}

fn said(language: &str, name: &str, title: &str, class: &str) -> Description {
    let titles = Titles { legal_name: Some(name.to_owned()), informal_title: Some(title.to_owned()) };
    Description {
        titles: BTreeMap::from([(language.to_owned(), titles)]),
        phone: Some("+49301234567".parse().unwrap()),
        address: Some("Street 1".to_owned()),
        website: Some("https://ministry.example/".to_owned()),
        identifiers: BTreeMap::new(),
        classification: BTreeMap::from([("responsibility".to_owned(), [class.to_owned()].into())]),
    }
}

on_both! {
    /// I43, I88: by the beginning of a word of a name in any language, by country, class and module; with what the profile shows.
    async fn organisations_are_found_by_name_country_class_and_module(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        modules.grant((all.ministry, bank.imas)).await.unwrap();
        let before = found(bank, &wanted("ministry"), ALL).await.remove(0).changed_at;
        bank.world.clock.advance(std::time::Duration::from_mins(1));
        describe(bank, all.ministry, "DE", said("pl", "Ministerstwo Zdrowia", "Pielęgniarki", "health")).await;
        describe(bank, all.office, "FR", said("de", "Amt für Handwerk", "Meisterbriefe", "crafts")).await;
        for text in ["MINI", "zdro", "pielegniarki", "ministerstwo minis"] {
            assert_eq!(names(bank, &wanted(text)).await, ["Ministry"], "{text}");
        }
        assert!(names(bank, &wanted("inistry")).await.is_empty(), "words are found by their beginning");
        assert!(names(bank, &wanted("%")).await.is_empty() && names(bank, &wanted("ministry office")).await.is_empty());
        let country = Wanted { country: Some("FR".to_owned()), ..Wanted::default() };
        assert_eq!(names(bank, &country).await, ["Office"]);
        let class = Wanted { class: Some(("responsibility".to_owned(), "health".to_owned())), ..Wanted::default() };
        assert_eq!(names(bank, &class).await, ["Ministry"]);
        assert!(names(bank, &Wanted { country: Some("FR".to_owned()), ..class }).await.is_empty());
        let module = Wanted { application: Some(bank.imas), ..Wanted::default() };
        let one = found(bank, &module, ALL).await.remove(0);
        assert_eq!((one.name.as_str(), one.parts[0].code.as_str(), one.parts[0].status), ("Ministry", "IMAS", ModuleStatus::Active));
        assert_eq!(one.said.website.as_deref(), Some("https://ministry.example/"));
        assert!(one.changed_at > before, "what it says about itself counts as a change (I43)");
        // What the profile does not show is not read.
        let one = found(bank, &module, DirectoryRules::default()).await.remove(0);
        assert!(one.parts.is_empty() && one.said.phone.is_none() && one.said.address.is_none() && one.said.website.is_none());
        assert_eq!(one.said.titles["pl"].informal_title.as_deref(), Some("Pielęgniarki"));
        // Suspended it is there, and said to be (I76); renamed it is found by its new name only.
        modules.suspend((all.ministry, bank.imas)).await.unwrap();
        assert_eq!(found(bank, &module, ALL).await.remove(0).parts[0].status, ModuleStatus::Suspended);
    }

    /// I80, DA-44: what is deactivated, itself or above it, is in the directory for nobody; its managers still have it in their list.
    async fn what_is_deactivated_is_not_in_the_directory(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let branch = bank.organisation(Some(all.office), "Office Branch").await;
        let look = |organisation| LookUpOrganisation { organisation: Some(organisation) };
        assert_eq!(names(bank, &wanted("office")).await, ["Office", "Office Branch"]);
        assert_eq!(bank.may(all.maria, look(branch)).await, Ok(()));
        Modules::of(&bank.world, &bank.door).close(all.office, true).await.unwrap();
        for wanted in [wanted("office"), Wanted::default()] {
            let names = names(bank, &wanted).await;
            assert!(!names.iter().any(|name| name.starts_with("Office")), "{names:?}");
        }
        for gone in [all.office, branch, OrganisationId(uuid::Uuid::from_u128(9))] {
            assert_eq!(bank.may(all.maria, look(gone)).await, Err(Reason::NotFound));
        }
        let read = chamberlain::authority::action::ReadOrganisation { organisation: all.office };
        assert_eq!(bank.may(all.nina, read).await, Ok(()), "its coordinator still sees it");
        // Whoever is at home there can do nothing, this neither (D9).
        assert_eq!(bank.may(all.olaf, LookUpOrganisation { organisation: None }).await, Err(Reason::NotPermitted));
        Modules::of(&bank.world, &bank.door).close(all.office, false).await.unwrap();
        assert_eq!(names(bank, &wanted("office")).await, ["Office", "Office Branch"]);
    }

    /// I88: the pages together are the whole list, each once, in whichever way they are read.
    async fn pages_go_on_where_the_last_one_ended(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        for number in 0..9 {
            bank.organisation(Some(all.germany), &format!("Laboratory {number}")).await;
            bank.organisation(Some(all.france), &format!("Laboratoire {number}")).await;
        }
        let whole = names(bank, &Wanted::default()).await;
        assert_eq!(whole.len(), 7 + 18, "{whole:?}");
        assert_eq!(paged(bank, Wanted::default(), 4).await, whole);
        let labs = names(bank, &wanted("lab")).await;
        assert_eq!(labs.len(), 18);
        for bounds in [Bounds::default(), Bounds { hits: 1, steps: 5 }, Bounds { hits: 1, steps: 1_000 }, Bounds { hits: 18, steps: 1 }] {
            assert_eq!(paged(bank, Wanted { bounds, ..wanted("lab") }, 4).await, labs, "{bounds:?}");
            let one = Wanted { bounds, ..wanted("lab 7") };
            assert_eq!(paged(bank, one, 4).await, ["Laboratoire 7", "Laboratory 7"], "{bounds:?}");
        }
    }

    /// I88: organisations that were there before the directory come into it by the job, all of them in one run, however few
    /// one transaction changes.
    async fn what_was_there_before_is_found_after_the_job_ran(world: World) {
        let bank = Bank::found(world).await;
        let done: chamberlain::db::Result<()> = transact!(bank.world.db, tx => {
            chamberlain::db::on!(tx, c => sqlx::query("DELETE FROM organisation_words").execute(c).await.map(drop))?;
            Ok(())
        });
        done.unwrap();
        assert!(names(&bank, &wanted("bank")).await.is_empty());
        catch_up::catch_up(&bank.world.db, 2).await.unwrap();
        let left: Vec<i64> = {
            let tx = &mut bank.world.db.reader().await.unwrap();
            let missing = "SELECT COUNT(*) FROM organisations o WHERE NOT EXISTS (SELECT 1 FROM organisation_words w WHERE w.organisation_id = o.id)";
            chamberlain::db::on!(tx, c => sqlx::query_scalar(missing).fetch_all(c).await).unwrap()
        };
        assert_eq!(left, [0]);
        assert_eq!(names(&bank, &wanted("bank fra")).await, ["Bank B France", "Bank B Frankfurt"]);
    }
}
