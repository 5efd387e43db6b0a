-- When the scanner is asked next about a document: one that it cannot look at waits longer each time and holds up no other (P62).
ALTER TABLE amendment_documents ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE amendment_documents ADD COLUMN next_scan_at BIGINT NOT NULL DEFAULT 0;
DROP INDEX amendment_documents_waiting;
CREATE INDEX amendment_documents_waiting ON amendment_documents (next_scan_at, id) WHERE checked = 'waiting' AND content IS NOT NULL;
