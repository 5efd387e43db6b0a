-- Groups in groups: whoever is in the inner one is in the outer one as well. Both are of one application and environment.
CREATE TABLE group_nestings (
    outer_id  UUID  NOT NULL REFERENCES groups (id),
    inner_id  UUID  NOT NULL REFERENCES groups (id),
    PRIMARY KEY (outer_id, inner_id)
);
CREATE INDEX group_nestings_inner ON group_nestings (inner_id);

-- The same to the end, each group in itself included: a membership leads to all groups that it gives by one look.
CREATE TABLE group_closure (
    inner_id  UUID  NOT NULL REFERENCES groups (id),
    outer_id  UUID  NOT NULL REFERENCES groups (id),
    PRIMARY KEY (inner_id, outer_id)
);
CREATE INDEX group_closure_outer ON group_closure (outer_id);
INSERT INTO group_closure (inner_id, outer_id) SELECT id, id FROM groups;

-- Whoever is in the inner group came into the outer one, or left it: applications are told, and what is pushed to them is looked at.
CREATE FUNCTION nested_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    inside UUID := COALESCE(NEW.inner_id, OLD.inner_id);
    around UUID := COALESCE(NEW.outer_id, OLD.outer_id);
BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', m.user_id, g.environment_id FROM memberships m JOIN groups g ON g.id = around WHERE m.group_id = inside;
    IF EXISTS (SELECT 1 FROM push_targets) THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT DISTINCT t.client_id, 'user', m.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
            JOIN groups g ON g.environment_id = k.environment_id JOIN memberships m ON m.group_id = inside WHERE g.id = around
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER nested AFTER INSERT ON group_closure
    FOR EACH ROW WHEN (NEW.inner_id <> NEW.outer_id) EXECUTE FUNCTION nested_row();
CREATE TRIGGER nested_gone AFTER DELETE ON group_closure
    FOR EACH ROW WHEN (OLD.inner_id <> OLD.outer_id) EXECUTE FUNCTION nested_row();
