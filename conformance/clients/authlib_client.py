"""PyPI Authlib, unmodified: code flow with PKCE, ID token verified by Authlib's JOSE, UserInfo, prompt=none, form_post,
refresh with rotation, logout."""

from urllib.parse import urlencode, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from lib.forms import Browser, checks, drive

check = checks("Authlib")


def main(demo):
    registered = next(c for c in demo["clients"] if c["application"] == "CASPER" and c["environment"] != "production")
    code = "A-CASPER_WEB_DATA_SUBMITTER"
    person = next((a for a in demo["accounts"] if code in a["groups"]), None)
    if person is None:
        registered = next(c for c in demo["clients"] if c["application"] == "IMAS")
        code = "IMAS_PORTAL_USER"
        person = next(a for a in demo["accounts"] if code in a["groups"])
    redirect = registered["redirect_uris"][0]
    metadata = httpx.get(demo["issuer"].rstrip("/") + "/.well-known/openid-configuration", trust_env=False).json()
    # docs: settings
    client = OAuth2Client(
        registered["client_id"],
        registered["client_secret"],
        scope="openid profile email groups",
        redirect_uri=redirect,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
        trust_env=False,
    )
    # docs end
    seen = {}

    # docs: sign-in
    def begin(**more):
        """Where the browser goes, and what to remember meanwhile."""
        verifier, nonce = generate_token(48), generate_token()
        url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more)
        return url, state, verifier, nonce

    def finish(callback, state, verifier):
        """The tokens, with what the browser came back with."""
        return client.fetch_token(authorization_response=callback, state=state, code_verifier=verifier)

    def verified(tokens, nonce):
        """The claims of the ID token, once it is known to be of this provider, for this client, and to belong to these tokens."""
        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"], trust_env=False).json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=["ES256", "RS256"])
        options = {"iss": {"value": metadata["issuer"]}, "aud": {"value": client.client_id}}
        params = {"nonce": nonce, "client_id": client.client_id, "access_token": tokens["access_token"]}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=5)
        return claims
    # docs end

    @check("code flow with PKCE")
    def _():
        url, state, verifier, nonce = begin()
        seen["browser"] = Browser(redirect)
        back = seen["browser"].sign_in(demo, person, url)
        assert back.startswith(redirect + "?"), back.split("?")[0]
        seen["tokens"] = finish(back, state, verifier)
        seen["nonce"] = nonce

    @check("the ID token verifies and names the groups of this environment only")
    def _():
        claims = verified(seen["tokens"], seen["nonce"])
        expected = sorted(g for g in person["groups"] if g.startswith(code.split("CASPER")[0] + "CASPER")) or [code]
        assert claims["groups"] == expected, claims["groups"]
        seen["sub"] = claims["sub"]

    @check("UserInfo belongs to the same person")
    def _():
        assert client.get(metadata["userinfo_endpoint"]).json()["sub"] == seen["sub"]

    def ask(**more):
        url, state, verifier, _ = begin(**more)
        return seen["browser"].go("GET", url), state, verifier

    @check("prompt=none answers from the session")
    def _():
        (back, _), state, verifier = ask(prompt="none", id_token_hint=seen["tokens"]["id_token"])
        first = seen["tokens"]
        silent = finish(back, state, verifier)
        assert silent["id_token"] != first["id_token"]
        client.token = first

    @check("form_post sends the answer in a form")
    def _():
        page, state, verifier = ask(response_mode="form_post")
        action, fields = seen["browser"].form(page, "form-post-continue", {})
        assert (action, fields["state"], fields["iss"]) == (redirect, state, metadata["issuer"]), fields
        first = client.token
        assert client.fetch_token(code=fields["code"], code_verifier=verifier)["access_token"]
        client.token = first

    @check("refresh rotates, and a used token ends the grant")
    def _():
        fresh = client.refresh_token(metadata["token_endpoint"], refresh_token=seen["tokens"]["refresh_token"])
        assert fresh["access_token"] != seen["tokens"]["access_token"]
        for token in (seen["tokens"]["refresh_token"], fresh["refresh_token"]):
            try:
                client.refresh_token(metadata["token_endpoint"], refresh_token=token)
            except OAuthError as error:
                assert error.error == "invalid_grant", error.error
            else:
                raise AssertionError("a used token still works")

    @check("logout asks, ends the session and leads back")
    def _():
        home = "{0.scheme}://{0.netloc}/".format(urlsplit(redirect))
        query = {"id_token_hint": seen["tokens"]["id_token"], "post_logout_redirect_uri": home, "state": "bye"}
        leaving = seen["browser"]
        leaving.stop_at = home
        page = leaving.go("GET", metadata["end_session_endpoint"] + "?" + urlencode(query))
        assert leaving.submit(page, "logout-confirm", {})[0] == home + "?state=bye"
        leaving.stop_at = redirect
        (back, _), _, _ = ask(prompt="none")
        assert "error=login_required" in back, back.split("?")[0]


if __name__ == "__main__":
    drive(main)
