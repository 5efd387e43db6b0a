#!/bin/sh
# The secret is printed once.
chamberlain --json client create apache --application CASPER --redirect-uri "http://$HOST/oidc" \
    --post-logout-redirect-uri "http://$HOST/" --backchannel-logout-uri "http://$HOST/oidc?logout=backchannel"
