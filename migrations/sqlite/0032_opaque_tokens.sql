-- Access tokens that say nothing by themselves, by their digest, with what a signed one would have said.
CREATE TABLE opaque_access_tokens (
    digest      BLOB    NOT NULL PRIMARY KEY,
    claims      TEXT    NOT NULL,
    expires_at  BIGINT  NOT NULL
);
CREATE INDEX opaque_access_tokens_expires ON opaque_access_tokens (expires_at);
