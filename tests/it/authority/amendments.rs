//! Who asks for changes of an organisation, attaches documents, reads, withdraws and answers (P61, P62, P67).

use chamberlain::authority::Reason;
use chamberlain::authority::action::{
    AnswerAmendment, AttachDocument, ReadAmendment, RequestAmendment, WithdrawAmendment,
};
use chamberlain::kernel::ids::{AmendmentId, OrganisationId};

use crate::directory::amendments::Desk;

/// The actions that are asked about here and not in the matrix.
pub const ASKED: [&str; 5] =
    ["AnswerAmendment", "AttachDocument", "ReadAmendment", "RequestAmendment", "WithdrawAmendment"];

on_both! {
    /// P61, P62, P67, D8, D11: LEAR and Account Administrator ask for their organisation, the LEAR attaches documents; whoever may change it
    /// answers, and never what they asked for; for everybody else there is no such request.
    async fn who_asks_and_who_answers(world: World) {
        let desk = Desk::open(world).await;
        let (all, unknown) = (&desk.all, OrganisationId(uuid::Uuid::from_u128(9)));
        let ask = |organisation| RequestAmendment { organisation };
        for (who, what, expected) in [
            (desk.lear, all.acme, Ok(())),
            (desk.account, all.acme, Ok(())),
            (desk.lear, all.beta, Err(Reason::NotFound)),
            (desk.lear, unknown, Err(Reason::NotFound)),
            (desk.operator, all.acme, Ok(())),
            (desk.nobody, all.acme, Err(Reason::NotFound)),
        ] {
            assert_eq!(desk.may(who, ask(what)).await, expected);
        }
        let amendment = desk.ask(desk.lear, "Acme Holding").await.unwrap().id;
        let table = [
            // Who, attaches, withdraws, reads, answers.
            (desk.lear, [Ok(()), Ok(()), Ok(()), Err(Reason::NotPermitted)]),
            (desk.account, [Err(Reason::NotFound), Err(Reason::NotFound), Err(Reason::NotFound), Err(Reason::NotFound)]),
            (desk.operator, [Err(Reason::NotPermitted), Err(Reason::NotPermitted), Ok(()), Ok(())]),
            (desk.nobody, [Err(Reason::NotFound), Err(Reason::NotFound), Err(Reason::NotFound), Err(Reason::NotFound)]),
        ];
        for (who, expected) in table {
            let found = [
                desk.may(who, AttachDocument { amendment }).await,
                desk.may(who, WithdrawAmendment { amendment }).await,
                desk.may(who, ReadAmendment { amendment }).await,
                desk.may(who, AnswerAmendment { amendment }).await,
            ];
            assert_eq!(found, expected, "{who}");
        }
        let nothing = AmendmentId(uuid::Uuid::from_u128(9));
        assert_eq!(desk.may(desk.operator, AnswerAmendment { amendment: nothing }).await, Err(Reason::NotFound));
        desk.withdraw(desk.lear, amendment).await.unwrap();
        // P67: not with documents.
        let amendment = desk.ask(desk.account, "Acme Group").await.unwrap().id;
        assert_eq!(desk.may(desk.account, AttachDocument { amendment }).await, Err(Reason::NotPermitted));
        assert_eq!(desk.may(desk.account, ReadAmendment { amendment }).await, Ok(()));
        desk.withdraw(desk.account, amendment).await.unwrap();
        // D11: whoever holds both does not answer their own.
        let amendment = desk.ask(desk.operator, "Acme World").await.unwrap().id;
        assert_eq!(desk.may(desk.operator, AnswerAmendment { amendment }).await, Err(Reason::OwnProposal));
    }
}
