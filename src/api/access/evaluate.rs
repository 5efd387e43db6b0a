//! One question, or several at once (AuthZEN 1.0 §6, §7).

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::question::{Entity, Named, Thing, identified, needed, subject};
use crate::api::assignments::sight;
use crate::api::error::ApiError;
use crate::api::request::{ApiResult, Body, Caller, answer};
use crate::api::router::Api;
use crate::api::view::RoleAssignmentView;
use crate::authority::action::{ReadClient, ReadUser};
use crate::authority::{Action, Decision, Refusal};
use crate::db::Tx;
use crate::delegation::explain::{Explanation, Eyes, explain};
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::RoleAssignment;
use crate::kernel::ids::PrincipalId;

/// Most questions at once.
pub const MOST: usize = 50;

/// What is asked; members of the whole stand for those that a part leaves out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    subject: Option<Entity>,
    action: Option<Named>,
    resource: Option<Entity>,
}

/// Several questions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Questions {
    #[serde(flatten)]
    whole: Question,
    evaluations: Vec<Question>,
    options: Options,
}

/// When to stop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Options {
    evaluations_semantic: Option<String>,
}

/// The answer (AuthZEN 1.0 §5.5).
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Whether it may.
    pub decision: bool,
    context: Value,
}

impl Answer {
    /// What is not there, and what the asker may not see.
    fn unknown() -> Self {
        Self { decision: false, context: json!({ "reason": "not found" }) }
    }
}

/// Whether the asker sees somebody: themself, whom they administer, and, of services, those that they manage.
pub async fn sees(tx: &mut Tx, api: &Api, caller: &Caller, who: PrincipalId) -> Result<bool, ApiError> {
    if caller.ctx.actor == Some(who) {
        return Ok(true);
    }
    let action: Action = match who {
        PrincipalId::Person(user) => ReadUser { user }.into(),
        PrincipalId::Service(client) => ReadClient { client }.into(),
        PrincipalId::Console => return Ok(false),
    };
    may(tx, api, caller, action).await
}

/// Whether the asker may do something themself.
pub async fn may(tx: &mut Tx, api: &Api, caller: &Caller, action: Action) -> Result<bool, ApiError> {
    match api.app.door.authorise_read(tx, &caller.ctx, action).await {
        Ok(_) => Ok(true),
        Err(Refusal::Denied(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// `POST /access/v1/evaluation`
pub async fn one(State(api): State<Api>, caller: Caller, Body(question): Body<Question>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let found = evaluate(tx, &api, &caller, question).await?;
    answer(StatusCode::OK, &found)
}

/// `POST /access/v1/evaluations`
pub async fn several(State(api): State<Api>, caller: Caller, Body(asked): Body<Questions>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    if asked.evaluations.len() > MOST {
        return Err(ApiError::Malformed(format!("at most {MOST} `evaluations`")));
    }
    if asked.evaluations.is_empty() {
        let found = evaluate(tx, &api, &caller, asked.whole).await?;
        return answer(StatusCode::OK, &found);
    }
    let until = match asked.options.evaluations_semantic.as_deref() {
        None | Some("execute_all") => None,
        Some("deny_on_first_deny") => Some(false),
        Some("permit_on_first_permit") => Some(true),
        Some(_) => return Err(ApiError::Malformed("no such `evaluations_semantic`".to_owned())),
    };
    let mut answers = Vec::new();
    for part in asked.evaluations {
        let whole = &asked.whole;
        let question = Question {
            subject: part.subject.or_else(|| whole.subject.clone()),
            action: part.action.or_else(|| whole.action.clone()),
            resource: part.resource.or_else(|| whole.resource.clone()),
        };
        let found = evaluate(tx, &api, &caller, question).await?;
        let last = until == Some(found.decision);
        answers.push(found);
        if last {
            break;
        }
    }
    answer(StatusCode::OK, &json!({ "evaluations": answers }))
}

async fn evaluate(tx: &mut Tx, api: &Api, caller: &Caller, question: Question) -> Result<Answer, ApiError> {
    let Some((who, action)) = understand(tx, api, caller, question).await? else { return Ok(Answer::unknown()) };
    let sight = sight(tx, api, caller).await?;
    let eyes = Eyes::Of(caller.ctx.actor, &sight);
    let found = explain(tx, &api.app.door, (eyes, who, &action), caller.ctx.now).await?;
    because(tx, &sight, found).await
}

/// Who would do what; `None` if anything of it is not there, or not for the asker to see.
pub async fn understand(
    tx: &mut Tx,
    api: &Api,
    caller: &Caller,
    question: Question,
) -> Result<Option<(PrincipalId, Action)>, ApiError> {
    let who = identified(question.subject, "subject")?;
    let resource = identified(question.resource, "resource")?;
    let action = needed(question.action, "action")?;
    let (Some(who), Some(thing)) = (subject(&who), Thing::read(&resource)) else { return Ok(None) };
    thing.has_what_it_needs(&action.name, &resource.properties)?;
    let Some((action, besides)) = thing.action(&action.name, &resource.properties) else {
        return Ok(None);
    };
    let mut seen = sees(tx, api, caller, who).await?;
    for thing in [Some(thing), besides].into_iter().flatten() {
        seen = seen && may(tx, api, caller, thing.sight()).await?;
    }
    Ok(seen.then_some((who, action)))
}

/// The decision with its chains, each up to the first assignment out of sight: of that only that there is one.
async fn because(tx: &mut Tx, sight: &Sight, found: Explanation) -> Result<Answer, ApiError> {
    if let Decision::Deny(reason) = found.decision {
        let context = match found.awaits {
            Some(terms) => json!({ "reason": "terms are not accepted yet", "terms": terms }),
            None => json!({ "reason": reason.to_string() }),
        };
        return Ok(Answer { decision: false, context });
    }
    let ids: Vec<_> = found.chains.iter().flatten().map(|link| link.id).collect();
    let most = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let shown = listed_store::list(tx, sight, &Wanted { ids: Some(ids), ..Wanted::default() }, most).await?;
    let seen = |id| shown.iter().find(|one| one.id == id);
    let told = |chain: &Vec<RoleAssignment>| -> Vec<Value> {
        let mut links = Vec::new();
        for link in chain {
            let Some(seen) = seen(link.id) else {
                links.push(json!({ "hidden": true }));
                break;
            };
            links.push(json!(RoleAssignmentView::of(seen)));
        }
        links
    };
    let chains: Vec<Vec<Value>> = found.chains.iter().map(told).collect();
    Ok(Answer { decision: true, context: json!({ "because": chains }) })
}
