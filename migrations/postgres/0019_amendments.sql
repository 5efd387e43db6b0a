-- Requests to change what is stored of an organisation, by those who represent it (P61, P67): which values, from what to what.
CREATE TABLE amendments (
    id                UUID    NOT NULL PRIMARY KEY,
    organisation_id   UUID    NOT NULL REFERENCES organisations (id),
    changes           JSONB   NOT NULL,
    reason            TEXT    NOT NULL,
    state             TEXT    NOT NULL,
    asked_by          UUID    NOT NULL,
    asked_at          BIGINT  NOT NULL,
    answered_by_kind  TEXT,
    answered_by_id    UUID,
    answer            TEXT,
    answered_at       BIGINT,
    version           BIGINT  NOT NULL
);
CREATE UNIQUE INDEX amendments_organisation_id_key ON amendments (organisation_id) WHERE state = 'open';
CREATE INDEX amendments_organisation ON amendments (organisation_id, asked_at);
CREATE INDEX amendments_asked_by ON amendments (asked_by, asked_at);
CREATE INDEX amendments_answered ON amendments (answered_at) WHERE answered_at IS NOT NULL;

-- Files that belong to them (P62). The content goes a while after the answer, or when the scanner finds something in it.
CREATE TABLE amendment_documents (
    id            UUID    NOT NULL PRIMARY KEY,
    amendment_id  UUID    NOT NULL REFERENCES amendments (id),
    name          TEXT    NOT NULL,
    media_type    TEXT    NOT NULL,
    size          BIGINT  NOT NULL,
    digest        TEXT    NOT NULL,
    checked       TEXT    NOT NULL,
    checked_at    BIGINT,
    content       BYTEA,
    added_at      BIGINT  NOT NULL
);
CREATE INDEX amendment_documents_amendment ON amendment_documents (amendment_id);
CREATE INDEX amendment_documents_waiting ON amendment_documents (id) WHERE checked = 'waiting';
