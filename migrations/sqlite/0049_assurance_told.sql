-- A session of which more was proved than before: by what its person had proved until now (CAEP 1.0 assurance-level-change).
CREATE TRIGGER signal_assurance AFTER UPDATE OF acr, amr ON sessions
    WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NULL AND (OLD.acr <> NEW.acr OR OLD.amr <> NEW.amr) BEGIN
    INSERT INTO signal_changes (kind, session_id, user_id, former) VALUES ('assurance', NEW.id, NEW.user_id, OLD.acr || ' ' || OLD.amr);
END;
