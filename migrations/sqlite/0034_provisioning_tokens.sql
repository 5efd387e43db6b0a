-- Tokens of services that cannot fetch any: identity providers that take a fixed bearer token. By the SHA-256 of the secret, which is shown once.
CREATE TABLE provisioning_tokens (
    id          BLOB  NOT NULL PRIMARY KEY,
    digest      BLOB  NOT NULL,
    client_id   BLOB  NOT NULL REFERENCES clients (id),
    name        TEXT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    revoked_at  BIGINT
);
CREATE UNIQUE INDEX provisioning_tokens_digest_key ON provisioning_tokens (digest);
CREATE INDEX provisioning_tokens_client ON provisioning_tokens (client_id, created_at);
CREATE INDEX provisioning_tokens_expires ON provisioning_tokens (expires_at);
