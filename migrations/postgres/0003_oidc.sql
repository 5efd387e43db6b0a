-- Signing keys, and what the OpenID Provider hands out: authorization codes, grant families, refresh tokens.

-- A key pair. Published from `created_at`, signs from `active_from` until a younger one does, then stays published
-- until the longest token life has passed. `dropped_at` takes it away at once (emergency).
CREATE TABLE signing_keys (
    id           UUID     NOT NULL PRIMARY KEY,
    alg          TEXT    NOT NULL,
    kid          TEXT    NOT NULL,
    sealed       BYTEA  NOT NULL,
    created_at   BIGINT  NOT NULL,
    active_from  BIGINT  NOT NULL,
    dropped_at   BIGINT
);
CREATE UNIQUE INDEX signing_keys_kid_key ON signing_keys (kid);

-- `claims`: single claims asked for beside the scopes (OIDC Core §5.5). `offline`: not ended by signing out (OIDC Core §11).
-- What one authorization of one person for one client has led to; everything descending from it dies with it.
CREATE TABLE token_families (
    id              UUID     NOT NULL PRIMARY KEY,
    client_id       UUID     NOT NULL REFERENCES clients (id),
    user_id         UUID     NOT NULL REFERENCES users (id),
    session_id      UUID     NOT NULL,
    scope           TEXT    NOT NULL,
    claims          JSONB   NOT NULL,
    offline         BOOLEAN  NOT NULL,
    auth_time       BIGINT  NOT NULL,
    amr             TEXT    NOT NULL,
    acr             TEXT    NOT NULL,
    user_epoch      BIGINT  NOT NULL,
    created_at      BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    revoked_at      BIGINT,
    revoked_reason  TEXT
);
CREATE INDEX token_families_user ON token_families (user_id, client_id);
CREATE INDEX token_families_session ON token_families (session_id);
CREATE INDEX token_families_expires ON token_families (expires_at);

-- An authorization code by its SHA-256. A used one stays as a tombstone for as long as what came of it may live,
-- so that a replay can be told from a guess (RFC 6749 §4.1.2).
CREATE TABLE authorization_codes (
    digest          BYTEA  NOT NULL PRIMARY KEY,
    family_id       UUID     NOT NULL,
    client_id       UUID     NOT NULL REFERENCES clients (id),
    user_id         UUID     NOT NULL REFERENCES users (id),
    session_id      UUID     NOT NULL,
    redirect_uri    TEXT    NOT NULL,
    scope           TEXT    NOT NULL,
    claims          JSONB   NOT NULL,
    nonce           TEXT,
    code_challenge  TEXT,
    auth_time       BIGINT  NOT NULL,
    amr             TEXT    NOT NULL,
    acr             TEXT    NOT NULL,
    user_epoch      BIGINT  NOT NULL,
    issued_at       BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    used_at         BIGINT,
    purge_at        BIGINT  NOT NULL
);
CREATE INDEX authorization_codes_purge ON authorization_codes (purge_at);

-- A refresh token by its SHA-256. Rotated by raising the generation; a used one tried again kills its family.
CREATE TABLE refresh_tokens (
    digest      BYTEA  NOT NULL PRIMARY KEY,
    family_id   UUID     NOT NULL REFERENCES token_families (id),
    generation  BIGINT  NOT NULL,
    issued_at   BIGINT  NOT NULL,
    used_at     BIGINT
);
CREATE UNIQUE INDEX refresh_tokens_family_id_generation_key ON refresh_tokens (family_id, generation);

-- What a person lets an application of somebody else know and do (OA-42): all scopes that were ever allowed, in one row.
CREATE TABLE consents (
    user_id    UUID    NOT NULL REFERENCES users (id),
    client_id  UUID    NOT NULL REFERENCES clients (id),
    scope      TEXT    NOT NULL,
    given_at   BIGINT  NOT NULL,
    PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consents_client ON consents (client_id);

-- The origins from which browsers may call the token and UserInfo endpoints (SE-13): those in the settings of the
-- clients, to be found by the origin.
CREATE TABLE client_origins (
    origin     TEXT  NOT NULL,
    client_id  UUID  NOT NULL REFERENCES clients (id),
    PRIMARY KEY (origin, client_id)
);
CREATE INDEX client_origins_client ON client_origins (client_id);
