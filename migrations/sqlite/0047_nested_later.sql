-- A group of a hundred thousand goes into another one with one row each for what applications are told and for what is pushed to them:
-- who that is, is worked out later.
ALTER TABLE signal_changes ADD COLUMN group_id BLOB;

DROP TRIGGER signal_nested;
DROP TRIGGER signal_nested_gone;
DROP TRIGGER push_nested;
DROP TRIGGER push_nested_gone;
CREATE TRIGGER signal_nested AFTER INSERT ON group_closure WHEN NEW.inner_id <> NEW.outer_id BEGIN
    INSERT INTO signal_changes (kind, group_id, environment_id) SELECT 'group', NEW.inner_id, environment_id FROM groups WHERE id = NEW.outer_id;
END;
CREATE TRIGGER signal_nested_gone AFTER DELETE ON group_closure WHEN OLD.inner_id <> OLD.outer_id BEGIN
    INSERT INTO signal_changes (kind, group_id, environment_id) SELECT 'group', OLD.inner_id, environment_id FROM groups WHERE id = OLD.outer_id;
END;
CREATE TRIGGER push_nested AFTER INSERT ON group_closure WHEN NEW.inner_id <> NEW.outer_id AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'members', NEW.inner_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = NEW.outer_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_nested_gone AFTER DELETE ON group_closure WHEN OLD.inner_id <> OLD.outer_id AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'members', OLD.inner_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = OLD.outer_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
