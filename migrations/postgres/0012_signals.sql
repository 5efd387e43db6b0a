-- What applications are told without being asked (delegation.md §5): changes as they happen, and what is sent because of them.

-- Something happened that applications may have to be told. Written by triggers, in the transaction of the change, so that no way
-- of making it can forget to; taken by a job that works out whom it concerns. `after_id`: how far that has come.
CREATE TABLE signal_changes (
    number           BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind             TEXT    NOT NULL,
    session_id       UUID,
    user_id          UUID,
    organisation_id  UUID,
    application_id   UUID,
    environment_id   UUID,
    after_id         UUID
);

-- A session that ended was one under these names before: applications may know it by them.
CREATE TABLE session_former_ids (
    session_id  UUID  NOT NULL REFERENCES sessions (id),
    former_id   UUID  NOT NULL,
    PRIMARY KEY (session_id, former_id)
);

-- Of whom a client that takes security events knows: they are told of the account even when nobody is signed in.
CREATE TABLE client_people (
    client_id  UUID    NOT NULL REFERENCES clients (id),
    user_id    UUID    NOT NULL REFERENCES users (id),
    since      BIGINT  NOT NULL,
    PRIMARY KEY (client_id, user_id)
);
CREATE INDEX client_people_user ON client_people (user_id);

-- One token on its way to one client. It is signed when it is sent.
CREATE TABLE signal_deliveries (
    id            UUID    NOT NULL PRIMARY KEY,
    client_id     UUID    NOT NULL REFERENCES clients (id),
    kind          TEXT    NOT NULL,
    content       JSONB   NOT NULL,
    state         TEXT    NOT NULL,
    attempts      BIGINT  NOT NULL,
    due_at        BIGINT  NOT NULL,
    leased_until  BIGINT,
    answer        TEXT,
    created_at    BIGINT  NOT NULL,
    expires_at    BIGINT  NOT NULL,
    finished_at   BIGINT
);
CREATE INDEX signal_deliveries_due ON signal_deliveries (state, due_at);
CREATE INDEX signal_deliveries_client ON signal_deliveries (client_id, created_at);
CREATE INDEX signal_deliveries_finished ON signal_deliveries (finished_at);

-- Up to which instant it was looked what time has ended.
CREATE TABLE signal_marks (
    name  TEXT    NOT NULL PRIMARY KEY,
    at    BIGINT  NOT NULL
);
CREATE INDEX memberships_until ON memberships (until) WHERE until IS NOT NULL;
CREATE INDEX role_assignments_until ON role_assignments (valid_until) WHERE valid_until IS NOT NULL;

CREATE FUNCTION signal_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before BOOLEAN;
    now_usable BOOLEAN;
BEGIN
    IF TG_TABLE_NAME = 'sessions' THEN
        INSERT INTO signal_changes (kind, session_id, user_id) VALUES ('session', NEW.id, NEW.user_id);
    ELSIF TG_TABLE_NAME = 'users' THEN
        before := OLD.active AND NOT OLD.blocked AND OLD.deleted_at IS NULL;
        now_usable := NEW.active AND NOT NEW.blocked AND NEW.deleted_at IS NULL;
        IF before AND NOT now_usable THEN
            INSERT INTO signal_changes (kind, user_id) VALUES ('disabled', NEW.id);
        ELSIF now_usable AND NOT before THEN
            INSERT INTO signal_changes (kind, user_id) VALUES ('enabled', NEW.id);
        END IF;
        IF OLD.organisation_id <> NEW.organisation_id OR OLD.account_expires_at IS DISTINCT FROM NEW.account_expires_at THEN
            INSERT INTO signal_changes (kind, user_id) VALUES ('person', NEW.id);
        END IF;
    ELSIF TG_TABLE_NAME = 'organisations' THEN
        INSERT INTO signal_changes (kind, organisation_id) VALUES ('organisation', NEW.id);
    ELSIF TG_TABLE_NAME = 'memberships' THEN
        INSERT INTO signal_changes (kind, user_id, environment_id)
            SELECT 'membership', NEW.user_id, environment_id FROM groups WHERE id = NEW.group_id;
    ELSIF TG_TABLE_NAME = 'module_accesses' THEN
        INSERT INTO signal_changes (kind, organisation_id, application_id)
            VALUES ('module', COALESCE(NEW.organisation_id, OLD.organisation_id), COALESCE(NEW.application_id, OLD.application_id));
    ELSIF TG_TABLE_NAME = 'role_assignments' THEN
        INSERT INTO signal_changes (kind, user_id) VALUES ('role', NEW.principal_id);
    ELSIF TG_TABLE_NAME = 'projects' THEN
        INSERT INTO signal_changes (kind, user_id) SELECT DISTINCT 'role', principal_id FROM role_assignments
            WHERE project_id = NEW.id AND principal_kind = 'person' AND state = 'active';
    END IF;
    RETURN NULL;
END
$$;
-- Memberships come and go by the thousand: one statement for all of them.
CREATE FUNCTION signal_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', m.user_id, g.environment_id FROM changed m JOIN groups g ON g.id = m.group_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER signal_session AFTER UPDATE OF ended_at ON sessions
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_person AFTER UPDATE OF active, blocked, deleted_at, organisation_id, account_expires_at ON users
    FOR EACH ROW WHEN ((OLD.active, OLD.blocked, OLD.deleted_at, OLD.organisation_id, OLD.account_expires_at)
        IS DISTINCT FROM (NEW.active, NEW.blocked, NEW.deleted_at, NEW.organisation_id, NEW.account_expires_at)) EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_organisation AFTER UPDATE OF status, parent_id ON organisations
    FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_member AFTER INSERT ON memberships
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION signal_members();
CREATE TRIGGER signal_member_gone AFTER DELETE ON memberships
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION signal_members();
CREATE TRIGGER signal_member_until AFTER UPDATE OF until ON memberships
    FOR EACH ROW WHEN (OLD.until IS DISTINCT FROM NEW.until) EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_module AFTER INSERT OR DELETE ON module_accesses
    FOR EACH ROW EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_module_changed AFTER UPDATE OF status, kind, classification, settings ON module_accesses
    FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.kind <> NEW.kind OR OLD.classification <> NEW.classification OR OLD.settings <> NEW.settings) EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_role AFTER INSERT ON role_assignments
    FOR EACH ROW WHEN (NEW.principal_kind = 'person' AND NEW.state = 'active') EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_role_changed AFTER UPDATE OF state, valid_until ON role_assignments
    FOR EACH ROW WHEN (NEW.principal_kind = 'person' AND (OLD.state <> NEW.state OR OLD.valid_until IS DISTINCT FROM NEW.valid_until))
    EXECUTE FUNCTION signal_row();
CREATE TRIGGER signal_phase AFTER UPDATE OF phase ON projects
    FOR EACH ROW WHEN (OLD.phase <> NEW.phase) EXECUTE FUNCTION signal_row();
