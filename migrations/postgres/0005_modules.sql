-- Module access: whether an organisation may use an application that asks for it, and as what (delegation.md §1, D2, D9).

-- Whether the application asks for module access at all (`none`, `required`), and whether an authority names coordinators.
ALTER TABLE applications ADD COLUMN module_access TEXT NOT NULL DEFAULT 'none';
ALTER TABLE applications ADD COLUMN linked_coordinators TEXT NOT NULL DEFAULT 'forbidden';

-- The fact that an organisation holds the module of an application. A suspended one is complete-only: it stays.
CREATE TABLE module_accesses (
    id               UUID     NOT NULL PRIMARY KEY,
    organisation_id  UUID     NOT NULL REFERENCES organisations (id),
    application_id   UUID     NOT NULL REFERENCES applications (id),
    kind             TEXT     NOT NULL,
    status           TEXT     NOT NULL,
    granted_at       BIGINT   NOT NULL,
    granted_by_kind  TEXT     NOT NULL,
    granted_by_id    UUID     NOT NULL,
    changed_at       BIGINT   NOT NULL,
    changed_by_kind  TEXT     NOT NULL,
    changed_by_id    UUID     NOT NULL,
    version          BIGINT   NOT NULL
);
CREATE UNIQUE INDEX module_accesses_organisation_id_application_id_key ON module_accesses (organisation_id, application_id);
CREATE INDEX module_accesses_application ON module_accesses (application_id, kind, status);

-- The coordinators of an authority in one module.
CREATE TABLE module_coordinators (
    access_id       UUID  NOT NULL REFERENCES module_accesses (id),
    coordinator_id  UUID  NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (access_id, coordinator_id)
);
CREATE INDEX module_coordinators_coordinator ON module_coordinators (coordinator_id);

-- Since when an organisation is deactivated by its own status, and how many of the reminders of its deletion went out, the last
-- one when (D9). For those deactivated before this table the time begins now: nobody was reminded yet.
CREATE TABLE organisation_deactivations (
    organisation_id  UUID    NOT NULL PRIMARY KEY REFERENCES organisations (id),
    deactivated_at   BIGINT  NOT NULL,
    reminders        BIGINT  NOT NULL,
    reminded_at      BIGINT
);
CREATE INDEX organisation_deactivations_since ON organisation_deactivations (deactivated_at);
INSERT INTO organisation_deactivations (organisation_id, deactivated_at, reminders)
    SELECT id, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000000, 0 FROM organisations WHERE status = 'deactivated';
