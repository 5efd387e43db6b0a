-- Tokens bound to a key (RFC 9449): the thumbprint of the key that a code may be redeemed with, and of the one that a grant began with.
ALTER TABLE authorization_codes ADD COLUMN dpop_jkt TEXT;
ALTER TABLE token_families ADD COLUMN dpop_jkt TEXT;
