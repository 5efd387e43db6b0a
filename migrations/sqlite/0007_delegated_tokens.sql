-- What a delegate lends to tokens (RFC 9396): part of their authority, as it was granted. An empty list is no limit besides the scopes.
ALTER TABLE authorization_codes ADD COLUMN authorization_details TEXT NOT NULL DEFAULT '[]';
ALTER TABLE token_families ADD COLUMN authorization_details TEXT NOT NULL DEFAULT '[]';

-- Tokens that delegates make for their scripts, by the SHA-256 of the secret, which is shown once.
CREATE TABLE delegated_tokens (
    id          BLOB    NOT NULL PRIMARY KEY,
    digest      BLOB    NOT NULL,
    user_id     BLOB    NOT NULL REFERENCES users (id),
    name        TEXT    NOT NULL,
    details     TEXT    NOT NULL,
    user_epoch  BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    revoked_at  BIGINT
);
CREATE UNIQUE INDEX delegated_tokens_digest_key ON delegated_tokens (digest);
CREATE INDEX delegated_tokens_user ON delegated_tokens (user_id, created_at);
CREATE INDEX delegated_tokens_expires ON delegated_tokens (expires_at);
