-- A group of a hundred thousand goes into another one with one row each for what applications are told and for what is pushed to them:
-- who that is, is worked out later.
ALTER TABLE signal_changes ADD COLUMN group_id UUID;

CREATE OR REPLACE FUNCTION nested_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    inside UUID := COALESCE(NEW.inner_id, OLD.inner_id);
    around UUID := COALESCE(NEW.outer_id, OLD.outer_id);
BEGIN
    INSERT INTO signal_changes (kind, group_id, environment_id) SELECT 'group', inside, environment_id FROM groups WHERE id = around;
    IF EXISTS (SELECT 1 FROM push_targets) THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'members', inside, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
            JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = around
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    END IF;
    RETURN NULL;
END
$$;
