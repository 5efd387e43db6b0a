"""PyPI scim2-tester through scim2-cli, unmodified, with the rights of one customer's provisioner."""

import json
import os
import re
import subprocess
import sys

import httpx


def main(demo):
    service = next(s for s in demo["service_clients"] if "ApplicationAccessAdmin" in s["roles"])
    issuer = demo["issuer"].rstrip("/")
    form = {"grant_type": "client_credentials", "scope": "users:read users:write memberships:write"}
    answer = httpx.post(issuer + "/oauth2/token", data=form, auth=(service["client_id"], service["client_secret"]), trust_env=False)
    answer.raise_for_status()
    # The header goes through the environment: other users of the machine can read command lines.
    environment = {**os.environ, "SCIM_CLI_HEADERS": "Authorization: Bearer " + answer.json()["access_token"]}
    command = [os.path.join(os.path.dirname(sys.executable), "scim2"), "-u", issuer + "/scim/v2", "test"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    text = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    good = re.findall(r"^SUCCESS .*$", text, re.M)
    bad = re.findall(r"^(?:ERROR|CRITICAL) .*$", text, re.M)
    if run.returncode == 0 and good and not bad:
        print(f"ok    scim2-tester: {len(good)} checks")
        return 0
    print(f"FAIL  scim2-tester: {len(bad)} errors, {len(good)} good")
    print("\n".join("      " + line for line in (bad or text.splitlines()[-30:])))
    return 1


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.exit(main(json.load(file)))
