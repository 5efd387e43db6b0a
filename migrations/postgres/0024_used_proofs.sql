-- Signed proofs that work once, on all nodes: client assertions (RFC 7523 §3), DPoP proofs (RFC 9449 §11.1). A row is the SHA-256 of what
-- names the proof, and the instant from which it is refused for its age anyway.
CREATE TABLE used_proofs (
    digest      BYTEA   NOT NULL PRIMARY KEY,
    expires_at  BIGINT  NOT NULL
);
CREATE INDEX used_proofs_expires ON used_proofs (expires_at);
