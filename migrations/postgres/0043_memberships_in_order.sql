-- The members of a group in the order of their memberships: pages behind a cursor cost the same however many there are.
CREATE INDEX memberships_group_id ON memberships (group_id, id);
