//! `client_credentials` (RFC 6749 §4.4): a service acts for itself. No write: nothing has to be remembered.

use super::Request;
use super::issue::Issued;
use crate::kernel::ids::PrincipalId;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::scopes;

/// The token of the service. Only for clients that can keep a secret.
pub(super) async fn issue(request: &Request<'_>) -> Result<Issued, OAuthError> {
    if request.client.kind.is_public() {
        return Err(OAuthError::UnauthorizedClient);
    }
    let scope = scopes::of_service(request.parameters.get("scope"), &request.client.settings)?;
    let asked = details::parse(request.parameters.get("authorization_details"))?;
    let (scope, details) = if asked.is_empty() {
        (scope, Vec::new())
    } else {
        let tx = &mut request.oidc.app.db.reader().await?;
        let service = PrincipalId::Service(request.client.id);
        details::granted(tx, &request.oidc.app.door, (service, &scope), (&[], &asked), request.ctx.now).await??
    };
    request.issue_to_service(scope, details).await
}
