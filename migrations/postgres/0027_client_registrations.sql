-- What lets somebody register clients without an operator at hand (RFC 7591 §3): for one environment, so many times, until a day, and by
-- the right of whoever made it. `policy`: what such a client may be.
CREATE TABLE registration_tokens (
    id              UUID    NOT NULL PRIMARY KEY,
    digest          BYTEA   NOT NULL,
    name            TEXT    NOT NULL,
    environment_id  UUID    NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    policy          JSONB   NOT NULL,
    uses_left       BIGINT  NOT NULL,
    made_by_kind    TEXT    NOT NULL,
    made_by_id      UUID    NOT NULL,
    made_at         BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    revoked_at      BIGINT
);
CREATE UNIQUE INDEX registration_tokens_digest_key ON registration_tokens (digest);
CREATE INDEX registration_tokens_environment ON registration_tokens (environment_id);

-- Clients that registered themselves: the digest of the token by which they read and change that (RFC 7592 §1), and what they said about
-- themselves that has no setting.
CREATE TABLE client_registrations (
    client_id      UUID    NOT NULL PRIMARY KEY REFERENCES clients (id),
    digest         BYTEA   NOT NULL,
    token_id       UUID    NOT NULL REFERENCES registration_tokens (id),
    said           JSONB   NOT NULL,
    registered_at  BIGINT  NOT NULL
);
CREATE UNIQUE INDEX client_registrations_digest_key ON client_registrations (digest);
CREATE INDEX client_registrations_token ON client_registrations (token_id);
