//! Documents of requests: the scanner and what it says, what is kept, what whoever approves has seen (P62).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chamberlain::directory::amendment::model::{Amendment, Checked, Document, KEPT};
use chamberlain::directory::amendment::{document_store, scan};
use chamberlain::transact;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::amendments::{Desk, said};

/// One document, as clamd reads it: what holds `EICAR` is found, it will not look at what holds `ODD`, and falls over at `BREAK`.
async fn look(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let length = stream.read_u32().await?;
        if length == 0 {
            break;
        }
        let mut chunk = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut chunk).await?;
        content.extend(chunk);
    }
    let holds = |word: &str| content.windows(word.len()).any(|part| part == word.as_bytes());
    let answer: &[u8] = match () {
        () if holds("EICAR") => b"stream: Eicar-Signature FOUND\0",
        () if holds("ODD") => b"INSTREAM size limit exceeded. ERROR\0",
        () if holds("BREAK") => b"",
        () => b"stream: OK\0",
    };
    stream.write_all(answer).await
}

/// A scanner as clamd is one, and how many documents it was asked about.
async fn counting_scanner() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            look(&mut stream).await.ok();
        }
    });
    (address, asked)
}

async fn scanner() -> SocketAddr {
    counting_scanner().await.0
}

async fn scan(desk: &Desk, scanner: SocketAddr) {
    scan::scan_waiting(&desk.all.world.db, scanner, &desk.all.world.ctx()).await.unwrap();
}

/// Some documents of the LEAR that wait for the scanner.
async fn attached(desk: &Desk, to: &Amendment, contents: &[&[u8]]) -> Vec<Document> {
    let mut made = Vec::new();
    for content in contents {
        made.push(desk.attach(desk.lear, to.id, content, true).await.unwrap());
    }
    made
}

on_both! {
    /// P62: documents by their content, so many of some size, while the request is open; nobody gets one that waits for the scanner
    /// or in which it found something; the content goes 90 days after the answer.
    async fn documents_are_looked_at_before_anybody_gets_them(world: World) {
        let desk = Desk::open(world).await;
        let id = desk.ask(desk.lear, "Acme Holding").await.unwrap().id;
        assert!(said(desk.attach(desk.lear, id, b"<html>", false).await).contains("PDF, PNG or JPEG"));
        assert!(said(desk.attach(desk.lear, id, b"", false).await).contains("bytes"));
        let large = [b"%PDF-".as_slice(), &vec![b'x'; 3 * 1024 * 1024]].concat();
        assert!(said(desk.attach(desk.lear, id, &large, false).await).contains("bytes"));
        let unchecked = desk.attach(desk.lear, id, b"%PDF-1", false).await.unwrap();
        assert_eq!((unchecked.checked, unchecked.size, unchecked.name.as_str()), (Checked::Unchecked, 6, "statutes.pdf"));
        let clean = desk.attach(desk.lear, id, b"%PDF-2", true).await.unwrap();
        let wrong = desk.attach(desk.lear, id, b"%PDF-EICAR", true).await.unwrap();
        assert!(!clean.checked.is_given_out());
        let (db, now) = (&desk.all.world.db, desk.all.world.clock.now());
        // A scanner that is not there lets nothing through.
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        scan(&desk, closed).await;
        assert_eq!(desk.document(&clean).await.checked, Checked::Waiting);
        // It is no fault of the documents: they are looked at as soon as it is there.
        scan(&desk, scanner().await).await;
        let (clean, wrong) = (desk.document(&clean).await, desk.document(&wrong).await);
        assert!(clean.checked == Checked::Clean && clean.is_kept && clean.checked.is_given_out());
        assert!(wrong.checked == Checked::Infected && !wrong.is_kept && !wrong.checked.is_given_out());
        for _ in 0..2 {
            desk.attach(desk.lear, id, b"\x89PNG\r\n\x1a\n", false).await.unwrap();
        }
        assert!(said(desk.attach(desk.lear, id, b"%PDF-3", false).await).contains("at most 5"));
        let saw = desk.seen(id).await;
        desk.approve(desk.operator, id, &saw).await.unwrap();
        assert!(said(desk.attach(desk.lear, id, b"%PDF-4", false).await).contains("nothing to answer"));
        for (later, kept) in [(KEPT.saturating_sub(Duration::from_secs(1)), true), (KEPT, false)] {
            let before = now.plus(later).minus(KEPT);
            let done: chamberlain::db::Result<()> = transact!(db, tx => document_store::remove_old(tx, before).await);
            done.unwrap();
            assert_eq!(desk.document(&clean).await.is_kept, kept);
        }
    }

    /// P62: a document that the scanner cannot look at holds up no other, is given to nobody, and is tried again later.
    async fn one_document_does_not_stop_the_scanner(world: World) {
        let desk = Desk::open(world).await;
        let first = desk.ask(desk.lear, "Acme Holding").await.unwrap();
        let odd: [&[u8]; 5] = [b"%PDF-ODD", b"%PDF-BREAK", b"%PDF-ODD", b"%PDF-BREAK", b"%PDF-ODD"];
        let odd = attached(&desk, &first, &odd).await;
        let saw = desk.seen(first.id).await;
        desk.approve(desk.operator, first.id, &saw).await.unwrap();
        let second = desk.ask(desk.lear, "Acme Group").await.unwrap();
        let behind = attached(&desk, &second, &[b"%PDF-ODD", b"%PDF-1"]).await;
        let (clamd, asked) = counting_scanner().await;
        for _ in 0..2 {
            scan(&desk, clamd).await;
        }
        assert_eq!(desk.document(&behind[1]).await.checked, Checked::Clean);
        for stuck in odd.iter().chain(&behind[..1]) {
            let stuck = desk.document(stuck).await;
            assert!(stuck.checked == Checked::Waiting && stuck.is_kept && !stuck.checked.is_given_out());
        }
        // Asked again after a minute, and after two more.
        for (minutes, questions) in [(0, 7), (1, 13), (1, 13), (1, 19)] {
            desk.all.world.clock.advance(Duration::from_mins(minutes));
            for _ in 0..2 {
                scan(&desk, clamd).await;
            }
            assert_eq!(asked.load(Ordering::SeqCst), questions);
        }
    }

    /// P62: what has no content any more, and what was refused or withdrawn, is in nobody's way.
    async fn what_is_over_is_not_scanned(world: World) {
        let desk = Desk::open(world).await;
        let pages: [&[u8]; 5] = [b"%PDF-1"; 5];
        let approved = desk.ask(desk.lear, "Acme Holding").await.unwrap();
        attached(&desk, &approved, &pages).await;
        let saw = desk.seen(approved.id).await;
        desk.approve(desk.operator, approved.id, &saw).await.unwrap();
        let (db, now) = (&desk.all.world.db, desk.all.world.clock.now());
        let done: chamberlain::db::Result<()> = transact!(db, tx => document_store::remove_old(tx, now).await);
        done.unwrap();
        let refused = desk.ask(desk.lear, "Acme Group").await.unwrap();
        let of_refused = attached(&desk, &refused, &pages).await;
        desk.refuse(desk.operator, refused.id, "No.").await.unwrap();
        let withdrawn = desk.ask(desk.lear, "Acme World").await.unwrap();
        let of_withdrawn = attached(&desk, &withdrawn, &pages).await;
        desk.withdraw(desk.lear, withdrawn.id).await.unwrap();
        for document in &of_withdrawn {
            assert!(!desk.document(document).await.is_kept, "nobody decides on it any more");
        }
        let open = desk.ask(desk.lear, "Acme Works").await.unwrap();
        let behind = attached(&desk, &open, &[b"%PDF-1"]).await;
        scan(&desk, scanner().await).await;
        assert_eq!(desk.document(&behind[0]).await.checked, Checked::Clean);
        let refused = desk.document(&of_refused[0]).await;
        assert!(refused.checked == Checked::Waiting && refused.is_kept);
    }

    /// P62, D10: what the scanner says is recorded, once, in the transaction that keeps it.
    async fn what_the_scanner_says_is_recorded(world: World) {
        let desk = Desk::open(world).await;
        let request = desk.ask(desk.lear, "Acme Holding").await.unwrap();
        let documents = attached(&desk, &request, &[b"%PDF-1", b"%PDF-EICAR", b"%PDF-ODD"]).await;
        let clamd = scanner().await;
        for _ in 0..2 {
            scan(&desk, clamd).await;
        }
        for (kind, document) in [("organisation.document_clean", &documents[0]), ("organisation.document_infected", &documents[1])] {
            let events = desk.recorded(desk.all.acme, kind).await;
            assert!(events.len() == 1 && events[0].contains(&document.id.to_string()) && events[0].contains(&document.digest), "{events:?}");
        }
    }

    /// P62, D11: who approves has seen the documents and what is known of them; what comes or is judged later has to be looked at.
    async fn an_approval_is_about_the_documents_that_were_seen(world: World) {
        let desk = Desk::open(world).await;
        let id = desk.ask(desk.lear, "Acme Holding").await.unwrap().id;
        let before = desk.seen(id).await;
        desk.attach(desk.lear, id, b"%PDF-EICAR", true).await.unwrap();
        assert!(said(desk.approve(desk.operator, id, &before).await).contains("documents were changed meanwhile"));
        let waiting = desk.seen(id).await;
        scan(&desk, scanner().await).await;
        assert!(said(desk.approve(desk.operator, id, &waiting).await).contains("documents were changed meanwhile"));
        let saw = desk.seen(id).await;
        desk.approve(desk.operator, id, &saw).await.unwrap();
    }
}
