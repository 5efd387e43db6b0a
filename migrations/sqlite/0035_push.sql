-- Outbound provisioning (RFC 7644 as a client): people and groups of an application are pushed to the SCIM server that it has itself.

-- Where a client takes them, and how. The token by which it knows us is sealed.
CREATE TABLE push_targets (
    client_id      BLOB    NOT NULL PRIMARY KEY REFERENCES clients (id),
    base_url       TEXT    NOT NULL,
    sealed_token   BLOB    NOT NULL,
    rules          TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL
);

-- How far that has come; apart, because the triggers below read the other at each change. `attempts` in a row failed for the whole target,
-- and nothing is sent before `due_at`. `seen_at`: up to which instant it was looked what time has ended.
CREATE TABLE push_progress (
    client_id      BLOB    NOT NULL PRIMARY KEY REFERENCES push_targets (client_id),
    attempts       BIGINT  NOT NULL,
    due_at         BIGINT  NOT NULL,
    answer         TEXT,
    leased_until   BIGINT,
    pushed_at      BIGINT,
    seen_at        BIGINT  NOT NULL,
    reconcile_at   BIGINT  NOT NULL,
    reconciled_at  BIGINT,
    findings       TEXT
);

-- What a target holds of ours, as far as we know: by which id, and what of it we sent last (a digest, and the names of the attributes).
CREATE TABLE push_resources (
    client_id  BLOB  NOT NULL REFERENCES push_targets (client_id),
    kind       TEXT  NOT NULL,
    local_id   BLOB  NOT NULL,
    remote_id  TEXT  NOT NULL,
    digest     TEXT  NOT NULL,
    names      TEXT  NOT NULL,
    PRIMARY KEY (client_id, kind, local_id)
);
CREATE UNIQUE INDEX push_resources_client_id_kind_remote_id_key ON push_resources (client_id, kind, remote_id);
CREATE INDEX push_resources_local ON push_resources (local_id);

-- Who is in which group there.
CREATE TABLE push_members (
    client_id  BLOB  NOT NULL REFERENCES push_targets (client_id),
    user_id    BLOB  NOT NULL,
    group_id   BLOB  NOT NULL,
    PRIMARY KEY (client_id, user_id, group_id)
);

-- What has to be looked at: whether it still is as a target holds it. Written by triggers, in the transaction of the change, so that no
-- way of making it can forget to. `mark` is raised by each change: what changed while it was being sent is looked at again.
CREATE TABLE push_work (
    client_id  BLOB    NOT NULL REFERENCES push_targets (client_id),
    kind       TEXT    NOT NULL,
    local_id   BLOB    NOT NULL,
    mark       BIGINT  NOT NULL,
    attempts   BIGINT  NOT NULL,
    due_at     BIGINT  NOT NULL,
    answer     TEXT,
    PRIMARY KEY (client_id, kind, local_id)
);
CREATE INDEX push_work_due ON push_work (client_id, due_at);

CREATE TRIGGER push_member AFTER INSERT ON memberships WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', NEW.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = NEW.group_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_member_until AFTER UPDATE OF until ON memberships
    WHEN OLD.until IS NOT NEW.until AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', NEW.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = NEW.group_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_member_gone AFTER DELETE ON memberships WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', OLD.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = OLD.group_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
-- A person: whoever holds them, and whoever should.
CREATE TRIGGER push_person AFTER UPDATE OF user_name, given_name, family_name, email, phone, locale, company_id, organisation_id, active,
    blocked, deleted_at, account_expires_at ON users
    WHEN (OLD.user_name <> NEW.user_name OR OLD.given_name <> NEW.given_name OR OLD.family_name <> NEW.family_name OR OLD.email IS NOT NEW.email
        OR OLD.phone IS NOT NEW.phone OR OLD.locale IS NOT NEW.locale OR OLD.company_id IS NOT NEW.company_id
        OR OLD.organisation_id <> NEW.organisation_id OR OLD.active <> NEW.active OR OLD.blocked <> NEW.blocked
        OR OLD.deleted_at IS NOT NEW.deleted_at OR OLD.account_expires_at IS NOT NEW.account_expires_at)
        AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', NEW.id, 1, 0, 0 FROM push_targets t
        WHERE EXISTS (SELECT 1 FROM push_resources r WHERE r.client_id = t.client_id AND r.kind = 'user' AND r.local_id = NEW.id)
        OR EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id JOIN clients k ON k.environment_id = g.environment_id
            WHERE m.user_id = NEW.id AND k.id = t.client_id)
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
-- An organisation: all at home in it or below. Who that is, is worked out later.
CREATE TRIGGER push_organisation AFTER UPDATE OF status, parent_id, name ON organisations
    WHEN OLD.status <> NEW.status OR OLD.parent_id IS NOT NEW.parent_id OR OLD.name <> NEW.name BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'organisation', NEW.id, 1, 0, 0 FROM push_targets t WHERE true
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_module AFTER INSERT ON module_accesses WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'organisation', NEW.organisation_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN environments e ON e.id = k.environment_id WHERE e.application_id = NEW.application_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_module_gone AFTER DELETE ON module_accesses WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'organisation', OLD.organisation_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        JOIN environments e ON e.id = k.environment_id WHERE e.application_id = OLD.application_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_group AFTER INSERT ON groups WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'group', NEW.id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        WHERE k.environment_id = NEW.environment_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_group_changed AFTER UPDATE OF code, environment_id ON groups
    WHEN (OLD.code <> NEW.code OR OLD.environment_id <> NEW.environment_id) AND EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'group', NEW.id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        WHERE k.environment_id IN (OLD.environment_id, NEW.environment_id)
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
CREATE TRIGGER push_group_gone AFTER DELETE ON groups WHEN EXISTS (SELECT 1 FROM push_targets) BEGIN
    INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'group', OLD.id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
        WHERE k.environment_id = OLD.environment_id
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
END;
