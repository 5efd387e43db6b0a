//! What would change if something were done: as its use case would do it, and undone.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::access::evaluate::{MOST, Question, understand};
use super::assignments::{sight, wanted};
use super::error::ApiError;
use super::organisations::side;
use super::request::{ApiResult, Body, Caller, answer};
use super::router::Api;
use super::simulation_view::{Change, Simulated, Simulation, Turn};
use super::view::Side;
use crate::authority::action::{MoveOrganisation, RevokeRole};
use crate::authority::{Action, Decision, Roles};
use crate::delegation::explain::Eyes;
use crate::delegation::simulate::{self as simulating, Change as Wanted};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};

fn change(body: Change, roles: &Roles) -> Result<Wanted, ApiError> {
    match (body.grant, body.revoke, body.moving) {
        (Some(grant), None, None) => Ok(Wanted::Give(wanted(grant, roles)?)),
        (None, Some(revoke), None) => {
            let action = RevokeRole { assignment: RoleAssignmentId(revoke.role_assignment) };
            Ok(Wanted::Revoke(action, revoke.reason))
        }
        (None, None, Some(moving)) => {
            let (organisation, to) = (OrganisationId(moving.organisation), OrganisationId(moving.to));
            Ok(Wanted::Move(MoveOrganisation { organisation, to }))
        }
        _ => Err(ApiError::Malformed("`change` has exactly one of `grant`, `revoke` and `move`".to_owned())),
    }
}

/// What is asked, and for each question where it stands among those that are asked about something in sight. The connection is given
/// back before the change takes one of its own.
type Understood = (Vec<(PrincipalId, Action)>, Vec<Option<usize>>);

async fn understood(api: &Api, caller: &Caller, questions: Vec<Value>) -> Result<Understood, ApiError> {
    let (mut asked, mut places) = (Vec::new(), Vec::new());
    let tx = &mut api.app.db.reader().await?;
    for question in questions {
        let question: Question = serde_json::from_value(question).map_err(|e| ApiError::Malformed(e.to_string()))?;
        let understood = understand(tx, api, caller, question).await?;
        places.push(understood.is_some().then_some(asked.len()));
        asked.extend(understood);
    }
    Ok((asked, places))
}

/// `POST /simulations`. A question about what the caller does not see is answered no, before and after, and so is one that only roles
/// out of their sight would let through.
pub async fn simulate(State(api): State<Api>, caller: Caller, Body(body): Body<Simulation>) -> ApiResult {
    let change = change(body.change, api.app.door.roles())?;
    if body.questions.len() > MOST {
        return Err(ApiError::Malformed(format!("at most {MOST} `questions`")));
    }
    let (asked, places) = understood(&api, &caller, body.questions).await?;
    let sight = sight(&mut api.app.db.reader().await?, &api, &caller).await?;
    let eyes = Eyes::Of(caller.ctx.actor, &sight);
    let outcome = simulating::simulate(&api.app.db, &api.app.door, (&change, &asked, eyes), &caller.ctx).await?;
    let allowed = |decision: &Decision| matches!(decision, Decision::Allow(_));
    let turn = |place: Option<usize>| {
        let found = place.and_then(|place| outcome.answers.get(place));
        found.map_or(Turn { before: false, after: false }, |(before, after)| Turn {
            before: allowed(before),
            after: allowed(after),
        })
    };
    let answers = places.into_iter().map(turn).collect();
    let tx = &mut api.app.db.reader().await?;
    let effect = &outcome.effect;
    let loses = side(tx, &sight, &effect.loses).await?;
    let gains = match &change {
        // Whoever gives it knows what they give; it is not stored for a list to find.
        Wanted::Give(_) => Side::given(&effect.gains.holders),
        Wanted::Revoke(..) | Wanted::Move(_) => side(tx, &sight, &effect.gains).await?,
    };
    answer(StatusCode::OK, &Simulated { loses, gains, answers })
}
