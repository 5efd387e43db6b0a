"""What the clients of SCIM share: which services of the demo they are, and their tokens."""

import time

import httpx

# A service that manages people everywhere and the groups of one environment; one that manages the people of one customer; and one that gives
# them access besides.
OPERATOR, DELEGATE, DELEGATE_WITH_ACCESS = "imas-automation", "hr-bank-b", "hr-bank-b-access"


def base(demo):
    """Where SCIM is."""
    return demo["issuer"].rstrip("/") + "/scim/v2"


def service(demo, client_id):
    """A service of the demo."""
    return next(one for one in demo["service_clients"] if one["client_id"] == client_id)


def token(demo, one, scope="scim"):
    """An access token by client credentials (RFC 6749 section 4.4); asks again as it is told where it asked too often."""
    form = {"grant_type": "client_credentials", "scope": scope}
    secret = (one["client_id"], one["client_secret"])
    for _ in range(10):
        answer = httpx.post(demo["issuer"].rstrip("/") + "/oauth2/token", data=form, auth=secret, trust_env=False)
        if answer.status_code != 429:
            break
        time.sleep(int(answer.headers["Retry-After"]))
    answer.raise_for_status()
    return answer.json()["access_token"]
