"""PyPI scim-sanity, unmodified, strictly and in its profile for Entra ID, as an operator's client and as a delegate's."""

import json
import os
import subprocess
import sys
from itertools import product

from lib.forms import checks, drive
from lib.scim import DELEGATE, OPERATOR, base, service, token

MODES = {"strictly": ["--strict"], "as Entra ID": ["--strict", "--profile", "entra"]}
# What it finds is what we decided otherwise, each of it and nothing else:
# - A change of a group is answered with 204 unless the members are asked for (RFC 7644 section 3.5.2 leaves it open): they may be millions.
# - Whoever is made a member has to be there; it takes somebody who is not.
# - The groups belong to the applications: whoever manages people alone makes none, and then there is none to change.
OF_AN_OPERATOR = {
    "PATCH /Groups/{id}": ("fail", "Expected HTTP 200, got 204 (RFC 7644 §3.3); Response body is empty"),
    "PATCH /Groups/{id} add member": ("fail", "Expected 200, got 400"),
    "PATCH /Groups/{id} remove members": ("fail", "Expected 200, got 204"),
}
OF_A_DELEGATE = {
    "POST /Groups": ("fail", "Expected HTTP 201, got 403 (RFC 7644 §3.3)"),
    "GET /Groups/{id}": ("skip", "No id returned from POST"),
}
# Of a draft that we do not have (draft-abbey-scim-agent-extension).
ABSENT = {
    "Agent CRUD Lifecycle": ("skip", "Agent not supported by server"),
    "AgenticApplication CRUD Lifecycle": ("skip", "AgenticApplication not supported by server"),
    "Agent Rapid Lifecycle": ("skip", "Agent not supported or not in scope"),
}
# Who asks, what it finds, and how many checks there are.
CALLERS = [("an operator's client", OPERATOR, OF_AN_OPERATOR, 31), ("a delegate's client", DELEGATE, OF_A_DELEGATE, 23)]


def probed(demo, client_id, flags):
    """All findings of a run."""
    program = os.path.join(os.path.dirname(sys.executable), "scim-sanity")
    # It takes the token on the command line alone, where other users of the machine can read it: a demo's token does.
    bearer = ["--token", token(demo, service(demo, client_id))]
    command = [program, "probe", base(demo), *bearer, "--i-accept-side-effects", "--json-output", *flags]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    try:
        return json.loads(run.stdout)["results"]
    except ValueError as error:
        raise AssertionError(f"no findings: {run.stdout}{run.stderr}") from error


def main(demo):
    check = checks(f"scim-sanity on {demo['engine']}")
    for (mode, flags), (caller, client_id, expected, total) in product(MODES.items(), CALLERS):

        @check(f"{mode} as {caller}, nothing is found but what was decided otherwise")
        def _():
            results = probed(demo, client_id, flags)
            findings = {one["name"]: (one["status"], one.get("message")) for one in results if one["status"] != "pass"}
            assert findings == {**expected, **ABSENT}, findings
            assert len(results) == total, f"{len(results)} checks"


if __name__ == "__main__":
    drive(main)
