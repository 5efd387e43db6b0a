-- Organisations that somebody thinks should hold a module; whoever manages it grants or declines (requirements.md I71, I72).
CREATE TABLE module_proposals (
    application_id    BLOB    NOT NULL REFERENCES applications (id),
    organisation_id   BLOB    NOT NULL REFERENCES organisations (id),
    proposed_at       BIGINT  NOT NULL,
    proposed_by_kind  TEXT    NOT NULL,
    proposed_by_id    BLOB    NOT NULL,
    PRIMARY KEY (application_id, organisation_id)
);
CREATE INDEX module_proposals_organisation ON module_proposals (organisation_id);
