-- Access tokens that their client took back before they expired (RFC 7009), by their `jti`.
CREATE TABLE revoked_access_tokens (
    jti         TEXT    NOT NULL PRIMARY KEY,
    expires_at  BIGINT  NOT NULL
);
CREATE INDEX revoked_access_tokens_expires ON revoked_access_tokens (expires_at);
