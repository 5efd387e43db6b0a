//! An `OpenID` Connect relying party: authorization code flow with PKCE, `state` and `nonce`, a
//! verified ID token, and RP-initiated logout.

use std::time::Duration;

use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims,
    IdTokenFields, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse,
    StandardTokenResponse, TokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Failure, cli::Registration, http::HttpClient, signed::Reader};

/// What a sign-in with two factors is called (REFEDS MFA profile).
const TWO_FACTORS: &str = "https://refeds.org/profile/mfa";

/// Seconds that the clocks of two machines may be apart.
pub(crate) const LEEWAY: i64 = 60;

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
    /// Whether the organisation may begin anything new in this module: `active`, or `complete_only` (I76).
    #[serde(default)]
    pub module_status: Option<String>,
    /// What it is there: `authority` or `coordinator` (I25).
    #[serde(default)]
    pub module_kind: Option<String>,
    /// Codes of the list of this module (I26).
    #[serde(default)]
    pub module_classification: Vec<String>,
    /// What was agreed besides (I27).
    #[serde(default)]
    pub module_settings: serde_json::Map<String, serde_json::Value>,
    /// Roles that the person was named for, with the project, the organisation, and what each stands for.
    #[serde(default)]
    pub role_assignments: Vec<serde_json::Value>,
    /// No claim: when the person proved who they are because this application asked for it, in seconds; set at the sign-in.
    #[serde(default)]
    pub signed_in_again_at: Option<i64>,
}

impl AdditionalClaims for ChamberlainClaims {}

impl ChamberlainClaims {
    /// Takes over what a `token-claims-change` says; what it does not name stays as it was, and what is of no use changes nothing.
    pub(crate) fn change(&mut self, told: &serde_json::Value) {
        let (Ok(serde_json::Value::Object(mut all)), Some(told)) = (serde_json::to_value(&*self), told.as_object())
        else {
            return;
        };
        all.extend(told.clone());
        if let Ok(changed) = serde_json::from_value(all.into()) {
            *self = changed;
        }
    }
}

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
    /// Since when a sign-in counts, in seconds; `None` if an earlier one will do.
    since: Option<i64>,
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
    /// Reads what the provider tells by itself.
    pub told: Reader,
}

impl RelyingParty {
    // docs: discovery
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
        let keys = (metadata.jwks_uri().clone(), metadata.jwks().clone());
        let told = Reader::new(http.clone(), keys, &registration.issuer, &registration.client_id);
        Ok(Self {
            metadata,
            client,
            http,
            client_id: registration.client_id.clone(),
            issuer: registration.issuer.clone(),
            home: registration.own_url("/"),
            told,
        })
    }
    // docs end

    /// The issuer that this application trusts.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    // docs: sign-in
    /// Starts a sign-in: the address to send the browser to, and what to remember meanwhile. `again`: whoever is signed in at the
    /// provider proves once more who they are, with two factors (OpenID Connect Core §3.1.2.1, §5.5.1.1).
    pub(crate) fn begin(&self, return_to: &str, again: bool) -> (String, Pending) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow: CoreAuthenticationFlow = AuthenticationFlow::AuthorizationCode;
        let scopes = ["profile", "email", "groups", "roles", "organisation"];
        let mut request = self
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        if again {
            let claims = json!({ "id_token": { "acr": { "essential": true, "value": TWO_FACTORS } } });
            request = request.set_max_age(Duration::ZERO).add_extra_param("claims", claims.to_string());
        }
        let (url, state, nonce) = request.url();
        let (return_to, since) = (return_to.to_owned(), again.then(now));
        (url.into(), Pending { state, nonce, verifier, return_to, since })
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
        let mut own = claims.additional_claims().clone();
        own.signed_in_again_at = match pending.since {
            Some(since) => Some(proved(claims, since)?),
            None => None,
        };
        // Names and addresses are told at UserInfo, not in the ID token (OpenID Connect Core §5.4).
        let request = self.client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?;
        let info: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = request.request_async(&self.http).await?;
        Ok(Identity {
            subject: claims.subject().to_string(),
            given_name: plain(info.given_name()),
            family_name: plain(info.family_name()),
            email: info.email().map(|email| email.to_string()).unwrap_or_default(),
            claims: own,
            id_token: token.to_string(),
        })
    }
    // docs end

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

/// When somebody signed in who was asked to do it again: since then, with two factors (§3.1.3.7, 12 and 13).
fn proved(claims: &IdTokenClaims<ChamberlainClaims, CoreGenderClaim>, since: i64) -> Result<i64, Failure> {
    let two_factors = claims.auth_context_ref().is_some_and(|acr| acr.as_str() == TWO_FACTORS);
    let at = claims.auth_time().map(|at| at.timestamp()).filter(|at| two_factors && *at >= since - LEEWAY);
    Ok(at.ok_or("nobody proved anew who they are")?)
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "an application goes by the clock of its machine")]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The value of a localised claim without a language tag.
fn plain<T>(claim: Option<&openidconnect::LocalizedClaim<T>>) -> String
where
    T: std::ops::Deref<Target = String>,
{
    claim.and_then(|claim| claim.get(None)).map(|text| text.to_string()).unwrap_or_default()
}
