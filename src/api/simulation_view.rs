//! What is read and written about simulations, as types; the OpenAPI document is made of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::view::{Grant, Side};

/// What might be done: exactly one of the three.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// A role would be given.
    pub grant: Option<Grant>,
    /// A role would be taken away.
    pub revoke: Option<RevokeBody>,
    /// An organisation would move with everything below it.
    #[serde(rename = "move")]
    pub moving: Option<MoveBody>,
}

/// The role that would be taken away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeBody {
    /// Which assignment.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub role_assignment: Uuid,
    /// In words; needed where the last holder loses the role.
    pub reason: Option<String>,
}

/// Where an organisation would go.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// Which.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// The organisation above it from then on.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub to: Uuid,
}

/// What would change if something were done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// What would be done.
    pub change: Change,
    /// Questions of AuthZEN (`subject`, `action`, `resource`), answered as it is and as it would be; fifty at most.
    #[serde(default)]
    #[schemars(with = "Vec<Value>")]
    pub questions: Vec<Value>,
}

/// An answer as it is and as it would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Turn {
    /// As it is.
    pub before: bool,
    /// As it would be.
    pub after: bool,
}

/// What would come of it. Nothing is kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Simulated {
    /// What would end, or reach what is moved no more.
    pub loses: Side,
    /// What would begin, or reach what is moved from then on.
    pub gains: Side,
    /// One for each question, in their order.
    pub answers: Vec<Turn>,
}
