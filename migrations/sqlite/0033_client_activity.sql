-- When each service was here last; written once a minute at most.
CREATE TABLE client_uses (
    client_id     BLOB    NOT NULL PRIMARY KEY REFERENCES clients (id),
    last_used_at  BIGINT  NOT NULL
);

-- What was tolerated of its requests: how often, and when last.
CREATE TABLE client_habits (
    client_id  BLOB    NOT NULL REFERENCES clients (id),
    habit      TEXT    NOT NULL,
    times      BIGINT  NOT NULL,
    last_at    BIGINT  NOT NULL,
    PRIMARY KEY (client_id, habit)
);

-- Its requests by SCIM, without what was in them: the newest of each. Their ids are made in the order of time.
CREATE TABLE client_requests (
    id         BLOB    NOT NULL PRIMARY KEY,
    client_id  BLOB    NOT NULL REFERENCES clients (id),
    at         BIGINT  NOT NULL,
    method     TEXT    NOT NULL,
    path       TEXT    NOT NULL,
    status     BIGINT  NOT NULL,
    scim_type  TEXT,
    micros     BIGINT  NOT NULL,
    bytes      BIGINT
);
CREATE INDEX client_requests_client ON client_requests (client_id, id);
CREATE INDEX client_requests_at ON client_requests (at);
