-- What people call their browsers, by the digest of person and browser; of browsers without a name nothing is here. It outlives a new
-- password and a new address, which the browsers of `known_browsers` do not.
CREATE TABLE named_browsers (
    digest        BLOB  NOT NULL PRIMARY KEY,
    user_id       BLOB  NOT NULL REFERENCES users (id),
    name          TEXT  NOT NULL,
    last_used_at  BIGINT  NOT NULL
);
CREATE INDEX named_browsers_user ON named_browsers (user_id);
CREATE INDEX named_browsers_used ON named_browsers (last_used_at);

-- In which browser a session is, as the digest of person and browser; and for a session that no second factor opened, when that was proved
-- on which it leans.
ALTER TABLE sessions ADD COLUMN browser BLOB;
ALTER TABLE sessions ADD COLUMN remembered_since BIGINT;

-- Browsers that are asked for no code until a day: the digest of their secret, the epoch of the account and a digest over all that could
-- prove a second factor, either of which ends it by changing.
CREATE TABLE remembered_devices (
    id             BLOB  NOT NULL PRIMARY KEY,
    digest         BLOB  NOT NULL,
    user_id        BLOB  NOT NULL REFERENCES users (id),
    user_epoch     BIGINT  NOT NULL,
    credentials    BLOB  NOT NULL,
    browser        BLOB  NOT NULL,
    user_agent     TEXT  NOT NULL,
    remembered_at  BIGINT  NOT NULL,
    last_used_at   BIGINT,
    expires_at     BIGINT  NOT NULL
);
CREATE UNIQUE INDEX remembered_devices_digest_key ON remembered_devices (digest);
CREATE INDEX remembered_devices_user ON remembered_devices (user_id, remembered_at);
CREATE INDEX remembered_devices_expires ON remembered_devices (expires_at);

-- Whether a request that waits asks for a sign-in with both factors, also in a browser that is asked for no code.
ALTER TABLE authorization_requests ADD COLUMN both_factors BOOLEAN NOT NULL DEFAULT TRUE;

-- When few of the codes of an hour were entered, and how many those were: said once an hour, whichever node notices.
CREATE TABLE number_alarms (
    raised_at  BIGINT  NOT NULL PRIMARY KEY,
    sent       BIGINT  NOT NULL,
    answered   BIGINT  NOT NULL
);
