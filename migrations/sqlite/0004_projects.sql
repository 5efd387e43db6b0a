-- Projects: what several organisations do together; roles held within them; naming somebody for a role by e-mail; and asking
-- for a role to be revoked.

-- A project. Phases are words of the profile; `closed_at` is set with the last one.
CREATE TABLE projects (
    id              BLOB     NOT NULL PRIMARY KEY,
    code            TEXT     NOT NULL,
    code_folded     TEXT     NOT NULL,
    title           TEXT     NOT NULL,
    phase           TEXT     NOT NULL,
    coordinator_id  BLOB     NOT NULL REFERENCES organisations (id),
    closed_at       BIGINT,
    created_at      BIGINT   NOT NULL,
    updated_at      BIGINT   NOT NULL,
    version         BIGINT   NOT NULL
);
CREATE UNIQUE INDEX projects_code_folded_key ON projects (code_folded);

-- Who takes part, the coordinator included.
CREATE TABLE project_organisations (
    project_id       BLOB    NOT NULL REFERENCES projects (id),
    organisation_id  BLOB    NOT NULL REFERENCES organisations (id),
    joined_at        BIGINT  NOT NULL,
    PRIMARY KEY (project_id, organisation_id)
);
CREATE INDEX project_organisations_organisation ON project_organisations (organisation_id, project_id);

-- The project that a role is held in; and the phase at which a role that waits for one takes effect (P14).
ALTER TABLE role_assignments ADD COLUMN project_id BLOB REFERENCES projects (id);
ALTER TABLE role_assignments ADD COLUMN waits_for_phase TEXT;
CREATE INDEX role_assignments_project ON role_assignments (project_id, organisation_id, role, state) WHERE project_id IS NOT NULL;

-- A role that somebody was named for by e-mail address. The digest is of the token in the mailed link.
CREATE TABLE nominations (
    id               BLOB    NOT NULL PRIMARY KEY,
    digest           BLOB   NOT NULL,
    role             TEXT    NOT NULL,
    organisation_id  BLOB    NOT NULL REFERENCES organisations (id),
    project_id       BLOB    REFERENCES projects (id),
    email            TEXT    NOT NULL,
    email_folded     TEXT    NOT NULL,
    valid_until      BIGINT,
    state            TEXT    NOT NULL,
    nominated_by_kind TEXT   NOT NULL,
    nominated_by_id  BLOB    NOT NULL,
    nominated_via    BLOB,
    nominated_at     BIGINT  NOT NULL,
    expires_at       BIGINT  NOT NULL,
    answered_at      BIGINT,
    assignment_id    BLOB    REFERENCES role_assignments (id)
);
CREATE UNIQUE INDEX nominations_digest_key ON nominations (digest);
CREATE INDEX nominations_place ON nominations (organisation_id, project_id, role, state);
CREATE INDEX nominations_project ON nominations (project_id, state) WHERE project_id IS NOT NULL;
CREATE INDEX nominations_nominated_by ON nominations (nominated_by_id, nominated_at);
CREATE INDEX nominations_email ON nominations (email_folded, state);

-- The wish of somebody who may not revoke a role. One at a time is open for an assignment.
CREATE TABLE revocation_requests (
    id              BLOB    NOT NULL PRIMARY KEY,
    assignment_id   BLOB    NOT NULL REFERENCES role_assignments (id),
    reason          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    asked_by_kind   TEXT    NOT NULL,
    asked_by_id     BLOB    NOT NULL,
    asked_via       BLOB,
    asked_at        BIGINT  NOT NULL,
    answer          TEXT,
    answered_by_kind TEXT,
    answered_by_id  BLOB,
    answered_at     BIGINT
);
CREATE UNIQUE INDEX revocation_requests_assignment_id_key ON revocation_requests (assignment_id) WHERE state = 'open';
CREATE INDEX revocation_requests_asked_by ON revocation_requests (asked_by_id, asked_at);
CREATE INDEX revocation_requests_open ON revocation_requests (asked_at, id) WHERE state = 'open';
