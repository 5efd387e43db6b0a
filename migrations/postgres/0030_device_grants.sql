-- Devices that wait for their person (RFC 8628), by the SHA-256 of the device code. The code that is typed is found by its HMAC under the
-- key of the installation: it is too short for a plain digest. `approved` is not set until somebody has decided; what was approved goes on
-- as an authorization code. `interval_seconds` grows when a device asks too often.
CREATE TABLE device_grants (
    digest            BYTEA    NOT NULL PRIMARY KEY,
    user_code         BYTEA    NOT NULL,
    client_id         UUID     NOT NULL REFERENCES clients (id),
    parameters        JSONB    NOT NULL,
    interval_seconds  BIGINT   NOT NULL,
    created_at        BIGINT   NOT NULL,
    expires_at        BIGINT   NOT NULL,
    polled_at         BIGINT,
    approved          BOOLEAN
);
CREATE UNIQUE INDEX device_grants_user_code_key ON device_grants (user_code);
CREATE INDEX device_grants_expires ON device_grants (expires_at);
CREATE INDEX device_grants_client ON device_grants (client_id);
