-- Roles that wait until somebody confirms them: few among all, asked for on My Tasks (D11).
CREATE INDEX role_assignments_pending ON role_assignments (granted_at, id) WHERE state = 'pending';
