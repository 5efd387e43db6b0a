#!/bin/sh
# Or an operator makes a token, by which a client registers itself.
chamberlain --json client registration-token create Python --application IMAS --first-party \
    --scope openid --scope profile --scope email --scope groups
