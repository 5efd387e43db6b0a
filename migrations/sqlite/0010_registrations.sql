-- Invitations of authorities to register themselves, and what comes of them. The digests are of the secrets in the mailed links: one
-- by which the authority enters its data, one by which it sees where they stand.

CREATE TABLE registrations (
    id                BLOB  NOT NULL PRIMARY KEY,
    digest            BLOB  NOT NULL,
    track_digest      BLOB,
    parent_id         BLOB  NOT NULL REFERENCES organisations (id),
    email             TEXT    NOT NULL,
    email_folded      TEXT    NOT NULL,
    proposed_name     TEXT    NOT NULL,
    language          TEXT,
    message           TEXT    NOT NULL,
    state             TEXT    NOT NULL,
    application       TEXT  NOT NULL,
    invited_by_kind   TEXT    NOT NULL,
    invited_by_id     BLOB  NOT NULL,
    invited_via       BLOB,
    invited_at        BIGINT  NOT NULL,
    sent_at           BIGINT,
    expires_at        BIGINT  NOT NULL,
    asked_at          BIGINT,
    registered_at     BIGINT,
    approved_by_kind  TEXT,
    approved_by_id    BLOB,
    settled_by_kind   TEXT,
    settled_by_id     BLOB,
    settled_at        BIGINT,
    answer            TEXT,
    organisation_id   BLOB  REFERENCES organisations (id),
    version           BIGINT  NOT NULL
);
CREATE UNIQUE INDEX registrations_digest_key ON registrations (digest);
CREATE UNIQUE INDEX registrations_track_digest_key ON registrations (track_digest);
CREATE INDEX registrations_parent ON registrations (parent_id, invited_at);
CREATE INDEX registrations_invited_by ON registrations (invited_by_id, invited_at);
CREATE INDEX registrations_email ON registrations (email_folded, parent_id);
CREATE INDEX registrations_pending ON registrations (registered_at, id) WHERE state IN ('registered', 'approved');
