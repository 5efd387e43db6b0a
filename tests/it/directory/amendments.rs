//! Requests to change an organisation: what an approval changes, what has changed meanwhile, and what ends with the organisation (P61, P62, P67).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{
    Action, AnswerAmendment, AttachDocument, RequestAmendment, UpdateOrganisation, WithdrawAmendment,
};
use chamberlain::authority::{Door, Reason};
use chamberlain::delegation::nomination::nominate;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::amendment::model::{Amendment, Document, State};
use chamberlain::directory::amendment::{answer, ask, attach, document_store, store};
use chamberlain::directory::organisation::describe::model::Description;
use chamberlain::directory::organisation::describe::store as descriptions;
use chamberlain::directory::organisation::describe::terms::Terms;
use chamberlain::directory::organisation::model::{Organisation, OrganisationDetails, Status};
use chamberlain::directory::organisation::retire::{Schedule, delete_all_due, remind_all_due};
use chamberlain::directory::organisation::{store as organisations, update};
use chamberlain::kernel::ids::{AmendmentId, OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use crate::support::{Consortium, Failure, Modules, World, failure};

/// The portal with a representative, an Account Administrator, an operator, and somebody else.
pub struct Desk {
    pub all: Consortium,
    pub lear: UserId,
    pub account: UserId,
    pub operator: UserId,
    pub nobody: UserId,
    terms: Terms,
}

impl Desk {
    pub async fn open(world: World) -> Self {
        let all = Consortium::found(world).await;
        let terms = Profile::shipped("participant-portal").unwrap().unwrap().terms;
        let lear = all.person(all.acme, "Lea").await;
        let account = all.person(all.acme, "Adam").await;
        let operator = all.person(all.root, "Olga").await;
        let nobody = all.person(all.acme, "Nobody").await;
        let desk = Self { all, lear, account, operator, nobody, terms };
        desk.appoint(lear, "LEAR", desk.all.acme).await;
        desk.appoint(account, "AccountAdministrator", desk.all.acme).await;
        desk.make_operator().await;
        desk
    }

    async fn appoint(&self, to: UserId, role: &str, at: OrganisationId) {
        let ctx = self.all.world.ctx_of(PrincipalId::Console);
        let action = Consortium::action(role, (at, None), Some(to));
        let done: Result<(), Failure> = transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, action.clone()).await?;
            nominate::assign(tx, permit, self.door().roles(), None, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        self.door().changed();
    }

    async fn make_operator(&self) {
        let ctx = self.all.world.ctx_of(PrincipalId::Console);
        let grant = chamberlain::authority::action::GrantRole {
            to: PrincipalId::Person(self.operator),
            role: "Operator".to_owned(),
            organisation: self.all.root,
            include_sub_levels: true,
            applications: chamberlain::authority::Applications::All,
            validity: chamberlain::authority::Validity::default(),
        };
        let made: Result<_, Failure> = transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, grant.clone()).await?;
            chamberlain::delegation::grant::grant(tx, permit, self.door().roles(), &ctx).await.map_err(failure)
        });
        self.all.confirm(made.unwrap().id).await.ok();
        self.door().changed();
    }

    pub fn door(&self) -> &Door {
        &self.all.door
    }

    pub async fn may<A: Into<Action> + Clone>(&self, by: UserId, action: A) -> Result<(), Reason> {
        self.all.may(by, action.into()).await
    }

    pub async fn stored(&self) -> (Organisation, Description) {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let found = organisations::find(tx, self.all.acme).await.unwrap().unwrap();
        (found, descriptions::find(tx, self.all.acme).await.unwrap())
    }

    /// Asks for another name.
    pub async fn ask(&self, by: UserId, name: &str) -> Result<Amendment, Failure> {
        let (stored, said) = self.stored().await;
        let details =
            OrganisationDetails { name: name.to_owned(), country: stored.country, lei: stored.lei, external_id: None };
        self.ask_for(by, self.all.acme, (details, said)).await
    }

    async fn ask_for(
        &self,
        by: UserId,
        organisation: OrganisationId,
        wanted: (OrganisationDetails, Description),
    ) -> Result<Amendment, Failure> {
        let ctx = self.all.world.ctx_of(PrincipalId::Person(by));
        transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, RequestAmendment { organisation }).await?;
            ask::ask(tx, permit, wanted.clone(), ("It was merged.", &self.terms), &ctx).await.map_err(failure)
        })
    }

    pub async fn withdraw(&self, by: UserId, amendment: AmendmentId) -> Result<(), Failure> {
        let ctx = self.all.world.ctx_of(PrincipalId::Person(by));
        transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, WithdrawAmendment { amendment }).await?;
            ask::withdraw(tx, permit, &ctx).await.map_err(failure)
        })
    }

    pub async fn seen(&self, amendment: AmendmentId) -> String {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let about = store::find(tx, amendment).await.unwrap().unwrap();
        let present = answer::present(tx, &about).await.unwrap();
        answer::seen(&present, &about, &document_store::list(tx, amendment).await.unwrap())
    }

    pub async fn approve(&self, by: UserId, amendment: AmendmentId, saw: &str) -> Result<(), Failure> {
        let ctx = self.all.world.ctx_of(PrincipalId::Person(by));
        transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, AnswerAmendment { amendment }).await?;
            answer::approve(tx, self.door(), permit, (saw, &self.terms), &ctx).await.map_err(failure)
        })
    }

    pub async fn refuse(&self, by: UserId, amendment: AmendmentId, why: &str) -> Result<(), Failure> {
        let ctx = self.all.world.ctx_of(PrincipalId::Person(by));
        transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, AnswerAmendment { amendment }).await?;
            answer::refuse(tx, permit, why, &ctx).await.map_err(failure)
        })
    }

    /// As the operator does without being asked.
    async fn update(&self, of: OrganisationId, details: OrganisationDetails) {
        let ctx = self.all.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, UpdateOrganisation { organisation: of }).await?;
            update::update(tx, permit, details.clone(), None, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
    }

    pub async fn attach(
        &self,
        by: UserId,
        amendment: AmendmentId,
        content: &[u8],
        scanned: bool,
    ) -> Result<Document, Failure> {
        let ctx = self.all.world.ctx_of(PrincipalId::Person(by));
        transact!(self.all.world.db, tx => {
            let permit = self.door().authorise(tx, &ctx, AttachDocument { amendment }).await?;
            attach::attach(tx, permit, ("statutes.pdf", content), scanned, &ctx).await.map_err(failure)
        })
    }

    pub async fn document(&self, of: &Document) -> Document {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        document_store::find(tx, of.id).await.unwrap().unwrap()
    }

    pub async fn state(&self, amendment: AmendmentId) -> State {
        store::find(&mut self.all.world.db.reader().await.unwrap(), amendment).await.unwrap().unwrap().state
    }

    /// What events of a kind say about an organisation.
    pub async fn recorded(&self, of: OrganisationId, kind: &str) -> Vec<String> {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let rows = audit::store::list_of_subject(tx, of.0, Timestamp(0), 100).await.unwrap();
        rows.into_iter().filter(|row| row.kind == kind).map(|row| row.details).collect()
    }
}

pub fn said<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    result.unwrap_err().to_string()
}

on_both! {
    /// P61, P67, D10, D11: an approval changes what was asked for and nothing else, once; a refusal has a reason; one is open at a time.
    async fn what_was_asked_for_is_changed_by_an_approval(world: World) {
        let desk = Desk::open(world).await;
        let (stored, mut wanted) = desk.stored().await;
        wanted.identifiers.insert("PIC".to_owned(), "999 888 777".to_owned());
        wanted.classification.insert("kind".to_owned(), ["research".to_owned()].into());
        wanted.phone = Some("+4930123456".parse().unwrap());
        let details = OrganisationDetails { name: "Acme Holding".to_owned(), external_id: Some("X".to_owned()), ..OrganisationDetails::default() };
        let asked = desk.ask_for(desk.lear, desk.all.acme, (details, wanted)).await.unwrap();
        assert_eq!(asked.changes.keys().collect::<Vec<_>>(), ["class.kind", "identifier.PIC", "name", "phone"]);
        assert_eq!(desk.stored().await.0, stored, "nothing is changed by asking");
        assert!(said(desk.ask(desk.account, "Acme Group").await).contains("already"));
        let id = asked.id;
        assert!(said(desk.approve(desk.operator, id, "x").await).contains("meanwhile"));
        assert!(said(desk.refuse(desk.operator, id, " ").await).contains("say why"));
        let saw = desk.seen(id).await;
        desk.approve(desk.operator, id, &saw).await.unwrap();
        let (after, said_after) = desk.stored().await;
        assert_eq!((after.name.as_str(), after.external_id, said_after.identifiers["PIC"].as_str()), ("Acme Holding", None, "999888777"));
        assert_eq!((desk.state(id).await, said_after.phone.is_some()), (State::Approved, true));
        for late in [desk.approve(desk.operator, id, &saw).await, desk.refuse(desk.operator, id, "late").await, desk.withdraw(desk.lear, id).await] {
            assert!(said(late).contains("nothing to answer") || desk.state(id).await == State::Approved);
        }
        assert!(said(desk.ask(desk.lear, "Acme Holding").await).contains("nothing would change"));
        let id = desk.ask(desk.account, "Acme Group").await.unwrap().id;
        desk.refuse(desk.operator, id, "Send us the statutes first.").await.unwrap();
        assert_eq!((desk.state(id).await, desk.stored().await.0.name.as_str()), (State::Refused, "Acme Holding"));
        for number in 2..10 {
            let id = desk.ask(desk.lear, &format!("Acme {number}")).await.unwrap().id;
            desk.withdraw(desk.lear, id).await.unwrap();
        }
        assert!(said(desk.ask(desk.lear, "Acme 10").await).contains("in a day"));
        desk.all.world.clock.advance(Duration::from_hours(25));
        desk.ask(desk.lear, "Acme 10").await.unwrap();
    }

    /// P61, I09: what changed meanwhile is told and not overwritten in silence; an identifier of somebody else stays theirs.
    async fn what_changed_meanwhile_is_not_applied_in_silence(world: World) {
        let desk = Desk::open(world).await;
        let id = desk.ask(desk.lear, "Acme Holding").await.unwrap().id;
        let saw = desk.seen(id).await;
        let country = OrganisationDetails { name: "Acme".to_owned(), country: Some("BE".to_owned()), ..OrganisationDetails::default() };
        desk.update(desk.all.acme, country.clone()).await;
        assert_eq!(desk.seen(id).await, saw, "another value has nothing to do with it");
        desk.update(desk.all.acme, OrganisationDetails { name: "Acme Works".to_owned(), ..country }).await;
        assert!(said(desk.approve(desk.operator, id, &saw).await).contains("meanwhile"));
        assert_eq!((desk.state(id).await, desk.stored().await.0.name.as_str()), (State::Open, "Acme Works"));
        // Whoever has seen it decides.
        let saw = desk.seen(id).await;
        desk.approve(desk.operator, id, &saw).await.unwrap();
        let after = desk.stored().await.0;
        assert_eq!((after.name.as_str(), after.country.as_deref()), ("Acme Holding", Some("BE")));
        let lei = "549300DTUYXVMJXZNY75";
        desk.update(desk.all.beta, OrganisationDetails { name: "Beta".to_owned(), lei: Some(lei.to_owned()), ..OrganisationDetails::default() }).await;
        let (stored, said_now) = desk.stored().await;
        let details = OrganisationDetails { name: stored.name, country: stored.country, lei: Some(lei.to_owned()), external_id: None };
        let id = desk.ask_for(desk.lear, desk.all.acme, (details, said_now)).await.unwrap().id;
        let saw = desk.seen(id).await;
        assert!(said(desk.approve(desk.operator, id, &saw).await).contains("identifier"));
        assert_eq!((desk.state(id).await, desk.stored().await.0.lei), (State::Open, None), "nothing of it is kept");
    }

    /// P61, D9, D10: a request ends with its organisation, and its documents are not kept.
    async fn a_request_ends_with_its_organisation(world: World) {
        let desk = Desk::open(world).await;
        let gamma = desk.all.gamma;
        let gina = desk.all.person(gamma, "Gina").await;
        desk.appoint(gina, "LEAR", gamma).await;
        let wanted = OrganisationDetails { name: "Gamma Works".to_owned(), ..OrganisationDetails::default() };
        let id = desk.ask_for(gina, gamma, (wanted, Description::default())).await.unwrap().id;
        let document = desk.attach(gina, id, b"%PDF-1", false).await.unwrap();
        let world = &desk.all.world;
        Modules::of(world, desk.door()).close(gamma, true).await.unwrap();
        for days in [153, 23, 6, 1, 1] {
            world.clock.advance(Duration::from_hours(24) * days);
            let ctx = world.ctx_of(PrincipalId::Console);
            let schedule = Schedule { door: desk.door(), after: Duration::from_hours(183 * 24) };
            remind_all_due(&world.db, schedule, &ctx).await.unwrap();
            delete_all_due(&world.db, schedule, &ctx).await.unwrap();
        }
        let status = organisations::find(&mut world.db.reader().await.unwrap(), gamma).await.unwrap().unwrap().status;
        assert_eq!((status, desk.state(id).await), (Status::Deleted, State::Withdrawn));
        assert!(!desk.document(&document).await.is_kept);
        assert_eq!(desk.recorded(gamma, "organisation.amendment_withdrawn").await.len(), 1);
    }
}
