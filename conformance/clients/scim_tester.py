"""PyPI scim2-tester through scim2-cli, unmodified, as a service that may do everything which the tester tries: manage people
and the groups of one environment."""

import json
import os
import re
import subprocess
import sys

import httpx

REFUSING = ["Organizations", "Applications", "RoleAssignments", "Nominations", "Invitations"]
REFUSED = re.compile(
    r"this address does not take this method|there is no such resource|`\w+` must be an (id|e-mail address|instant)"
    r"|validation errors? for (RoleAssignment|Nomination|Invitation)"
)


def main(demo):
    service = next(s for s in demo["service_clients"] if "Operator" in s["roles"])
    issuer = demo["issuer"].rstrip("/")
    form = {"grant_type": "client_credentials", "scope": "scim"}
    answer = httpx.post(issuer + "/oauth2/token", data=form, auth=(service["client_id"], service["client_secret"]), trust_env=False)
    answer.raise_for_status()
    # The header goes through the environment: other users of the machine can read command lines.
    environment = {**os.environ, "SCIM_CLI_HEADERS": "Authorization: Bearer " + answer.json()["access_token"]}
    command = [os.path.join(os.path.dirname(sys.executable), "scim2"), "-u", issuer + "/scim/v2", "test"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    text = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    # The tester makes up all values of what it creates. That does not do for organisations and applications, which are only read (405), nor for
    # role assignments, nominations and invitations, which name people, roles and addresses that have to be there (400, 404; some of what it
    # makes up its own models do not take). Each of the eleven checks that begin by creating one has to be refused in one of these ways, no
    # more and no fewer; reading them is among the good ones.
    blocks = re.split(r"^(?=[A-Z]{5,} )", text + "\n", flags=re.M)
    refused = [block for block in blocks if block.startswith("ERROR") and REFUSED.search(block)]
    text = "".join(block for block in blocks if block not in refused)
    results = re.findall(r"^(SUCCESS|SKIPPED|DEVIATION|ERROR|CRITICAL|COMPLIANT|ACCEPTABLE) (\S+)$", text, re.M)
    good = [name for status, name in results if status in ("SUCCESS", "COMPLIANT", "ACCEPTABLE")]
    # A search over several kinds of resources at once is optional (RFC 7644 section 3.4.2.1) and answered with 501.
    skipped = [name for status, name in results if status == "SKIPPED" and name != "search_with_attributes"]
    bad = [f"{status} {name}" for status, name in results if status in ("DEVIATION", "ERROR", "CRITICAL")]
    if len(good) > 100 and not bad and not skipped and len(refused) == 11 * len(REFUSING):
        print(f"ok    scim2-tester: {len(good)} checks")
        return 0
    print(f"FAIL  scim2-tester: {len(bad)} errors, {len(good)} good, {len(refused)} refused")
    blocks = re.split(r"^(?=[A-Z]{5,} )", text, flags=re.M)
    for block in blocks if not results else [b for b in blocks if not b.startswith("SUCCESS")]:
        print("\n".join("      " + line for line in block.splitlines()))
    return 1


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.exit(main(json.load(file)))
