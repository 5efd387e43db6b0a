-- Roles that begin later are told of when they do (src/signals).
CREATE INDEX role_assignments_from ON role_assignments (valid_from);
