"""PyPI Authlib, unmodified: code flow with PKCE, ID token verified by Authlib's JOSE, UserInfo, prompt=none, form_post,
refresh with rotation, logout."""

import json
import re
import sys
import time
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

FAILED = []


def check(name):
    """Runs the decorated check at once and reports it in one line."""

    def run(body):
        try:
            body()
            print(f"ok    Authlib: {name}")
        except Exception as error:  # the report is the purpose
            FAILED.append(name)
            print(f"FAIL  Authlib: {name}: {type(error).__name__}: {error}")

    return run


class Forms(HTMLParser):
    """The forms of a page: action, fields by name, and the names of the fields by element id."""

    def __init__(self, html):
        super().__init__()
        self.forms = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "fields": {}, "ids": {}})
        elif tag in ("input", "button") and self.forms:
            form = self.forms[-1]
            form["ids"][attrs.get("id")] = attrs.get("name")
            pressed = tag == "input" and attrs.get("type") not in ("submit", "checkbox", "radio")
            if pressed and attrs.get("name"):
                form["fields"][attrs["name"]] = attrs.get("value") or ""

    def with_control(self, control):
        return next(form for form in self.forms if control in form["ids"])


class Browser:
    """Follows redirects until `stop_at` and sends forms."""

    def __init__(self, stop_at):
        self.stop_at = stop_at
        self.http = httpx.Client(trust_env=False, timeout=30)

    def go(self, method, url, **kwargs):
        for _ in range(15):
            if url.split("?")[0] == self.stop_at:
                return url, ""
            answer = self.http.request(method, url, **kwargs)
            if "location" not in answer.headers:
                return url, answer.text
            method, url, kwargs = "GET", urljoin(url, answer.headers["location"]), {}
        raise RuntimeError("too many redirects")

    def form(self, page, control, values):
        url, html = page
        form = Forms(html).with_control(control)
        fields = dict(form["fields"])
        for element, value in values.items():
            fields[form["ids"][element]] = value
        return urljoin(url, form["action"] or url), fields

    def submit(self, page, control, values):
        url, _ = page
        action, fields = self.form(page, control, values)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        headers = {"origin": origin, "sec-fetch-site": "same-origin"}
        return self.go("POST", action, data=fields, headers=headers)

    def sign_in(self, demo, person, url):
        page = self.go("GET", url)
        seen = len(messages(demo, person["phone"]))
        page = self.submit(page, "login-continue", {"login-email": person["email"], "login-password": person["password"]})
        code = wait_for_code(demo, person["phone"], seen)
        return self.submit(page, "login-code-continue", {"login-code": code})[0]


def messages(demo, to):
    found = httpx.get(demo["outbox"], trust_env=False).json()
    return sorted((one for one in found if one["to"] == to), key=lambda one: str(one["at"]))


def wait_for_code(demo, to, seen):
    for _ in range(150):
        found = messages(demo, to)
        if len(found) > seen:
            return "".join(re.search(r"\b(\d{3})[ -]?(\d{3})\b", found[-1]["text"]).groups())
        time.sleep(0.1)
    raise RuntimeError("no code arrived")


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
    client = OAuth2Client(
        registered["client_id"],
        registered["client_secret"],
        scope="openid profile email groups",
        redirect_uri=redirect,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
        trust_env=False,
    )
    seen = {}

    @check("code flow with PKCE")
    def _():
        verifier, nonce = generate_token(48), generate_token()
        url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
        seen["browser"] = Browser(redirect)
        back = seen["browser"].sign_in(demo, person, url)
        assert back.startswith(redirect + "?"), back.split("?")[0]
        seen["tokens"] = client.fetch_token(authorization_response=back, state=state, code_verifier=verifier)
        seen["nonce"] = nonce

    @check("the ID token verifies and names the groups of this environment only")
    def _():
        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"], trust_env=False).json())
        token = jwt.decode(seen["tokens"]["id_token"], keys, algorithms=["ES256", "RS256"])
        options = {"iss": {"value": metadata["issuer"]}, "aud": {"value": registered["client_id"]}}
        params = {"nonce": seen["nonce"], "client_id": registered["client_id"], "access_token": seen["tokens"]["access_token"]}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=5)
        expected = sorted(g for g in person["groups"] if g.startswith(code.split("CASPER")[0] + "CASPER")) or [code]
        assert claims["groups"] == expected, claims["groups"]
        seen["sub"] = claims["sub"]

    @check("UserInfo belongs to the same person")
    def _():
        assert client.get(metadata["userinfo_endpoint"]).json()["sub"] == seen["sub"]

    def ask(**more):
        verifier = generate_token(48)
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce=generate_token(), **more
        )
        return seen["browser"].go("GET", url), state, verifier

    @check("prompt=none answers from the session")
    def _():
        (back, _), state, verifier = ask(prompt="none", id_token_hint=seen["tokens"]["id_token"])
        first = seen["tokens"]
        silent = client.fetch_token(authorization_response=back, state=state, code_verifier=verifier)
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
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
    sys.exit(1 if FAILED else 0)
