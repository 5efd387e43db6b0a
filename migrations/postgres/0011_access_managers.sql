-- Organisations that manage others (I03): the fact that people of one may, by their roles in it, administer another one.
-- An organisation that has some never loses the last one by hand; one that the console made may have none.
CREATE TABLE access_managers (
    organisation_id  UUID    NOT NULL REFERENCES organisations (id),
    manager_id       UUID    NOT NULL REFERENCES organisations (id),
    added_at         BIGINT  NOT NULL,
    added_by_kind    TEXT    NOT NULL,
    added_by_id      UUID    NOT NULL,
    PRIMARY KEY (organisation_id, manager_id)
);
CREATE INDEX access_managers_manager ON access_managers (manager_id, organisation_id);
