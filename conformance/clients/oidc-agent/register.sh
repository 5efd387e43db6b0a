#!/bin/sh
# A token for as many machines as there are; each registers a client of its own. oidc-agent insists on offline_access.
chamberlain --json client registration-token create oidc-agent --application IMAS --uses 10 --device-grant --first-party \
    --scope openid --scope offline_access --scope email --scope groups
