-- Whoever a service answers to by whose secret it named somebody: they take nothing by it and decide on nothing of it (D5, D11).
ALTER TABLE nominations ADD COLUMN kept_by BLOB;
-- Of those that services made before nobody is known who answers for them: they are made anew.
UPDATE nominations SET state = 'withdrawn', answered_at = nominated_at WHERE state = 'open' AND nominated_by_kind = 'service';
