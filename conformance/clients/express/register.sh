#!/bin/sh
# The secret is printed once. Compared as exact text: express-openid-connect leads back to BASE_URL without a slash at its end.
chamberlain --json client create express --application IMAS --redirect-uri "$BASE_URL/callback" \
    --post-logout-redirect-uri "$BASE_URL" --backchannel-logout-uri "$BASE_URL/backchannel-logout"
