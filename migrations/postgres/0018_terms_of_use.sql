-- Which version of which terms of use somebody accepted, when, and in which language they read it (E16). Once each.
CREATE TABLE terms_acceptances (
    user_id      UUID   NOT NULL REFERENCES users (id),
    terms        TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    language     TEXT   NOT NULL,
    accepted_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, terms, version)
);

-- A role that was waiting for it has effect from now on: whoever is told of roles is told (E17).
CREATE FUNCTION signal_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('role', NEW.user_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER signal_terms AFTER INSERT ON terms_acceptances
    FOR EACH ROW WHEN (NEW.terms <> 'general') EXECUTE FUNCTION signal_terms();
