-- Who stands in for the holder of a role for a while (docs/adr/0014-deputies.md). What a deputy may do is never stored: it follows from
-- the assignment each time it is asked.
CREATE TABLE deputies (
    id             UUID    NOT NULL PRIMARY KEY,
    assignment_id  UUID    NOT NULL REFERENCES role_assignments (id),
    deputy_id      UUID    NOT NULL REFERENCES users (id),
    valid_from     BIGINT  NOT NULL,
    valid_until    BIGINT  NOT NULL,
    named_at       BIGINT  NOT NULL,
    ended_at       BIGINT,
    ended_by_kind  TEXT,
    ended_by_id    UUID
);
CREATE INDEX deputies_deputy ON deputies (deputy_id) WHERE ended_at IS NULL;
CREATE INDEX deputies_assignment ON deputies (assignment_id) WHERE ended_at IS NULL;
