//! What the endpoints hold.

use std::sync::Arc;

use axum::extract::FromRef;

use super::discovery;
use super::settings::Settings;
use super::statement::StatementIssuers;
use crate::audit::Tally;
use crate::proofs::ClientKeys;
use crate::tokens::Tokens;
use crate::tokens::document::Document;
use crate::web::App;

/// The state of the OpenID Provider; cheap to clone.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Shared by all surfaces.
    pub app: App,
    /// Keys, signatures, clients.
    pub tokens: Tokens,
    /// Section `[oidc]`.
    pub settings: Settings,
    /// The keys of clients; by default only registered ones, none is fetched.
    pub client_keys: ClientKeys,
    /// Whose software statements are believed; by default nobody's.
    pub statements: StatementIssuers,
    pub(super) discovery: Arc<Document>,
    pub(super) refusals: Tally,
}

impl Oidc {
    /// Makes the discovery document once.
    pub fn new(app: App, mut tokens: Tokens, settings: Settings) -> Self {
        tokens.dpop.require_nonce |= settings.require_dpop_nonce;
        tokens.alias = app.mtls.alias().map(Into::into);
        let metadata = discovery::metadata(tokens.issuer(), &app, &settings);
        let discovery = Arc::new(Document::new(metadata.to_string().into()));
        let (client_keys, statements) = (ClientKeys::default(), StatementIssuers::default());
        Self { app, tokens, settings, client_keys, statements, discovery, refusals: Tally::default() }
    }
}

impl FromRef<Oidc> for App {
    fn from_ref(oidc: &Oidc) -> Self {
        oidc.app.clone()
    }
}
