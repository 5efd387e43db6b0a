-- What applications are told without being asked (delegation.md §5): changes as they happen, and what is sent because of them.

-- Something happened that applications may have to be told. Written by triggers, in the transaction of the change, so that no way
-- of making it can forget to; taken by a job that works out whom it concerns. `after_id`: how far that has come.
CREATE TABLE signal_changes (
    number           INTEGER NOT NULL PRIMARY KEY,
    kind             TEXT    NOT NULL,
    session_id       BLOB,
    user_id          BLOB,
    organisation_id  BLOB,
    application_id   BLOB,
    environment_id   BLOB,
    after_id         BLOB
);

-- A session that ended was one under these names before: applications may know it by them.
CREATE TABLE session_former_ids (
    session_id  BLOB  NOT NULL REFERENCES sessions (id),
    former_id   BLOB  NOT NULL,
    PRIMARY KEY (session_id, former_id)
);

-- Of whom a client that takes security events knows: they are told of the account even when nobody is signed in.
CREATE TABLE client_people (
    client_id  BLOB    NOT NULL REFERENCES clients (id),
    user_id    BLOB    NOT NULL REFERENCES users (id),
    since      BIGINT  NOT NULL,
    PRIMARY KEY (client_id, user_id)
);
CREATE INDEX client_people_user ON client_people (user_id);

-- One token on its way to one client. It is signed when it is sent.
CREATE TABLE signal_deliveries (
    id            BLOB    NOT NULL PRIMARY KEY,
    client_id     BLOB    NOT NULL REFERENCES clients (id),
    kind          TEXT    NOT NULL,
    content       TEXT    NOT NULL,
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

CREATE TRIGGER signal_session AFTER UPDATE OF ended_at ON sessions WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
    INSERT INTO signal_changes (kind, session_id, user_id) VALUES ('session', NEW.id, NEW.user_id);
END;
CREATE TRIGGER signal_disabled AFTER UPDATE OF active, blocked, deleted_at ON users
    WHEN (OLD.active AND NOT OLD.blocked AND OLD.deleted_at IS NULL) AND NOT (NEW.active AND NOT NEW.blocked AND NEW.deleted_at IS NULL) BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('disabled', NEW.id);
END;
CREATE TRIGGER signal_enabled AFTER UPDATE OF active, blocked, deleted_at ON users
    WHEN (NEW.active AND NOT NEW.blocked AND NEW.deleted_at IS NULL) AND NOT (OLD.active AND NOT OLD.blocked AND OLD.deleted_at IS NULL) BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('enabled', NEW.id);
END;
CREATE TRIGGER signal_home AFTER UPDATE OF organisation_id, account_expires_at ON users
    WHEN OLD.organisation_id <> NEW.organisation_id OR OLD.account_expires_at IS NOT NEW.account_expires_at BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('person', NEW.id);
END;
CREATE TRIGGER signal_organisation AFTER UPDATE OF status, parent_id ON organisations
    WHEN OLD.status <> NEW.status OR OLD.parent_id IS NOT NEW.parent_id BEGIN
    INSERT INTO signal_changes (kind, organisation_id) VALUES ('organisation', NEW.id);
END;
-- Of somebody who is not signed in there is nobody to tell.
CREATE TRIGGER signal_member AFTER INSERT ON memberships WHEN EXISTS (SELECT 1 FROM sessions WHERE user_id = NEW.user_id) BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', NEW.user_id, environment_id FROM groups WHERE id = NEW.group_id;
END;
CREATE TRIGGER signal_member_until AFTER UPDATE OF until ON memberships WHEN OLD.until IS NOT NEW.until BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', NEW.user_id, environment_id FROM groups WHERE id = NEW.group_id;
END;
CREATE TRIGGER signal_member_gone AFTER DELETE ON memberships BEGIN
    INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', OLD.user_id, environment_id FROM groups WHERE id = OLD.group_id;
END;
CREATE TRIGGER signal_module AFTER INSERT ON module_accesses BEGIN
    INSERT INTO signal_changes (kind, organisation_id, application_id) VALUES ('module', NEW.organisation_id, NEW.application_id);
END;
CREATE TRIGGER signal_module_changed AFTER UPDATE OF status, kind, classification, settings ON module_accesses
    WHEN OLD.status <> NEW.status OR OLD.kind <> NEW.kind OR OLD.classification <> NEW.classification OR OLD.settings <> NEW.settings BEGIN
    INSERT INTO signal_changes (kind, organisation_id, application_id) VALUES ('module', NEW.organisation_id, NEW.application_id);
END;
CREATE TRIGGER signal_module_gone AFTER DELETE ON module_accesses BEGIN
    INSERT INTO signal_changes (kind, organisation_id, application_id) VALUES ('module', OLD.organisation_id, OLD.application_id);
END;
CREATE TRIGGER signal_role AFTER INSERT ON role_assignments WHEN NEW.principal_kind = 'person' AND NEW.state = 'active' BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('role', NEW.principal_id);
END;
CREATE TRIGGER signal_role_changed AFTER UPDATE OF state, valid_until ON role_assignments
    WHEN NEW.principal_kind = 'person' AND (OLD.state <> NEW.state OR OLD.valid_until IS NOT NEW.valid_until) BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('role', NEW.principal_id);
END;
CREATE TRIGGER signal_phase AFTER UPDATE OF phase ON projects WHEN OLD.phase <> NEW.phase BEGIN
    INSERT INTO signal_changes (kind, user_id) SELECT DISTINCT 'role', principal_id FROM role_assignments
        WHERE project_id = NEW.id AND principal_kind = 'person' AND state = 'active';
END;
