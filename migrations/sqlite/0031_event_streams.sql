-- Streams of events that applications set up for themselves (SSF 1.0): one of a client. The header by which it knows us is sealed.
CREATE TABLE event_streams (
    id              BLOB    NOT NULL PRIMARY KEY,
    client_id       BLOB    NOT NULL REFERENCES clients (id),
    method          TEXT    NOT NULL,
    endpoint_url    TEXT,
    sealed_header   BLOB,
    requested       TEXT,
    description     TEXT,
    status          TEXT    NOT NULL,
    reason          TEXT,
    verified_at     BIGINT,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX event_streams_client_id_key ON event_streams (client_id);

-- Of whom a stream says nothing, by the names that its client uses: whether they are anybody's is not asked.
CREATE TABLE event_stream_silences (
    stream_id   BLOB    NOT NULL REFERENCES event_streams (id),
    subject     TEXT    NOT NULL,
    PRIMARY KEY (stream_id, subject)
);

-- What waits to be fetched, or until a stream goes on.
CREATE INDEX signal_deliveries_held ON signal_deliveries (client_id, id) WHERE state = 'held';

-- An address that was somebody's until now.
ALTER TABLE signal_changes ADD COLUMN former TEXT;

CREATE TRIGGER signal_password AFTER UPDATE OF changed_at ON passwords WHEN OLD.changed_at <> NEW.changed_at BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('password', NEW.user_id);
END;
CREATE TRIGGER signal_phone AFTER UPDATE OF phone ON users WHEN OLD.phone <> NEW.phone AND NEW.deleted_at IS NULL BEGIN
    INSERT INTO signal_changes (kind, user_id) VALUES ('phone', NEW.id);
END;
CREATE TRIGGER signal_email AFTER UPDATE OF email ON users WHEN OLD.email <> NEW.email AND NEW.deleted_at IS NULL BEGIN
    INSERT INTO signal_changes (kind, user_id, former) VALUES ('email', NEW.id, OLD.email);
END;
