-- Tokens bound to a certificate (RFC 8705): the thumbprint of the one that a grant began with.
ALTER TABLE token_families ADD COLUMN certificate_thumbprint TEXT;
