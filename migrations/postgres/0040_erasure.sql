-- When what was stored of a deleted person was erased (GDPR Art. 17). What is left is a row without a name, so that its id is never anybody else's.
ALTER TABLE users ADD COLUMN erased_at BIGINT;

-- Who can still be restored or waits to be erased: rows that were erased pile up and are not walked over.
DROP INDEX users_deleted;
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
