//! Settings to copy into the application, one text per program. The secret is left out: it was shown when it was made.

use crate::directory::client::model::{AuthMethod, Client};
use crate::web::App;

/// One program with its settings.
#[derive(Clone, Debug)]
pub(super) struct Snippet {
    /// An element id.
    pub(super) id: &'static str,
    pub(super) program: &'static str,
    pub(super) text: String,
}

/// What the texts are filled with.
struct Filling<'a> {
    issuer: &'a str,
    id: &'a str,
    redirect: &'a str,
    scope: String,
    basic: bool,
}

/// The texts for a client that people sign in to.
pub(super) fn snippets(app: &App, client: &Client) -> Vec<Snippet> {
    let settings = &client.settings;
    let filling = Filling {
        issuer: app.public_url.as_str().trim_end_matches('/'),
        id: &client.client_id,
        redirect: settings.redirect_uris.first().map_or("", String::as_str),
        scope: settings.scopes.join(" "),
        basic: settings.token_endpoint_auth_method != AuthMethod::ClientSecretPost,
    };
    let programs = [
        ("copy-apache", "Apache (mod_auth_openidc)", apache(&filling)),
        ("copy-spring", "Spring Boot", spring(&filling)),
        ("copy-dotnet", "ASP.NET Core", dotnet(&filling)),
        ("copy-python", "Python (Authlib)", python(&filling)),
        ("copy-node", "Node.js (openid-client)", node(&filling)),
        ("copy-rust", "Rust (openidconnect)", rust(&filling)),
        ("copy-jupyterhub", "JupyterHub", jupyterhub(&filling)),
        ("copy-pgadmin", "pgAdmin 4", pgadmin(&filling)),
    ];
    programs.into_iter().map(|(id, program, text)| Snippet { id, program, text }).collect()
}

fn apache(f: &Filling<'_>) -> String {
    let method = if f.basic { "client_secret_basic" } else { "client_secret_post" };
    format!(
        "OIDCProviderMetadataURL {}/.well-known/openid-configuration\nOIDCClientID {}\nOIDCClientSecret \"<client secret>\"\n\
         OIDCRedirectURI {}\nOIDCProviderTokenEndpointAuth {method}\nOIDCPKCEMethod S256\nOIDCScope \"{}\"\n\
         OIDCCryptoPassphrase \"<random passphrase>\"",
        f.issuer, f.id, f.redirect, f.scope
    )
}

fn spring(f: &Filling<'_>) -> String {
    let method = if f.basic { "client_secret_basic" } else { "client_secret_post" };
    format!(
        "spring.security.oauth2.client.provider.portal.issuer-uri={}\n\
         spring.security.oauth2.client.registration.portal.client-id={}\n\
         spring.security.oauth2.client.registration.portal.client-secret=<client secret>\n\
         spring.security.oauth2.client.registration.portal.client-authentication-method={method}\n\
         spring.security.oauth2.client.registration.portal.authorization-grant-type=authorization_code\n\
         spring.security.oauth2.client.registration.portal.redirect-uri={}\n\
         spring.security.oauth2.client.registration.portal.scope={}",
        f.issuer,
        f.id,
        f.redirect,
        f.scope.replace(' ', ",")
    )
}

fn dotnet(f: &Filling<'_>) -> String {
    let path = url::Url::parse(f.redirect).map(|url| url.path().to_owned()).unwrap_or_default();
    let scopes = f.scope.split(' ').map(|scope| format!("    options.Scope.Add(\"{scope}\");\n"));
    let scopes = scopes.collect::<Vec<_>>().concat();
    format!(
        "builder.Services.AddAuthentication().AddOpenIdConnect(options =>\n{{\n    options.Authority = \"{}\";\n    \
         options.ClientId = \"{}\";\n    options.ClientSecret = builder.Configuration[\"Portal:ClientSecret\"];\n    \
         options.ResponseType = \"code\";\n    options.UsePkce = true;\n    options.CallbackPath = \"{path}\";\n    \
         options.GetClaimsFromUserInfoEndpoint = true;\n    options.Scope.Clear();\n{scopes}}});",
        f.issuer, f.id
    )
}

fn python(f: &Filling<'_>) -> String {
    let method = if f.basic { "client_secret_basic" } else { "client_secret_post" };
    format!(
        "oauth.register(\n    name=\"portal\",\n    server_metadata_url=\"{}/.well-known/openid-configuration\",\n    \
         client_id=\"{}\",\n    client_secret=os.environ[\"PORTAL_CLIENT_SECRET\"],\n    \
         token_endpoint_auth_method=\"{method}\",\n    client_kwargs={{\"scope\": \"{}\", \"code_challenge_method\": \"S256\"}},\n)",
        f.issuer, f.id, f.scope
    )
}

fn node(f: &Filling<'_>) -> String {
    let method = if f.basic { "ClientSecretBasic" } else { "ClientSecretPost" };
    format!(
        "import * as client from 'openid-client';\nconst secret = process.env.PORTAL_CLIENT_SECRET;\n\
         const config = await client.discovery(new URL('{}'), '{}', secret, client.{method}(secret));\n\
         const parameters = {{ redirect_uri: '{}', scope: '{}', code_challenge_method: 'S256' }};",
        f.issuer, f.id, f.redirect, f.scope
    )
}

fn rust(f: &Filling<'_>) -> String {
    format!(
        "let issuer = IssuerUrl::new(\"{}\".to_owned())?;\nlet metadata = CoreProviderMetadata::discover_async(issuer, &http).await?;\n\
         let secret = Some(ClientSecret::new(std::env::var(\"PORTAL_CLIENT_SECRET\")?));\n\
         let client = CoreClient::from_provider_metadata(metadata, ClientId::new(\"{}\".to_owned()), secret)\n    \
         .set_redirect_uri(RedirectUrl::new(\"{}\".to_owned())?);",
        f.issuer, f.id, f.redirect
    )
}

fn jupyterhub(f: &Filling<'_>) -> String {
    let scopes = f.scope.split(' ').map(|scope| format!("\"{scope}\"")).collect::<Vec<_>>().join(", ");
    format!(
        "c.JupyterHub.authenticator_class = \"generic-oauth\"\nc.GenericOAuthenticator.client_id = \"{id}\"\n\
         c.GenericOAuthenticator.client_secret = os.environ[\"PORTAL_CLIENT_SECRET\"]\n\
         c.GenericOAuthenticator.authorize_url = \"{issuer}/oauth2/authorize\"\n\
         c.GenericOAuthenticator.token_url = \"{issuer}/oauth2/token\"\n\
         c.GenericOAuthenticator.userdata_url = \"{issuer}/oauth2/userinfo\"\n\
         c.GenericOAuthenticator.oauth_callback_url = \"{redirect}\"\n\
         c.GenericOAuthenticator.scope = [{scopes}]\nc.GenericOAuthenticator.username_claim = \"preferred_username\"\n\
         c.GenericOAuthenticator.manage_groups = True\nc.GenericOAuthenticator.auth_state_groups_key = \"oauth_user.groups\"",
        id = f.id,
        issuer = f.issuer,
        redirect = f.redirect,
    )
}

fn pgadmin(f: &Filling<'_>) -> String {
    format!(
        "AUTHENTICATION_SOURCES = ['oauth2']\nOAUTH2_CONFIG = [{{\n    'OAUTH2_NAME': 'portal',\n    \
         'OAUTH2_DISPLAY_NAME': 'Identity Portal',\n    'OAUTH2_CLIENT_ID': '{id}',\n    \
         'OAUTH2_CLIENT_SECRET': os.environ['PORTAL_CLIENT_SECRET'],\n    \
         'OAUTH2_SERVER_METADATA_URL': '{issuer}/.well-known/openid-configuration',\n    \
         'OAUTH2_TOKEN_URL': '{issuer}/oauth2/token',\n    'OAUTH2_AUTHORIZATION_URL': '{issuer}/oauth2/authorize',\n    \
         'OAUTH2_USERINFO_ENDPOINT': '{issuer}/oauth2/userinfo',\n    'OAUTH2_SCOPE': '{scope}',\n    \
         'OAUTH2_CHALLENGE_METHOD': 'S256',\n    'OAUTH2_RESPONSE_TYPE': 'code',\n}}]",
        id = f.id,
        issuer = f.issuer,
        scope = f.scope,
    )
}
