"""PyPI idpyoidc, unmodified, with its own handler of providers: one client that an operator has registered, one that registers itself by a
token of an operator; code flow with PKCE, ID token, UserInfo, refresh, logout."""

import logging
from urllib.parse import parse_qsl, urlsplit

from idpyoidc.client.defaults import DEFAULT_KEY_DEFS
from idpyoidc.client.rp_handler import RPHandler
from idpyoidc.exception import VerificationError
from idpyoidc.message.oauth2 import OPTIONAL_LIST_OF_SP_SEP_STRINGS
from idpyoidc.message.oidc import RegistrationResponse

from lib.forms import Browser, by_script, checks, drive

check = checks("idpyoidc")
logging.disable(logging.CRITICAL)  # It writes down what it raises, too.
BASE = "https://python.example"


# docs: settings
SCOPES = ["openid", "profile", "email", "groups"]


class Registered(RegistrationResponse):
    """`scope` of an answer to a registration is one string with spaces (RFC 7591 §2); idpyoidc 5.0.0 takes it for one scope."""

    c_param = {**RegistrationResponse.c_param, "scope": OPTIONAL_LIST_OF_SP_SEP_STRINGS}


def handler(issuer, **known):
    """Knows one provider. `known`: client_id and client_secret, or nothing: then the client registers itself."""
    services = "idpyoidc.client.oidc."
    configuration = {
        "issuer": issuer,
        "client_type": "oidc",
        "redirect_uris": [f"{BASE}/callback"],
        "post_logout_redirect_uris": [f"{BASE}/"],
        "client_authn_methods": ["client_secret_basic"],
        "preference": {
            "client_name": "Python",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
        },
        "services": {
            "discovery": {"class": services + "provider_info_discovery.ProviderInfoDiscovery"},
            "registration": {
                "class": services + "registration.Registration",
                "kwargs": {"default_authn_method": "bearer_header", "response_cls": Registered},
            },
            "authorization": {"class": services + "authorization.Authorization"},
            "accesstoken": {"class": services + "access_token.AccessToken"},
            "refresh_token": {"class": services + "refresh_access_token.RefreshAccessToken"},
            "userinfo": {"class": services + "userinfo.UserInfo"},
            "end_session": {"class": services + "end_session.EndSession"},
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
            }
        },
        **known,
    }
    return RPHandler(base_url=BASE, client_configs={issuer: configuration}, key_conf={"key_defs": DEFAULT_KEY_DEFS})


# docs end


# docs: register
def register(handler, issuer, token):
    """Registers the client by a token of an operator; idpyoidc names the addresses after logout only if it is told to."""
    client = handler.init_client(issuer)
    handler.do_provider_info(client)
    handler.do_client_registration(client, issuer, request_args={"access_token": token, "post_logout_redirect_uris": [f"{BASE}/"]})
    handler.issuer2rp[issuer] = client


# docs end


# docs: sign-in
def begin(handler, issuer, **more):
    """Where the browser goes."""
    return handler.begin(issuer, req_args={"scope": SCOPES, **more})


def finish(handler, issuer, callback):
    """With what it comes back: exchanges the code, checks the ID token, asks UserInfo."""
    return handler.finalize(issuer, dict(parse_qsl(urlsplit(callback).query)))


def sign_out(handler, state):
    """Where the browser goes to sign out; it comes back to the `post_logout_redirect_uris`."""
    return handler.logout(state)["url"]


# docs end


def main(demo):
    issuer = demo["issuer"]
    person = next(one for one in demo["accounts"] if "IMAS_PORTAL_USER" in one["groups"])
    browser = Browser(f"{BASE}/callback")
    seen = {}

    def signed_in(result):
        assert "error" not in result, result
        assert result["id_token"]["groups"] == ["IMAS_PORTAL_USER"], result["id_token"]["groups"]
        assert (result["userinfo"]["sub"], result["userinfo"]["email"]) == (result["id_token"]["sub"], person["email"])
        return result

    def leave(handler, result):
        leaving = Browser(f"{BASE}/")
        leaving.http = browser.http
        back, _html = leaving.submit(leaving.go("GET", sign_out(handler, result["state"])), "logout-confirm", {})
        assert back.startswith(f"{BASE}/?state="), back
        back, _html = browser.go("GET", begin(handler, issuer, prompt="none"))
        assert "error=login_required" in back, back.split("?")[0]

    @check("a client that an operator has registered signs in: PKCE, ID token, UserInfo")
    def _():
        made = by_script(demo, "idpyoidc/register.sh", HOME_URL=BASE)
        seen["known"] = known = handler(issuer, client_id="python", client_secret=made["client_secret"])
        url = begin(known, issuer)
        assert "code_challenge_method=S256" in url
        seen["result"] = signed_in(finish(known, issuer, browser.sign_in(demo, person, url)))

    @check("an answer of another issuer, or to another state, is refused")
    def _():
        for change, refusal in (({"iss": "https://other.example"}, VerificationError), ({"state": "other"}, KeyError)):
            back, _html = browser.go("GET", begin(seen["known"], issuer))
            given = dict(parse_qsl(urlsplit(back).query))
            try:
                seen["known"].finalize(issuer, {**given, **change})
            except refusal:
                continue
            raise AssertionError(f"taken with {change}")

    @check("refresh gives other tokens")
    def _():
        state, before = seen["result"]["state"], seen["result"]["token"]
        after = seen["known"].refresh_access_token(state)["access_token"]
        assert after != before
        assert seen["known"].get_user_info(state, access_token=after)["sub"] == seen["result"]["userinfo"]["sub"]

    @check("logout asks, ends the session and leads back")
    def _():
        leave(seen["known"], seen["result"])

    @check("a client registers itself by a token of an operator, signs in and out")
    def _():
        made = by_script(demo, "idpyoidc/token.sh")
        new = handler(issuer)
        register(new, issuer, made["registration_token"])
        assert new.issuer2rp[issuer].get_client_id() != "python"
        leave(new, signed_in(finish(new, issuer, browser.sign_in(demo, person, begin(new, issuer)))))


if __name__ == "__main__":
    drive(main)
