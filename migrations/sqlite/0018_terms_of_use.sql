-- Which version of which terms of use somebody accepted, when, and in which language they read it (E16). Once each.
CREATE TABLE terms_acceptances (
    user_id      BLOB   NOT NULL REFERENCES users (id),
    terms        TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    language     TEXT   NOT NULL,
    accepted_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, terms, version)
);

-- A role that was waiting for it has effect from now on: whoever is told of roles is told (E17).
CREATE TRIGGER signal_terms AFTER INSERT ON terms_acceptances WHEN NEW.terms <> 'general' BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('role', NEW.user_id);
END;
