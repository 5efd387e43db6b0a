-- Proving who you are (passwords, codes, links, counters), being signed in (sessions), requests that wait for a
-- sign-in, and messages to people.

-- Random values of this installation, made once: key of one-time code digests and of look-alike answers.
CREATE TABLE installation_secrets (
    name        TEXT    NOT NULL PRIMARY KEY,
    value       BLOB  NOT NULL,
    created_at  BIGINT  NOT NULL
);

-- Password hashes in PHC form (argon2id).
CREATE TABLE passwords (
    user_id     BLOB     NOT NULL PRIMARY KEY REFERENCES users (id),
    hash        TEXT    NOT NULL,
    changed_at  BIGINT  NOT NULL
);

-- The phone as a factor: the channel that the owner chose last (E27), and wrong codes in a row over all sign-ins.
CREATE TABLE phone_factors (
    user_id            BLOB     NOT NULL PRIMARY KEY REFERENCES users (id),
    preferred_channel  TEXT    NOT NULL,
    failures           BIGINT  NOT NULL
);

-- Failures in a row per kind (password of an account, client address) and key (a digest: nothing personal).
CREATE TABLE throttles (
    kind        TEXT    NOT NULL,
    key         BLOB  NOT NULL,
    failures    BIGINT  NOT NULL,
    not_before  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX throttles_updated ON throttles (updated_at);

-- Codes that were sent, per account and per number (digests), for hourly and daily limits.
CREATE TABLE code_sends (
    id       BLOB      NOT NULL PRIMARY KEY,
    key      BLOB   NOT NULL,
    resend   BOOLEAN  NOT NULL,
    sent_at  BIGINT   NOT NULL
);
CREATE INDEX code_sends_key ON code_sends (key, sent_at);
CREATE INDEX code_sends_sent ON code_sends (sent_at);

-- A sign-in under way, bound to one browser. `user_id` is empty where the e-mail or the password was wrong: the
-- browser is led through the same pages and no code is right.
CREATE TABLE sign_ins (
    id               BLOB      NOT NULL PRIMARY KEY,
    browser          BLOB   NOT NULL,
    purpose          TEXT     NOT NULL,
    user_id          BLOB      REFERENCES users (id),
    user_epoch       BIGINT   NOT NULL,
    account          BLOB   NOT NULL,
    ending           TEXT     NOT NULL,
    channel          TEXT     NOT NULL,
    code_digest      BLOB,
    code_sent_at     BIGINT   NOT NULL,
    code_expires_at  BIGINT   NOT NULL,
    code_tries       BIGINT   NOT NULL,
    tries            BIGINT   NOT NULL,
    resends          BIGINT   NOT NULL,
    number           TEXT,
    started_at       BIGINT   NOT NULL,
    ended_at         BIGINT
);
CREATE UNIQUE INDEX sign_ins_browser_key ON sign_ins (browser);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_started ON sign_ins (started_at);

-- A signed-in browser. The cookie is stored as its digest only.
CREATE TABLE sessions (
    id                BLOB     NOT NULL PRIMARY KEY,
    digest            BLOB  NOT NULL,
    user_id           BLOB     NOT NULL REFERENCES users (id),
    user_epoch        BIGINT  NOT NULL,
    auth_time         BIGINT  NOT NULL,
    second_factor_at  BIGINT  NOT NULL,
    amr               TEXT   NOT NULL,
    acr               TEXT    NOT NULL,
    locale            TEXT,
    user_agent        TEXT    NOT NULL,
    ip                TEXT,
    created_at        BIGINT  NOT NULL,
    last_seen_at      BIGINT  NOT NULL,
    idle_expires_at   BIGINT  NOT NULL,
    expires_at        BIGINT  NOT NULL,
    ended_at          BIGINT
);
CREATE UNIQUE INDEX sessions_digest_key ON sessions (digest);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- The applications that a session was used for.
CREATE TABLE session_clients (
    session_id     BLOB     NOT NULL REFERENCES sessions (id),
    client_id      BLOB     NOT NULL REFERENCES clients (id),
    first_used_at  BIGINT  NOT NULL,
    last_used_at   BIGINT  NOT NULL,
    PRIMARY KEY (session_id, client_id)
);

-- Links sent by mail: one purpose, one use, stored as digest. They die with any change of credentials. One of nobody
-- leads nowhere: it is made where an address is not known, so that the work is the same. `address`: what its owner is to
-- prove by opening it.
CREATE TABLE one_time_links (
    purpose     TEXT    NOT NULL,
    digest      BLOB  NOT NULL,
    user_id     BLOB     REFERENCES users (id),
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT,
    address     TEXT,
    PRIMARY KEY (purpose, digest)
);
CREATE INDEX one_time_links_user ON one_time_links (user_id);
CREATE INDEX one_time_links_expires ON one_time_links (expires_at);

-- Authorization requests that wait for a sign-in (E24, E26), bound to the browser that brought them.
CREATE TABLE authorization_requests (
    digest       BLOB   NOT NULL PRIMARY KEY,
    browser      BLOB   NOT NULL,
    client_id    BLOB      NOT NULL REFERENCES clients (id),
    client_name  TEXT     NOT NULL,
    login_hint   TEXT,
    ui_locales   TEXT,
    force_login  BOOLEAN  NOT NULL,
    parameters   TEXT    NOT NULL,
    created_at   BIGINT   NOT NULL,
    expires_at   BIGINT   NOT NULL,
    consumed_at  BIGINT
);
CREATE INDEX authorization_requests_expires ON authorization_requests (expires_at);

-- Messages to people: written in the transaction of their cause, sent by the worker. Recipient and content are
-- erased once the message is sent or given up. The number tells what was queued first.
CREATE TABLE messages (
    number        INTEGER NOT NULL PRIMARY KEY,
    id            BLOB    NOT NULL,
    channel       TEXT    NOT NULL,
    recipient     TEXT,
    locale        TEXT,
    content       TEXT,
    state         TEXT    NOT NULL,
    attempts      BIGINT  NOT NULL,
    due_at        BIGINT  NOT NULL,
    expires_at    BIGINT,
    leased_until  BIGINT,
    about         BLOB,
    created_at    BIGINT  NOT NULL,
    finished_at   BIGINT
);
CREATE UNIQUE INDEX messages_id_key ON messages (id);
CREATE INDEX messages_due ON messages (state, channel, due_at, number);
CREATE INDEX messages_about ON messages (about);
CREATE INDEX messages_finished ON messages (finished_at);

-- Messages that were sent to phones, by the digest of the first digits of the number, and whether their code was
-- entered: limits per prefix and in all (AU-09). The id is that of the message.
CREATE TABLE number_uses (
    id        BLOB      NOT NULL PRIMARY KEY,
    prefix    BLOB   NOT NULL,
    about     BLOB,
    answered  BOOLEAN  NOT NULL,
    sent_at   BIGINT   NOT NULL
);
CREATE INDEX number_uses_prefix ON number_uses (prefix, sent_at);
CREATE INDEX number_uses_about ON number_uses (about);
CREATE INDEX number_uses_sent ON number_uses (sent_at);

-- Browsers in which somebody has signed in before, as the digest of account and browser: their wrong passwords are
-- counted apart, so that strangers cannot lock the owner out (AU-19).
CREATE TABLE known_browsers (
    digest        BLOB   NOT NULL PRIMARY KEY,
    user_id       BLOB      NOT NULL REFERENCES users (id),
    last_used_at  BIGINT   NOT NULL
);
CREATE INDEX known_browsers_user ON known_browsers (user_id);
CREATE INDEX known_browsers_used ON known_browsers (last_used_at);
