#!/bin/sh
# Access tokens for the command line by oidc-agent. From the environment: ISSUER, REGISTRATION_TOKEN (of an operator), OIDC_ENCRYPTION_PW (a
# password for what is kept on this machine).
set -eu
eval "$(oidc-agent)"
trap 'kill "$OIDCD_PID"' EXIT

# Once on each machine: registers a client for it, prints an address and a code, and waits until its person has let it in.
oidc-gen chamberlain --iss="$ISSUER" --at="$REGISTRATION_TOKEN" --flow=device --scope="openid email groups" \
    --redirect-uri=http://localhost:8123 --pw-env --prompt=none --confirm-default

# From then on: a token that is good for so many seconds at least.
oidc-token chamberlain --time=60
# What is kept is loaded again after a restart of the agent, without a browser; the token is refreshed.
oidc-add --remove chamberlain
oidc-add --pw-env chamberlain
oidc-token chamberlain --time=3600
