-- Authorization requests that clients brought themselves (RFC 9126), by the SHA-256 of the name that a browser brings. Used up when the
-- authorization is complete; kept until no browser can be on the way with it any more.
CREATE TABLE pushed_requests (
    digest      BLOB   NOT NULL PRIMARY KEY,
    client_id   BLOB   NOT NULL REFERENCES clients (id),
    parameters  TEXT   NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT
);
CREATE INDEX pushed_requests_expires ON pushed_requests (expires_at);
CREATE INDEX pushed_requests_client ON pushed_requests (client_id);
