#!/bin/sh
# KEYS: a file with the public keys of the application, as a JWK Set. There is no secret.
chamberlain --json client create web --application IMAS --redirect-uri "$REDIRECT_URI" \
    --auth-method private_key_jwt --jwks "$KEYS" \
    --require-pushed-authorization-requests --dpop-bound-access-tokens --require-dpop-nonce --introspection
