-- Groups in groups: whoever is in the inner one is in the outer one as well. Both are of one application and environment.
CREATE TABLE group_nestings (
    outer_id  BLOB  NOT NULL REFERENCES groups (id),
    inner_id  BLOB  NOT NULL REFERENCES groups (id),
    PRIMARY KEY (outer_id, inner_id)
) WITHOUT ROWID;
CREATE INDEX group_nestings_inner ON group_nestings (inner_id);

-- The same to the end, each group in itself included: a membership leads to all groups that it gives by one look.
CREATE TABLE group_closure (
    inner_id  BLOB  NOT NULL REFERENCES groups (id),
    outer_id  BLOB  NOT NULL REFERENCES groups (id),
    PRIMARY KEY (inner_id, outer_id)
) WITHOUT ROWID;
CREATE INDEX group_closure_outer ON group_closure (outer_id);
INSERT INTO group_closure (inner_id, outer_id) SELECT id, id FROM groups;

-- Whoever is in the inner group came into the outer one, or left it: applications are told, and what is pushed to them is looked at.
CREATE TRIGGER signal_nested AFTER INSERT ON group_closure WHEN NEW.inner_id <> NEW.outer_id BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', m.user_id, g.environment_id FROM memberships m JOIN groups g ON g.id = NEW.outer_id
        WHERE m.group_id = NEW.inner_id AND EXISTS (SELECT 1 FROM sessions WHERE user_id = m.user_id);
END;
CREATE TRIGGER signal_nested_gone AFTER DELETE ON group_closure WHEN OLD.inner_id <> OLD.outer_id BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', m.user_id, g.environment_id FROM memberships m JOIN groups g ON g.id = OLD.outer_id
        WHERE m.group_id = OLD.inner_id;
END;
CREATE TRIGGER push_nested AFTER INSERT ON group_closure WHEN NEW.inner_id <> NEW.outer_id AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', m.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id JOIN memberships m ON m.group_id = NEW.inner_id WHERE g.id = NEW.outer_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_nested_gone AFTER DELETE ON group_closure WHEN OLD.inner_id <> OLD.outer_id AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', m.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id JOIN memberships m ON m.group_id = OLD.inner_id WHERE g.id = OLD.outer_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
