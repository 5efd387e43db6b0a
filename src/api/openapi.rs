//! What the JSON API offers, as an OpenAPI 3.1 document: a table of its operations, and the schemas of the types that the handlers read
//! and write. A test compares the table with the routes, and real answers with the schemas.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::{deputies, directory, recertification, simulation_view, view};

type Of = fn(&mut SchemaGenerator) -> Schema;

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// One operation.
struct Operation {
    path: &'static str,
    method: &'static str,
    id: &'static str,
    summary: &'static str,
    /// The scope that a token needs.
    scope: &'static str,
    /// Parameters of the query: name, type, whether needed.
    query: &'static [(&'static str, &'static str, bool)],
    body: Option<Of>,
    status: u16,
    answer: Of,
}

const PREVIEW: &[(&str, &str, bool)] = &[("preview", "boolean", false)];
const LIST: &[(&str, &str, bool)] = &[
    ("organisation", "string", false),
    ("role", "string", false),
    ("person", "string", false),
    ("service", "string", false),
    ("state", "string", false),
    ("after", "string", false),
    ("limit", "integer", false),
];
const PLACE: &[(&str, &str, bool)] = &[("organisation", "string", false), ("project", "string", false)];
const LOOK_UP: &[(&str, &str, bool)] = &[
    ("q", "string", false),
    ("country", "string", false),
    ("class", "string", false),
    ("application", "string", false),
    ("after", "string", false),
    ("limit", "integer", false),
];
const PART: &[(&str, &str, bool)] = &[("limit", "integer", false), ("offset", "integer", false)];
const MODULE: &str = "/organisations/{id}/modules/{application}";

macro_rules! operations {
    ($($method:literal $path:expr, $id:literal, $scope:literal, $query:expr, ($($body:ty)?) -> $status:literal $answer:ty: $summary:literal;)*) => {
        const OPERATIONS: &[Operation] = &[$(Operation {
            path: $path, method: $method, id: $id, summary: $summary, scope: $scope, query: $query,
            body: operations!(@body $($body)?), status: $status, answer: of::<$answer>,
        },)*];
    };
    (@body) => { None };
    (@body $body:ty) => { Some(of::<$body>) };
}

operations! {
    "get" "/role-assignments", "listRoleAssignments", "roles:read", LIST, () -> 200 view::RoleAssignments:
        "List the role assignments in sight";
    "post" "/role-assignments", "grantRole", "roles:write", PREVIEW, (view::Grant) -> 201 view::RoleAssignmentView:
        "Give a role, or propose it where somebody has to confirm; with `preview=true` nothing is kept and the status is 200";
    "get" "/role-assignments/{id}", "getRoleAssignment", "roles:read", &[], () -> 200 view::RoleAssignmentView:
        "Read one role assignment";
    "post" "/role-assignments/{id}/revoke", "revokeRole", "roles:write", PREVIEW, (view::Because) -> 200 view::Revocation:
        "Take a role away; with `preview=true` nothing is kept";
    "post" "/role-assignments/{id}/confirm", "confirmRole", "roles:write", &[], () -> 200 view::RoleAssignmentView:
        "Confirm what somebody else proposed";
    "post" "/role-assignments/{id}/reject", "rejectRole", "roles:write", &[], (view::Because) -> 200 view::RoleAssignmentView:
        "Reject what somebody else proposed";
    "post" "/role-assignments/{id}/revocation-request", "requestRevocation", "roles:write", &[], (view::Because) -> 201 view::RevocationRequestView:
        "Ask whoever may to take a role away";
    "post" "/role-assignments/{id}/revocation-request/decline", "declineRevocation", "roles:write", &[], (view::Because) -> 200 view::RevocationRequestView:
        "Decline such a request";
    "get" "/revocation-requests", "listRevocationRequests", "roles:write", &[], () -> 200 view::RevocationRequests:
        "List the requests that one can answer, and one's own";
    "get" "/nominations", "listNominations", "roles:write", PLACE, () -> 200 view::Nominations:
        "List open nominations at an organisation or in a project, for whoever could have made them";
    "post" "/nominations", "nominate", "roles:write", &[], (view::Naming) -> 201 view::NominationView:
        "Name somebody for a role by e-mail address";
    "get" "/nominations/{id}", "getNomination", "roles:write", &[], () -> 200 view::NominationView:
        "Read an open nomination";
    "post" "/nominations/{id}/withdraw", "withdrawNomination", "roles:write", &[], () -> 200 view::NominationView:
        "Take a nomination back";
    "get" "/organisations/{id}/modules", "listModules", "modules:write", &[], () -> 200 view::Modules:
        "List the module access of an organisation that one manages";
    "get" MODULE, "getModule", "modules:write", &[], () -> 200 view::ModuleView:
        "Read one module access";
    "put" MODULE, "changeModule", "modules:write", &[], (view::TermsBody) -> 200 view::ModuleView:
        "Change what is agreed about a module";
    "post" "/organisations/{id}/modules/{application}/grant", "grantModule", "modules:write", &[], (view::TermsBody) -> 201 view::ModuleView:
        "Give an organisation the module of an application";
    "post" "/organisations/{id}/modules/{application}/suspend", "suspendModule", "modules:write", &[], () -> 200 view::ModuleView:
        "Suspend module access: what is under way may be finished";
    "post" "/organisations/{id}/modules/{application}/regrant", "regrantModule", "modules:write", &[], () -> 200 view::ModuleView:
        "Give suspended module access back";
    "get" "/organisations/{id}/move", "previewMove", "organisations:write", &[("to", "string", true)], () -> 200 view::MoveEffect:
        "Who gains and who loses authority if an organisation moves";
    "post" "/organisations/{id}/move", "moveOrganisation", "organisations:write", &[], (view::Move) -> 200 view::Moved:
        "Move an organisation with all below it, if the effect is the one that was shown";
    "get" "/deputies", "listDeputies", "roles:read", PART, () -> 200 deputies::Deputies:
        "List who stands in for whom, of the roles in sight and of one's own";
    "post" "/deputies", "nameDeputy", "roles:write", &[], (deputies::NewDeputy) -> 201 deputies::DeputyView:
        "Let somebody stand in for one in a role for a while";
    "post" "/deputies/{id}/end", "endDeputy", "roles:write", &[], () -> 200 deputies::DeputyView:
        "End that before its time";
    "get" "/recertification/roles", "listDueRoles", "roles:write", PART, () -> 200 recertification::DueRoles:
        "List the roles of one's people that lapse unless somebody confirms them";
    "post" "/recertification/roles", "answerDueRoles", "roles:write", &[], (recertification::Answers) -> 200 recertification::Answered:
        "Confirm such roles, or take them away: all or nothing";
    "get" "/recertification/memberships", "listDueMemberships", "memberships:write", PART, () -> 200 recertification::DueMemberships:
        "List the memberships of one's people that lapse unless somebody confirms them";
    "post" "/recertification/memberships", "answerDueMemberships", "memberships:write", &[], (recertification::Answers) -> 200 recertification::Answered:
        "Confirm such memberships, or take them away: all or nothing";
    "get" "/directory", "lookUpOrganisations", "organisations:read", LOOK_UP, () -> 200 directory::Directory:
        "Look organisations up in the general directory, where the profile has one";
    "post" "/simulations", "simulate", "roles:read", &[], (simulation_view::Simulation) -> 200 simulation_view::Simulated:
        "Say what would change if a role were given or taken, or an organisation moved; takes the scope of the change itself, too";
}

impl Operation {
    fn document(&self, generator: &mut SchemaGenerator) -> Value {
        let parameter = |place: &str, name: &str, kind: &str, required: bool| json!({ "name": name, "in": place, "required": required, "schema": { "type": kind } });
        let in_path = self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let mut parameters: Vec<Value> = in_path.map(|name| parameter("path", name, "string", true)).collect();
        parameters.extend(self.query.iter().map(|(name, kind, needed)| parameter("query", name, kind, *needed)));
        let content = |schema: Schema| json!({ "application/json": { "schema": schema } });
        let problem = generator.subschema_for::<view::Problem>();
        let answer = content((self.answer)(generator));
        let mut answers = Map::new();
        if self.query == PREVIEW && self.status != 200 {
            answers.insert("200".to_owned(), json!({ "description": "What it would come to", "content": answer }));
        }
        answers.insert(self.status.to_string(), json!({ "description": self.summary, "content": answer }));
        let problem =
            json!({ "description": "A problem", "content": { "application/problem+json": { "schema": problem } } });
        answers.insert("default".to_owned(), problem);
        let mut document = json!({
            "operationId": self.id, "summary": self.summary, "parameters": parameters, "responses": answers,
            "security": [{ "oauth2": [self.scope] }, { "bearer": [] }],
        });
        if let (Some(body), Some(fields)) = (self.body, document.as_object_mut()) {
            fields.insert("requestBody".to_owned(), json!({ "required": true, "content": content(body(generator)) }));
        }
        document
    }
}

/// The document, without the address of the server.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    let mut scopes: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let document = operation.document(&mut generator);
        let place = paths.entry(format!("/api/v1{}", operation.path)).or_insert_with(|| json!({}));
        if let Some(place) = place.as_object_mut() {
            place.insert(operation.method.to_owned(), document);
        }
        scopes.insert(operation.scope.to_owned(), json!(operation.summary));
    }
    let flow = json!({ "clientCredentials": { "tokenUrl": "/oauth2/token", "scopes": scopes } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Chamberlain", "version": "1", "description": "The verbs of delegated administration that SCIM lacks." },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "oauth2": { "type": "oauth2", "flows": flow },
                "bearer": { "type": "http", "scheme": "bearer", "description": "A token that a delegate made for scripts." },
            },
        },
    })
});

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// `GET /openapi.json`: for everybody; it says nothing about this installation.
pub async fn get() -> Response {
    let mut response = document().to_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
