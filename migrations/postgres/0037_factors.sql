-- Authenticator apps (RFC 6238). The secret is sealed under the key-encryption key; a row without `confirmed_at` waits for its first code.
CREATE TABLE authenticators (
    id            UUID  NOT NULL PRIMARY KEY,
    user_id       UUID  NOT NULL REFERENCES users (id),
    name          TEXT  NOT NULL,
    secret        BYTEA  NOT NULL,
    tries         BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL,
    confirmed_at  BIGINT,
    last_step     BIGINT,
    last_used_at  BIGINT
);
CREATE INDEX authenticators_user ON authenticators (user_id, created_at);
CREATE INDEX authenticators_waiting ON authenticators (created_at) WHERE confirmed_at IS NULL;

-- Recovery codes, ten at a time, each good for one sign-in; as keyed digests, which say nothing without the key-encryption key.
CREATE TABLE recovery_codes (
    user_id     UUID  NOT NULL REFERENCES users (id),
    digest      BYTEA  NOT NULL,
    created_at  BIGINT  NOT NULL,
    used_at     BIGINT,
    PRIMARY KEY (user_id, digest)
);

-- By which an authenticator names a person (WebAuthn §5.4.3 `user.id`): random, and nothing else of ours.
CREATE TABLE passkey_handles (
    user_id  UUID  NOT NULL PRIMARY KEY REFERENCES users (id),
    handle   UUID  NOT NULL
);
CREATE UNIQUE INDEX passkey_handles_handle_key ON passkey_handles (handle);

-- Passkeys and security keys (WebAuthn): public keys only.
CREATE TABLE passkeys (
    id             UUID  NOT NULL PRIMARY KEY,
    user_id        UUID  NOT NULL REFERENCES users (id),
    credential_id  BYTEA  NOT NULL,
    name           TEXT  NOT NULL,
    credential     TEXT  NOT NULL,
    synced         BOOLEAN  NOT NULL,
    created_at     BIGINT  NOT NULL,
    last_used_at   BIGINT
);
CREATE UNIQUE INDEX passkeys_credential_id_key ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);

-- Whether the authenticator app is the default: no code is sent by phone until it is asked for (E27).
ALTER TABLE phone_factors ADD COLUMN by_app BOOLEAN NOT NULL DEFAULT FALSE;
