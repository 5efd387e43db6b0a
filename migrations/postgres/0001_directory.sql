-- Who and what exists (organisations, users, applications, groups, memberships, clients), who may do what
-- (role assignments), and what was done (audit).

-- A node of the one organisation tree. The root has no parent.
CREATE TABLE organisations (
    id           UUID      NOT NULL PRIMARY KEY,
    parent_id    UUID      REFERENCES organisations (id),
    name         TEXT     NOT NULL,
    name_folded  TEXT     NOT NULL,
    country      TEXT,
    lei          TEXT,
    external_id  TEXT,
    status       TEXT     NOT NULL,
    created_at   BIGINT   NOT NULL,
    updated_at   BIGINT   NOT NULL,
    version      BIGINT   NOT NULL
);
CREATE UNIQUE INDEX organisations_parent_id_name_folded_key ON organisations (parent_id, name_folded);
CREATE UNIQUE INDEX organisations_lei_key ON organisations (lei);
CREATE UNIQUE INDEX organisations_external_id_key ON organisations (external_id);
CREATE INDEX organisations_name_folded ON organisations (name_folded);

-- Every node with every node above it and itself (depth 0): "all users under this node" is one indexed join.
CREATE TABLE organisation_closure (
    ancestor_id    UUID     NOT NULL REFERENCES organisations (id),
    descendant_id  UUID     NOT NULL REFERENCES organisations (id),
    depth          BIGINT  NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX organisation_closure_descendant ON organisation_closure (descendant_id, ancestor_id, depth);

-- A natural person with one home organisation. `active` is the customer's switch (SCIM), `blocked` the operator's.
-- `number` never leaves the database: it breaks ties in lists and names the row in the index of texts.
CREATE TABLE users (
    number              BIGINT   NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                  UUID      NOT NULL,
    organisation_id     UUID      NOT NULL REFERENCES organisations (id),
    user_name           TEXT     NOT NULL,
    user_name_folded    TEXT     NOT NULL,
    email               TEXT,
    email_folded        TEXT,
    email_verified      BOOLEAN  NOT NULL,
    phone               TEXT,
    phone_verified      BOOLEAN  NOT NULL,
    given_name          TEXT     NOT NULL,
    given_name_folded   TEXT     NOT NULL,
    family_name         TEXT     NOT NULL,
    family_name_folded  TEXT     NOT NULL,
    company_id          TEXT,
    subsidiary          TEXT,
    locale              TEXT,
    self_registered     BOOLEAN  NOT NULL,
    active              BOOLEAN  NOT NULL,
    blocked             BOOLEAN  NOT NULL,
    activated_at        BIGINT,
    account_expires_at  BIGINT,
    deleted_at          BIGINT,
    last_sign_in_at     BIGINT,
    pending_email       TEXT,
    pending_email_folded TEXT,
    pending_phone       TEXT,
    pending_since       BIGINT,
    pending_email_by_kind TEXT,
    pending_email_by_id UUID,
    pending_phone_by_kind TEXT,
    pending_phone_by_id UUID,
    pending_confirmed_at BIGINT,
    pending_approved_by_kind TEXT,
    pending_approved_by_id UUID,
    pending_approved_at BIGINT,
    epoch               BIGINT   NOT NULL,
    scim                JSONB    NOT NULL,
    created_by_kind     TEXT     NOT NULL,
    created_by_id       UUID      NOT NULL,
    created_at          BIGINT   NOT NULL,
    updated_at          BIGINT   NOT NULL,
    version             BIGINT   NOT NULL
);
CREATE UNIQUE INDEX users_id_key ON users (id);
CREATE UNIQUE INDEX users_user_name_folded_key ON users (user_name_folded);
CREATE UNIQUE INDEX users_email_folded_key ON users (email_folded);
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_updated ON users (updated_at, id);
-- Few have a change of address under way: it stays small.
CREATE INDEX users_pending_email ON users (pending_email_folded) WHERE pending_email_folded IS NOT NULL;

-- What lists of people walk or gather (docs/performance.md): each holds all that a list filters and sorts by, so that only
-- the rows of the page are fetched.
CREATE INDEX users_organisation ON users
    (organisation_id, family_name_folded, given_name_folded, number, email_folded, phone) WHERE deleted_at IS NULL;
CREATE INDEX users_family_name ON users
    (family_name_folded, given_name_folded, number, organisation_id, email_folded, phone) WHERE deleted_at IS NULL;
CREATE INDEX users_given_name ON users
    (given_name_folded, family_name_folded, number, organisation_id, email_folded, phone) WHERE deleted_at IS NULL;
CREATE INDEX users_email ON users
    (email_folded NULLS FIRST, number, organisation_id, family_name_folded, given_name_folded, phone) WHERE deleted_at IS NULL;
CREATE INDEX users_phone ON users
    (phone NULLS FIRST, number, organisation_id, family_name_folded, given_name_folded, email_folded) WHERE deleted_at IS NULL;
-- The states of an account that few are in.
CREATE INDEX users_blocked ON users (number) WHERE deleted_at IS NULL AND blocked;
CREATE INDEX users_inactive ON users (number) WHERE deleted_at IS NULL AND NOT active;
CREATE INDEX users_new ON users (number) WHERE deleted_at IS NULL AND activated_at IS NULL;
CREATE INDEX users_expiring ON users (account_expires_at) WHERE deleted_at IS NULL AND account_expires_at IS NOT NULL;
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_pending ON users (pending_since) WHERE pending_since IS NOT NULL;

-- How many people are in each organisation, and in it and below it: exact totals without counting. Kept by triggers, so
-- that no way of writing people can forget it. A number is the sum over its shards; each connection of PostgreSQL writes
-- its own, so that creating people at many places at once does not queue at the root.
CREATE TABLE organisation_people (
    organisation_id  UUID    NOT NULL REFERENCES organisations (id),
    shard            BIGINT  NOT NULL,
    here             BIGINT  NOT NULL,
    below            BIGINT  NOT NULL,
    PRIMARY KEY (organisation_id, shard)
);
CREATE FUNCTION count_people(at UUID, change BIGINT) RETURNS void LANGUAGE sql AS $$
    INSERT INTO organisation_people AS p (organisation_id, shard, here, below)
        SELECT ancestor_id, pg_backend_pid() % 64, CASE WHEN depth = 0 THEN change ELSE 0 END, change
        FROM organisation_closure WHERE descendant_id = at ORDER BY depth
        ON CONFLICT (organisation_id, shard) DO UPDATE SET here = p.here + excluded.here, below = p.below + excluded.below
$$;
CREATE FUNCTION users_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.organisation_id = NEW.organisation_id AND (OLD.deleted_at IS NULL) = (NEW.deleted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.deleted_at IS NULL THEN
        PERFORM count_people(OLD.organisation_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN
        PERFORM count_people(NEW.organisation_id, 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_come AFTER INSERT OR DELETE OR UPDATE OF organisation_id, deleted_at ON users
    FOR EACH ROW EXECUTE FUNCTION users_counted();

-- Parts of names, addresses and numbers, three characters at a time. SQLite has a table for it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX user_texts ON users USING gin (given_name_folded gin_trgm_ops, family_name_folded gin_trgm_ops,
    email_folded gin_trgm_ops, phone gin_trgm_ops) WHERE deleted_at IS NULL;

-- An application of the institution.
CREATE TABLE applications (
    id                 UUID      NOT NULL PRIMARY KEY,
    code               TEXT     NOT NULL,
    name               TEXT     NOT NULL,
    description        TEXT     NOT NULL,
    documentation_url  TEXT,
    created_at         BIGINT   NOT NULL,
    updated_at         BIGINT   NOT NULL,
    version            BIGINT   NOT NULL
);
CREATE UNIQUE INDEX applications_code_key ON applications (code);

-- One environment of an application: its own tile, its own clients, its own groups (C02). The prefix starts its group codes (C07).
CREATE TABLE environments (
    id              UUID      NOT NULL PRIMARY KEY,
    application_id  UUID      NOT NULL REFERENCES applications (id),
    code            TEXT     NOT NULL,
    title           TEXT     NOT NULL,
    group_prefix    TEXT     NOT NULL,
    launch_url      TEXT,
    requires_group  BOOLEAN  NOT NULL,
    created_at      BIGINT   NOT NULL
);
CREATE UNIQUE INDEX environments_application_id_code_key ON environments (application_id, code);
CREATE UNIQUE INDEX environments_application_id_group_prefix_key ON environments (application_id, group_prefix);

-- A group of one application and environment. The code never changes.
CREATE TABLE groups (
    id                 UUID      NOT NULL PRIMARY KEY,
    application_id     UUID      NOT NULL REFERENCES applications (id),
    environment_id     UUID      NOT NULL REFERENCES environments (id),
    code               TEXT     NOT NULL,
    code_folded        TEXT     NOT NULL,
    display_name       TEXT     NOT NULL,
    description        TEXT     NOT NULL,
    documentation_url  TEXT,
    sensitive          BOOLEAN  NOT NULL,
    scim               JSONB    NOT NULL,
    created_at         BIGINT   NOT NULL,
    updated_at         BIGINT   NOT NULL,
    version            BIGINT   NOT NULL
);
CREATE UNIQUE INDEX groups_code_folded_key ON groups (code_folded);
CREATE INDEX groups_environment ON groups (environment_id, code_folded);
CREATE INDEX groups_application ON groups (application_id, code_folded);

-- The fact that a user is in a group: by whom, by which role assignment, since when, until when.
CREATE TABLE memberships (
    id               UUID     NOT NULL PRIMARY KEY,
    user_id          UUID     NOT NULL REFERENCES users (id),
    group_id         UUID     NOT NULL REFERENCES groups (id),
    granted_by_kind  TEXT    NOT NULL,
    granted_by_id    UUID     NOT NULL,
    granted_via      UUID,
    granted_at       BIGINT  NOT NULL,
    until            BIGINT
);
CREATE UNIQUE INDEX memberships_user_id_group_id_key ON memberships (user_id, group_id);
CREATE INDEX memberships_group ON memberships (group_id, user_id);
CREATE INDEX memberships_group_until ON memberships (group_id, until) WHERE until IS NOT NULL;

-- When members of a group last changed, per home organisation of those who changed: versions of groups are made of the
-- lines in the caller's scope, so that none of the members is read for one. The stamp is a random number.
CREATE TABLE member_changes (
    group_id         UUID    NOT NULL REFERENCES groups (id),
    organisation_id  UUID    NOT NULL REFERENCES organisations (id),
    stamp            BIGINT  NOT NULL,
    changed_at       BIGINT  NOT NULL,
    PRIMARY KEY (group_id, organisation_id)
);

-- The fact that a principal holds a role over a scope. Never deleted: revoked.
CREATE TABLE role_assignments (
    id                  UUID      NOT NULL PRIMARY KEY,
    principal_kind      TEXT     NOT NULL,
    principal_id        UUID      NOT NULL,
    role                TEXT     NOT NULL,
    organisation_id     UUID      NOT NULL REFERENCES organisations (id),
    include_sub_levels  BOOLEAN  NOT NULL,
    all_applications    BOOLEAN  NOT NULL,
    state               TEXT     NOT NULL,
    valid_from          BIGINT   NOT NULL,
    valid_until         BIGINT,
    granted_by_kind     TEXT     NOT NULL,
    granted_by_id       UUID      NOT NULL,
    granted_via         UUID,
    granted_at          BIGINT   NOT NULL,
    confirmed_by_kind   TEXT,
    confirmed_by_id     UUID,
    confirmed_at        BIGINT,
    revoked_by_kind     TEXT,
    revoked_by_id       UUID,
    revoked_at          BIGINT,
    reason              TEXT
);
CREATE INDEX role_assignments_principal ON role_assignments (principal_id, principal_kind, state);
CREATE INDEX role_assignments_organisation ON role_assignments (organisation_id, role, state);

-- The applications of an assignment whose set is explicit; it never widens by itself.
CREATE TABLE role_assignment_applications (
    assignment_id   UUID  NOT NULL REFERENCES role_assignments (id),
    application_id  UUID  NOT NULL REFERENCES applications (id),
    PRIMARY KEY (assignment_id, application_id)
);

-- An OAuth client: a relying application of one environment, or a service of one organisation.
CREATE TABLE clients (
    id               UUID      NOT NULL PRIMARY KEY,
    client_id        TEXT     NOT NULL,
    name             TEXT     NOT NULL,
    kind             TEXT     NOT NULL,
    environment_id   UUID      REFERENCES environments (id),
    organisation_id  UUID      REFERENCES organisations (id),
    active           BOOLEAN  NOT NULL,
    settings         JSONB    NOT NULL,
    epoch            BIGINT   NOT NULL,
    created_at       BIGINT   NOT NULL,
    updated_at       BIGINT   NOT NULL,
    version          BIGINT   NOT NULL
);
CREATE UNIQUE INDEX clients_client_id_key ON clients (client_id);
CREATE INDEX clients_environment ON clients (environment_id);
CREATE INDEX clients_organisation ON clients (organisation_id);

-- Secrets of a client, as SHA-256: two may be valid while one replaces the other.
CREATE TABLE client_secrets (
    id          UUID     NOT NULL PRIMARY KEY,
    client_id   UUID     NOT NULL REFERENCES clients (id),
    digest      BYTEA  NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT
);
CREATE INDEX client_secrets_client ON client_secrets (client_id);

-- The logo of a client, drawn anew by us from what was uploaded (SE-12).
CREATE TABLE client_logos (
    client_id  UUID  NOT NULL PRIMARY KEY REFERENCES clients (id),
    png        BYTEA  NOT NULL
);

-- The id by which a provisioning client knows a resource (RFC 7643 §3.1): unique per client, never a key of ours (SC-14).
CREATE TABLE external_ids (
    client_id      UUID   NOT NULL REFERENCES clients (id),
    resource_kind  TEXT  NOT NULL,
    resource_id    UUID   NOT NULL,
    external_id    TEXT  NOT NULL,
    PRIMARY KEY (client_id, resource_kind, resource_id)
);
CREATE UNIQUE INDEX external_ids_client_id_resource_kind_external_id_key ON external_ids (client_id, resource_kind, external_id);

-- What was done. `sequence` and `chain` are filled by the sealer, at most a second later.
CREATE TABLE audit_events (
    id               UUID     NOT NULL PRIMARY KEY,
    at               BIGINT  NOT NULL,
    kind             TEXT    NOT NULL,
    actor_kind       TEXT,
    actor_id         UUID,
    via              UUID,
    organisation_id  UUID,
    application_id   UUID,
    subject_kind     TEXT    NOT NULL,
    subject_id       UUID     NOT NULL,
    details          TEXT    NOT NULL,
    channel          TEXT    NOT NULL,
    request_id       TEXT    NOT NULL,
    ip               TEXT,
    sequence         BIGINT,
    chain            BYTEA
);
CREATE UNIQUE INDEX audit_events_sequence_key ON audit_events (sequence);
CREATE INDEX audit_events_at ON audit_events (at, id);
-- The lines that wait for the sealer.
CREATE INDEX audit_events_tail ON audit_events (at, id) WHERE sequence IS NULL;
CREATE INDEX audit_events_organisation ON audit_events (organisation_id, at, id);
CREATE INDEX audit_events_subject ON audit_events (subject_id, at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_kind ON audit_events (kind, at, id);

-- Where the audit chain stands: one row.
CREATE TABLE audit_chain (
    id        BIGINT  NOT NULL PRIMARY KEY,
    sequence  BIGINT  NOT NULL,
    chain     BYTEA  NOT NULL
);
