//! Files of any size: some hundred rows in each transaction, each row for itself; and people written as they are read.

use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::Poll;

use chamberlain::authority::Door;
use chamberlain::authority::action::CreateOrganisation;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::organisation::create::create as create_organisation;
use chamberlain::directory::organisation::model::OrganisationDetails;
use chamberlain::directory::user::export::{ExportError, export};
use chamberlain::directory::user::import::batch::{Counts, Import, ImportError, Said};
use chamberlain::directory::user::import::row::LANGUAGES;
use chamberlain::directory::user::import::rows::{Format, Rows};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId};
use chamberlain::kernel::user_names::UserNames;
use chamberlain::locale::Locale;
use chamberlain::{db, on, transact};
use serde_json::{Value, json};

use crate::support::{Demo, Failure, World};

/// An installation with organisations and nobody in them.
struct Place {
    world: World,
    door: Door,
    root: OrganisationId,
    branch: OrganisationId,
    names: UserNames,
}

/// How many rows go into one transaction here.
const BATCH: usize = 200;

/// What became of each row that was told of.
type Told = Vec<(u64, Said)>;

impl Place {
    async fn of(world: World, profile: &str) -> Self {
        let door = Door::new(Profile::shipped(profile).unwrap().unwrap().roles);
        let ctx = world.ctx().acting_as(PrincipalId::Console);
        let made: Result<Vec<OrganisationId>, Failure> = transact!(world.db, tx => {
            let mut made: Vec<OrganisationId> = Vec::new();
            for name in ["Institution", "Bank", "Branch"] {
                let permit = door.authorise(tx, &ctx, CreateOrganisation { parent: made.last().copied() }).await?;
                let details = OrganisationDetails { name: name.to_owned(), ..OrganisationDetails::default() };
                let organisation = create_organisation(tx, permit, details, &ctx).await;
                made.push(organisation.map_err(|error| Failure::UseCase(error.to_string()))?.id);
            }
            Ok(made)
        });
        let made = made.unwrap();
        Self { world, door, root: made[0], branch: made[2], names: UserNames::Email }
    }

    fn ctx(&self) -> Ctx {
        self.world.ctx().acting_as(PrincipalId::Console).with_user_names(self.names)
    }

    /// Imports until so many rows were told of.
    async fn bring(
        &self,
        (text, format): (&[u8], Format),
        (preview, mail, most): (bool, bool, usize),
    ) -> (Result<Counts, ImportError>, Told) {
        let mut told = Told::new();
        let context = || self.ctx();
        let import = Import {
            db: &self.world.db,
            door: &self.door,
            home: self.root,
            batch: BATCH,
            preview,
            mail,
            accepts: &|number| !number.as_str().starts_with("+999"),
            context: &context,
        };
        let mut rows = Rows::open(text, format, self.world.clock.now()).unwrap();
        let counts = import.run(&mut rows, |line, said| {
            told.push((line.number, said.clone()));
            if told.len() < most { Ok(()) } else { Err(io::Error::other("enough")) }
        });
        let counts = counts.await;
        (counts, told)
    }

    async fn import(&self, text: &[u8], format: Format) -> (Counts, Told) {
        let (counts, told) = self.bring((text, format), (false, true, usize::MAX)).await;
        (counts.unwrap(), told)
    }

    async fn export(&self, format: Format) -> String {
        let mut out = Vec::new();
        export((&self.world.db, &self.door), None, (&mut out, format), &self.ctx()).await.unwrap();
        String::from_utf8(out).unwrap()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let tx = &mut self.world.db.reader().await.unwrap();
        let count: db::Result<i64> = async { Ok(on!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await)?) }.await;
        count.unwrap()
    }

    async fn execute(&self, sql: &'static str) {
        let done: db::Result<()> =
            transact!(self.world.db, tx => Ok(on!(tx, c => sqlx::query(sql).execute(c).await.map(drop))?));
        done.unwrap();
    }
}

const PEOPLE: &str = "SELECT COUNT(*) FROM users";
const EVENTS: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.created'";
const MAILS: &str = "SELECT COUNT(*) FROM messages";
const LINKS: &str = "SELECT COUNT(DISTINCT user_id) FROM one_time_links";

const HEADS: &str = "email,given_name,family_name,phone,organisation,company_id,expires,user_name,locale,active\r\n";

fn row(n: usize) -> String {
    format!("n{n}@bank.example,Nora,Neu {n},,,4711-{n},,,de,\r\n")
}

/// A file with every kind of row that is refused among others, and why each is.
fn mixed(branch: OrganisationId) -> (Vec<u8>, Vec<(u64, String)>) {
    let faulty: Vec<(Vec<u8>, &str)> = vec![
        (b"b\"ad\"@x.example,A,B,,,,,,,".to_vec(), "a quote does not stand around a whole cell"),
        (b"bad@x.example,\xFF,B,,,,,,,".to_vec(), "this is not UTF-8"),
        (b"bad@x.example,A,B".to_vec(), "there are 3 cells, in the heading 10"),
        ([b"bad@x.example,A,".to_vec(), vec![b'x'; 70_000]].concat(), "this is longer than 65536 octets"),
        (b",A,B,,,,,,,".to_vec(), "`email` must not be empty"),
        (b"bad,A,B,,,,,,,".to_vec(), "`email` is not an e-mail address; write it like name@example.org"),
        (b"bad@x.example,www.evil.example,B,,,,,,,".to_vec(), "`given_name` must not hold a web address"),
        (b"bad@x.example,\"A\nB\",B,,,,,,,".to_vec(), "`given_name` holds a character that is not allowed"),
        (b"bad@x.example,A,,,,,,,,".to_vec(), "`family_name` must not be empty"),
        (
            b"bad@x.example,A,B,12,,,,,,".to_vec(),
            "`phone` is not an international phone number; write it with + and the country code, for example +4969123456",
        ),
        (
            b"bad@x.example,A,B,'+99912345678,,,,,,".to_vec(),
            "no codes are sent to numbers like this one; see `[numbers]`",
        ),
        (b"bad@x.example,A,B,,Bank,,,,,".to_vec(), "`organisation` is no id"),
        (b"bad@x.example,A,B,,0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e,,,,,".to_vec(), "not found"),
        (b"bad@x.example,A,B,,,,2020-01-01,,,".to_vec(), "`expires` is no day to come, as 2027-01-31"),
        (b"bad@x.example,A,B,,,,,a b,,".to_vec(), "`user_name` holds a character that is not allowed"),
        (b"bad@x.example,A,B,,,,,,it,".to_vec(), "`locale` is none of: en, de, fr"),
        (b"bad@x.example,A,B,,,,,,,perhaps".to_vec(), "`active` is none of: true, false"),
        (b"N3@Bank.Example,Someone,Else,,,,,,,".to_vec(), "this e-mail address is in use"),
        (b"bad@x.example,A,B,,,,,N3@bank.example,,".to_vec(), "this user name is in use"),
    ];
    let (mut file, mut number, mut refused) = (HEADS.as_bytes().to_vec(), 1_u64, Vec::new());
    for n in 0..3 * BATCH {
        file.extend(row(n).into_bytes());
        number += 1;
        // In the first transaction and in the last one, and at the edges of both.
        if n == 10 || n == 3 * BATCH - 100 {
            for (line, why) in &faulty {
                file.extend([line.as_slice(), b"\r\n"].concat());
                number += 1;
                refused.push((number, (*why).to_owned()));
            }
        }
        if n % 200 == 150 {
            file.extend(b"\r\n");
            file.extend(row(n).into_bytes());
            number += 2;
        }
    }
    file.extend(format!(",,,,{branch},,2020-01-31T12:00:00Z,ann.lee,,FALSE\n").into_bytes());
    (file, refused)
}

fn refused(told: &Told) -> Vec<(u64, String)> {
    let refused = told.iter().filter_map(|(number, said)| match said {
        Said::Refused(why) => Some((*number, why.clone())),
        Said::Created | Said::Unchanged => None,
    });
    refused.collect()
}

/// Asks a future so often and lets it go, wherever it is then.
async fn stopped<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let (mut future, mut left): (Pin<Box<F>>, usize) = (Box::pin(future), polls);
    std::future::poll_fn(move |cx| match left.checked_sub(1) {
        None => Poll::Ready(None),
        Some(rest) => {
            left = rest;
            future.as_mut().poll(cx).map(Some)
        }
    })
    .await
}

on_both! {
    /// IN-01, E20, AU-24, AU-09: no row spoils another one, in its transaction or elsewhere; a look says the same and keeps nothing; again
    /// nothing changes; everybody who was created is in the log and mailed once.
    async fn in_01_every_bad_row_of_a_large_file_is_refused_by_itself(world: World) {
        let place = Place::of(world, "ecb-identity-portal").await;
        let (file, bad) = mixed(place.branch);
        let people = 3 * BATCH as u64 + 1;
        let wanted = Counts { created: people, unchanged: 3, refused: bad.len() as u64 };
        let (looked, told) = place.bring((&file, Format::Csv), (true, true, usize::MAX)).await;
        assert_eq!((refused(&told), looked.unwrap()), (bad.clone(), wanted));
        assert_eq!((place.count(PEOPLE).await, place.count(EVENTS).await, place.count(MAILS).await), (0, 0, 0));
        let (counts, told) = place.import(&file, Format::Csv).await;
        assert_eq!((refused(&told), counts), (bad.clone(), wanted));
        // Ann has no address.
        let (people, mails) = (i64::try_from(people).unwrap(), i64::try_from(people).unwrap() - 1);
        assert_eq!((place.count(PEOPLE).await, place.count(EVENTS).await), (people, people));
        assert_eq!((place.count(MAILS).await, place.count(LINKS).await), (mails, mails));
        let spread = place.count("SELECT (MAX(due_at) - MIN(due_at)) / 1000000 FROM messages").await;
        assert!((mails / 20 - 2..=mails / 20 + 3).contains(&spread), "a few mails in a second: {spread} s");
        let (counts, told) = place.import(&file, Format::Csv).await;
        assert_eq!((counts.created, counts.refused), (0, wanted.refused));
        assert_eq!(refused(&told), bad);
        assert_eq!((place.count(PEOPLE).await, place.count(EVENTS).await, place.count(MAILS).await), (people, people, mails));
        let one = json!({ "email": "n7@bank.example", "given_name": "Nora", "family_name": "Neu 7", "company_id": "4711-7" });
        let text = format!("{one}\n{}\n", json!({ "email": "n7@bank.example", "given_name": "Nora", "family_name": "Alt" }));
        let (counts, told) = place.import(text.as_bytes(), Format::Jsonl).await;
        assert_eq!((counts.unchanged, refused(&told)), (1, vec![(2, "this e-mail address is in use".to_owned())]));
        let (empty, _) = place.bring((HEADS.as_bytes(), Format::Csv), (false, true, usize::MAX)).await;
        assert!(matches!(empty, Err(ImportError::File(_))));
    }

    /// Interrupted at any point and begun anew, an import ends with everybody there once, as if it had never been interrupted.
    async fn an_interrupted_import_goes_on_where_it_was(world: World) {
        let place = Place::of(world, "ecb-identity-portal").await;
        let count = 2 * BATCH + 100;
        let file = HEADS.to_owned() + &(0..count).map(row).collect::<String>();
        let file = file.as_bytes();
        let mut before = 0;
        for polls in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89] {
            let all = (false, true, usize::MAX);
            let done = stopped(polls, place.bring((file, Format::Csv), all)).await;
            let there = place.count(PEOPLE).await;
            assert!(there >= before && (there % 200 == 0 || there == 500), "whole transactions: {there}");
            before = there;
            if let Some((counts, _)) = done {
                assert_eq!(counts.unwrap().rows(), count as u64);
            }
        }
        let (stopped, told) = place.bring((file, Format::Csv), (false, true, BATCH + 7)).await;
        assert!(matches!(stopped, Err(ImportError::Io(_))) && told.len() == BATCH + 7);
        let (counts, _) = place.import(file, Format::Csv).await;
        assert_eq!((counts.rows(), counts.refused), (count as u64, 0));
        let exported = place.export(Format::Jsonl).await;
        let emails = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["email"].clone());
        let wanted: Vec<Value> = (0..count).map(|n| json!(format!("n{n}@bank.example"))).collect();
        assert_eq!(emails.collect::<Vec<_>>(), wanted);
        let count = i64::try_from(count).unwrap();
        assert_eq!((place.count(EVENTS).await, place.count(MAILS).await, place.count(LINKS).await), (count, count, count));
    }

    /// What is exported is read back as the same people, from CSV and from JSON lines; no cell is a formula (IN-01).
    async fn in_01_what_is_exported_is_imported_as_the_same_people(world: World) {
        let place = Place::of(world, "ecb-identity-portal").await;
        let people = [
            json!({ "email": "Ann.Lee@Bank.example", "given_name": "=1+1", "family_name": "-Lee, \"Ann\"", "phone": "+4969123456" }),
            json!({ "email": "bo@bank.example", "given_name": "'Bo", "family_name": "@Li", "organisation": place.branch, "company_id": "+49",
                "subsidiary": "Zürich; \u{ff1d}x", "expires": "2027-01-31", "locale": "fr", "user_name": "bo.li" }),
            json!({ "user_name": "nobody", "active": false, "expires": "2031-05-06T07:08:09.000001Z" }),
            json!({ "user_name": "gone", "given_name": "Gone", "expires": "2020-01-31T00:00:00Z", "company_id": "x".repeat(200) }),
            json!({ "email": "blocked@bank.example", "given_name": "B", "family_name": "B" }),
            json!({ "email": "deleted@bank.example", "given_name": "D", "family_name": "D" }),
        ];
        let file = people.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        let (counts, told) = place.import(file.as_bytes(), Format::Jsonl).await;
        assert_eq!(counts.created, 6, "{told:?}");
        place.execute("UPDATE users SET blocked = TRUE WHERE user_name = 'blocked@bank.example'").await;
        place.execute("UPDATE users SET deleted_at = 1, user_name_folded = 'x', email_folded = NULL WHERE user_name LIKE 'deleted%'").await;
        let (lines, table) = (place.export(Format::Jsonl).await, place.export(Format::Csv).await);
        assert_eq!((lines.lines().count(), table.lines().count()), (5, 6));
        for cell in table.split("\",\"") {
            assert!(!cell.trim_matches(['"', '\r', '\n']).starts_with(['=', '+', '-', '@', '\u{ff1d}']), "{cell}");
        }
        let said: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for (was, is) in people.iter().zip(&said).take(4) {
            let mut was = was.as_object().unwrap().clone();
            was.entry("active").or_insert(json!(true));
            was.entry("organisation").or_insert(json!(place.root));
            let address = was.get("email").cloned();
            was.entry("user_name").or_insert_with(|| address.unwrap());
            assert_eq!(Value::Object(was), *is);
        }
        assert_eq!(said[4]["active"], json!(false), "whoever is blocked does not come back by a file");
        for (format, text) in [(Format::Csv, &table), (Format::Jsonl, &lines)] {
            let (counts, told) = place.import(text.as_bytes(), format).await;
            assert_eq!((counts.unchanged, counts.rows()), (5, 5), "{told:?}");
            place.execute("DELETE FROM one_time_links").await;
            place.execute("DELETE FROM users").await;
            let (counts, told) = place.import(text.as_bytes(), format).await;
            assert_eq!((counts.created, counts.rows()), (5, 5), "{told:?}");
            assert_eq!((&place.export(Format::Jsonl).await, &place.export(Format::Csv).await), (&lines, &table));
        }
        assert_eq!(place.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'directory.exported'").await, 6);
    }

    /// D8, DA-41: a delegate exports whom they administer, and nobody else.
    async fn da_41_an_export_stays_within_the_scope(world: World) {
        let demo = Demo::seeded(world).await;
        let (mine, other) = (demo.organisation("Bank A").await, demo.organisation("Bank B").await);
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        let mut out = Vec::new();
        let everybody = export((&demo.world.db, &demo.door), None, (&mut out, Format::Jsonl), &ctx).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(everybody > 1 && text.lines().count() as u64 == everybody);
        assert!(text.contains("dora.roux@bank-a.example") && !text.contains("bank-b.example"), "{text}");
        let one = export((&demo.world.db, &demo.door), Some(mine), (io::sink(), Format::Csv), &ctx).await.unwrap();
        assert!(one > 0 && one <= everybody);
        let refused = export((&demo.world.db, &demo.door), Some(other), (io::sink(), Format::Csv), &ctx).await;
        assert!(matches!(refused, Err(ExportError::NotFound)));
    }

    /// A rule that is broken all the same refuses the row that breaks it; the others of its transaction are brought in one by one.
    async fn a_constraint_refuses_one_row_and_not_its_batch(world: World) {
        let place = Place::of(world, "ecb-identity-portal").await;
        place.execute("CREATE UNIQUE INDEX one_of_a_kind ON users (company_id)").await;
        let file = HEADS.to_owned() + &(0..20).map(|n| row(n).replace("4711-13", "4711-5")).collect::<String>();
        let (counts, told) = place.import(file.as_bytes(), Format::Csv).await;
        assert_eq!((counts.created, counts.refused), (19, 1), "{told:?}");
        assert_eq!(refused(&told)[0].0, 15);
        assert_eq!((place.count(PEOPLE).await, place.count(EVENTS).await, place.count(MAILS).await), (19, 19, 19));
    }

    /// I19, I59: the first of each organisation gets the role that the profile gives the first one; assigned names are made up; nobody is
    /// mailed who shall not be.
    async fn i19_the_first_of_each_organisation_gets_its_role(world: World) {
        let place = Place { names: UserNames::Assigned, ..Place::of(world, "imi").await };
        let mut file = HEADS.to_owned();
        for n in 0..40 {
            let at = if n % 2 == 0 { place.root } else { place.branch };
            writeln!(file, "n{n}@bank.example,Nora,Neu,,{at},,,,,").unwrap();
        }
        let (counts, told) = place.bring((file.as_bytes(), Format::Csv), (false, false, usize::MAX)).await;
        assert_eq!(counts.unwrap().created, 40, "{told:?}");
        let roles = "SELECT COUNT(DISTINCT organisation_id) FROM role_assignments WHERE principal_kind = 'person'";
        assert_eq!(place.count(roles).await, place.count("SELECT COUNT(*) FROM role_assignments WHERE principal_kind = 'person'").await);
        assert!(place.count(roles).await > 0, "no role was given");
        assert_eq!((place.count(MAILS).await, place.count(LINKS).await), (0, 0));
        assert_eq!(place.count("SELECT COUNT(DISTINCT user_name) FROM users WHERE user_name LIKE 'nn%' AND email IS NOT NULL").await, 40);
        let (counts, _) = place.import(file.as_bytes(), Format::Csv).await;
        assert_eq!(counts.unchanged, 40);
    }
}

#[test]
fn the_languages_of_a_file_are_those_of_the_pages() {
    assert_eq!(Locale::ALL.map(Locale::tag), LANGUAGES);
}
