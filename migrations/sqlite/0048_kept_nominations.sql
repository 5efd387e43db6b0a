-- Whoever a service answers to by whose secret it named somebody: they take nothing by it and decide on nothing of it (D5, D11).
ALTER TABLE nominations ADD COLUMN kept_by BLOB;
