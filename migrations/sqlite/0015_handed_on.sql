-- What was handed on by a role ends with it (I02).
CREATE INDEX role_assignments_granted_via ON role_assignments (granted_via) WHERE granted_via IS NOT NULL;
