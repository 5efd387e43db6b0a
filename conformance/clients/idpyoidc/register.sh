#!/bin/sh
# An operator registers the client; the secret is printed once.
chamberlain --json client create python --application IMAS \
    --redirect-uri "$HOME_URL/callback" --post-logout-redirect-uri "$HOME_URL/"
