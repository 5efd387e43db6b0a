-- Outbound provisioning (RFC 7644 as a client): people and groups of an application are pushed to the SCIM server that it has itself.

-- Where a client takes them, and how. The token by which it knows us is sealed.
CREATE TABLE push_targets (
    client_id      UUID    NOT NULL PRIMARY KEY REFERENCES clients (id),
    base_url       TEXT    NOT NULL,
    sealed_token   BYTEA   NOT NULL,
    rules          JSONB   NOT NULL,
    status         TEXT    NOT NULL,
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL
);

-- How far that has come; apart, because the triggers below read the other at each change. `attempts` in a row failed for the whole target,
-- and nothing is sent before `due_at`. `seen_at`: up to which instant it was looked what time has ended.
CREATE TABLE push_progress (
    client_id      UUID    NOT NULL PRIMARY KEY REFERENCES push_targets (client_id),
    attempts       BIGINT  NOT NULL,
    due_at         BIGINT  NOT NULL,
    answer         TEXT,
    leased_until   BIGINT,
    pushed_at      BIGINT,
    seen_at        BIGINT  NOT NULL,
    reconcile_at   BIGINT  NOT NULL,
    reconciled_at  BIGINT,
    findings       JSONB
);

-- What a target holds of ours, as far as we know: by which id, and what of it we sent last (a digest, and the names of the attributes).
CREATE TABLE push_resources (
    client_id  UUID  NOT NULL REFERENCES push_targets (client_id),
    kind       TEXT  NOT NULL,
    local_id   UUID  NOT NULL,
    remote_id  TEXT  NOT NULL,
    digest     TEXT  NOT NULL,
    names      TEXT  NOT NULL,
    PRIMARY KEY (client_id, kind, local_id)
);
CREATE UNIQUE INDEX push_resources_client_id_kind_remote_id_key ON push_resources (client_id, kind, remote_id);
CREATE INDEX push_resources_local ON push_resources (local_id);

-- Who is in which group there.
CREATE TABLE push_members (
    client_id  UUID  NOT NULL REFERENCES push_targets (client_id),
    user_id    UUID  NOT NULL,
    group_id   UUID  NOT NULL,
    PRIMARY KEY (client_id, user_id, group_id)
);

-- What has to be looked at: whether it still is as a target holds it. Written by triggers, in the transaction of the change, so that no
-- way of making it can forget to. `mark` is raised by each change: what changed while it was being sent is looked at again.
CREATE TABLE push_work (
    client_id  UUID    NOT NULL REFERENCES push_targets (client_id),
    kind       TEXT    NOT NULL,
    local_id   UUID    NOT NULL,
    mark       BIGINT  NOT NULL,
    attempts   BIGINT  NOT NULL,
    due_at     BIGINT  NOT NULL,
    answer     TEXT,
    PRIMARY KEY (client_id, kind, local_id)
);
CREATE INDEX push_work_due ON push_work (client_id, due_at);

-- Memberships come and go by the thousand: one statement for all of them.
CREATE FUNCTION push_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM push_targets) THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT DISTINCT t.client_id, 'user', m.user_id, 1, 0, 0 FROM changed m JOIN groups g ON g.id = m.group_id
            JOIN clients k ON k.environment_id = g.environment_id JOIN push_targets t ON t.client_id = k.id
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION push_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM push_targets) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'memberships' THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'user', NEW.user_id, 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
            JOIN groups g ON g.environment_id = k.environment_id WHERE g.id = NEW.group_id
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    ELSIF TG_TABLE_NAME = 'users' THEN
        -- Whoever holds them, and whoever should.
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'user', NEW.id, 1, 0, 0 FROM push_targets t
            WHERE EXISTS (SELECT 1 FROM push_resources r WHERE r.client_id = t.client_id AND r.kind = 'user' AND r.local_id = NEW.id)
            OR EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id JOIN clients k ON k.environment_id = g.environment_id
                WHERE m.user_id = NEW.id AND k.id = t.client_id)
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    ELSIF TG_TABLE_NAME = 'organisations' THEN
        -- All at home in it or below. Who that is, is worked out later.
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'organisation', NEW.id, 1, 0, 0 FROM push_targets t
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    ELSIF TG_TABLE_NAME = 'module_accesses' THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'organisation', COALESCE(NEW.organisation_id, OLD.organisation_id), 1, 0, 0
            FROM push_targets t JOIN clients k ON k.id = t.client_id JOIN environments e ON e.id = k.environment_id
            WHERE e.application_id = COALESCE(NEW.application_id, OLD.application_id)
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    ELSIF TG_TABLE_NAME = 'groups' THEN
        INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
            SELECT t.client_id, 'group', COALESCE(NEW.id, OLD.id), 1, 0, 0 FROM push_targets t JOIN clients k ON k.id = t.client_id
            WHERE k.environment_id IN (OLD.environment_id, NEW.environment_id)
            ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER push_member AFTER INSERT ON memberships
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION push_members();
CREATE TRIGGER push_member_gone AFTER DELETE ON memberships
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION push_members();
CREATE TRIGGER push_member_until AFTER UPDATE OF until ON memberships
    FOR EACH ROW WHEN (OLD.until IS DISTINCT FROM NEW.until) EXECUTE FUNCTION push_row();
CREATE TRIGGER push_person AFTER UPDATE OF user_name, given_name, family_name, email, phone, locale, company_id, organisation_id, active,
    blocked, deleted_at, account_expires_at ON users
    FOR EACH ROW WHEN ((OLD.user_name, OLD.given_name, OLD.family_name, OLD.email, OLD.phone, OLD.locale, OLD.company_id, OLD.organisation_id,
        OLD.active, OLD.blocked, OLD.deleted_at, OLD.account_expires_at)
        IS DISTINCT FROM (NEW.user_name, NEW.given_name, NEW.family_name, NEW.email, NEW.phone, NEW.locale, NEW.company_id, NEW.organisation_id,
        NEW.active, NEW.blocked, NEW.deleted_at, NEW.account_expires_at)) EXECUTE FUNCTION push_row();
CREATE TRIGGER push_organisation AFTER UPDATE OF status, parent_id, name ON organisations
    FOR EACH ROW WHEN ((OLD.status, OLD.parent_id, OLD.name) IS DISTINCT FROM (NEW.status, NEW.parent_id, NEW.name)) EXECUTE FUNCTION push_row();
CREATE TRIGGER push_module AFTER INSERT OR DELETE ON module_accesses
    FOR EACH ROW EXECUTE FUNCTION push_row();
CREATE TRIGGER push_group AFTER INSERT OR DELETE ON groups
    FOR EACH ROW EXECUTE FUNCTION push_row();
CREATE TRIGGER push_group_changed AFTER UPDATE OF code, environment_id ON groups
    FOR EACH ROW WHEN ((OLD.code, OLD.environment_id) IS DISTINCT FROM (NEW.code, NEW.environment_id)) EXECUTE FUNCTION push_row();
