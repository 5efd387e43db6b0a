//! An `OpenID` Connect relying party: authorization code flow with PKCE, `state` and `nonce`, a
//! verified ID token, and RP-initiated logout.

use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{Failure, cli::Registration, http::HttpClient};

/// The claims that Chamberlain adds to the standard ones.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ChamberlainClaims {
    /// Groups of this application and environment that the person is in; nothing of others.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Administrative roles that the person holds for this application.
    #[serde(default)]
    pub roles: Vec<serde_json::Value>,
    /// The organisation on whose behalf the person acts.
    #[serde(default)]
    pub organisation: serde_json::Value,
    /// The session at the provider, which back-channel logout refers to.
    #[serde(default)]
    pub sid: Option<String>,
}

impl AdditionalClaims for ChamberlainClaims {}

type Fields = IdTokenFields<
    ChamberlainClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Client = openidconnect::Client<
    ChamberlainClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A verified sign-in: who it is, as the provider said it in the ID token.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// Stable identifier of the person at this provider; the key of the local account.
    pub subject: String,
    /// Given name, empty when the provider told none.
    pub given_name: String,
    /// Family name, empty when the provider told none.
    pub family_name: String,
    /// E-mail address, empty when the provider told none. It may change; never use it as a key.
    pub email: String,
    /// What Chamberlain adds.
    pub claims: ChamberlainClaims,
    /// The ID token as it came, to be sent back as `id_token_hint` at logout.
    pub id_token: String,
}

/// What has to be remembered between leaving for the provider and coming back.
#[derive(Debug)]
pub(crate) struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    /// Where in this application the person wanted to go.
    pub return_to: String,
}

impl Pending {
    /// Whether `state` of the answer is the one that this sign-in began with.
    pub(crate) fn answers_to(&self, state: &str) -> bool {
        self.state.secret() == state
    }
}

/// The parameters of the authorization response (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// Authorization code, on success.
    pub code: Option<String>,
    /// The `state` that we sent.
    pub state: Option<String>,
    /// Issuer identifier of who answers.
    pub iss: Option<String>,
    /// Error code, on failure.
    pub error: Option<String>,
    /// Text for the developer, on failure.
    pub error_description: Option<String>,
}

/// One application's view of one provider.
pub(crate) struct RelyingParty {
    metadata: ProviderMetadataWithLogout,
    client: Client,
    http: HttpClient,
    client_id: String,
    issuer: String,
    home: String,
}

impl RelyingParty {
    /// Reads the provider's metadata and keys.
    ///
    /// # Errors
    /// When the provider cannot be reached or its metadata does not fit its issuer.
    pub(crate) async fn discover(registration: &Registration) -> Result<Self, Failure> {
        let http = HttpClient::new()?;
        let issuer = IssuerUrl::new(registration.issuer.clone())?;
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &http).await?;
        let client = openidconnect::Client::from_provider_metadata(
            metadata.clone(),
            ClientId::new(registration.client_id.clone()),
            Some(ClientSecret::new(registration.client_secret.clone())),
        )
        .set_redirect_uri(RedirectUrl::new(registration.own_url("/callback"))?);
        Ok(Self {
            metadata,
            client,
            http,
            client_id: registration.client_id.clone(),
            issuer: registration.issuer.clone(),
            home: registration.own_url("/"),
        })
    }

    /// The issuer that this application trusts.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Starts a sign-in: the address to send the browser to, and what to remember meanwhile.
    pub(crate) fn begin(&self, return_to: &str) -> (String, Pending) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow: CoreAuthenticationFlow = AuthenticationFlow::AuthorizationCode;
        let scopes = ["profile", "email", "groups", "roles", "organisation"];
        let (url, state, nonce) = self
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        let return_to = return_to.to_owned();
        (url.into(), Pending { state, nonce, verifier, return_to })
    }

    /// Finishes a sign-in: redeems the code and verifies the ID token's signature, issuer, audience,
    /// expiry, nonce and access token hash.
    ///
    /// # Errors
    /// When the answer is not from our provider, the code is refused or the token does not verify.
    pub(crate) async fn finish(&self, pending: Pending, answer: Answer) -> Result<Identity, Failure> {
        // RFC 9207: an answer from another provider must not be sent to this one (mix-up).
        if answer.iss.is_some_and(|iss| iss != self.issuer) {
            return Err("the answer comes from another provider".into());
        }
        let code = answer.code.ok_or("the answer holds no code")?;
        let request = self.client.exchange_code(AuthorizationCode::new(code))?;
        let tokens = request.set_pkce_verifier(pending.verifier).request_async(&self.http).await?;
        let token = tokens.id_token().ok_or("the provider sent no ID token")?;
        let algorithms = [CoreJwsSigningAlgorithm::EcdsaP256Sha256, CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256];
        let verifier = self.client.id_token_verifier().set_allowed_algs(algorithms);
        let claims = token.claims(&verifier, &pending.nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let actual = AccessTokenHash::from_token(
                tokens.access_token(),
                token.signing_alg()?,
                token.signing_key(&verifier)?,
            )?;
            if actual != *expected {
                return Err("the access token does not belong to the ID token".into());
            }
        }
        // Names and addresses are told at UserInfo, not in the ID token (OpenID Connect Core §5.4).
        let request = self.client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?;
        let info: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = request.request_async(&self.http).await?;
        Ok(Identity {
            subject: claims.subject().to_string(),
            given_name: plain(info.given_name()),
            family_name: plain(info.family_name()),
            email: info.email().map(|email| email.to_string()).unwrap_or_default(),
            claims: claims.additional_claims().clone(),
            id_token: token.to_string(),
        })
    }

    /// Where to send the browser so that the session at the provider ends too (RP-Initiated Logout).
    pub(crate) fn logout_url(&self, id_token: &str) -> String {
        let Some(endpoint) = self.metadata.additional_metadata().end_session_endpoint.clone() else {
            return self.home.clone();
        };
        let request = LogoutRequest::from(endpoint).set_client_id(ClientId::new(self.client_id.clone()));
        let request = match PostLogoutRedirectUrl::new(self.home.clone()) {
            Ok(home) => request.set_post_logout_redirect_uri(home),
            Err(_) => request,
        };
        let mut url = request.http_get_url();
        url.query_pairs_mut().append_pair("id_token_hint", id_token);
        url.into()
    }
}

/// The value of a localised claim without a language tag.
fn plain<T>(claim: Option<&openidconnect::LocalizedClaim<T>>) -> String
where
    T: std::ops::Deref<Target = String>,
{
    claim.and_then(|claim| claim.get(None)).map(|text| text.to_string()).unwrap_or_default()
}
