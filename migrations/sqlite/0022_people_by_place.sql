-- The order of the people within each organisation, for pages that are merged from many organisations (docs/performance.md).
-- Family names have theirs already: users_organisation.
CREATE INDEX users_given_name_here ON users (organisation_id, given_name_folded, family_name_folded, number) WHERE deleted_at IS NULL;
CREATE INDEX users_email_here ON users (organisation_id, email_folded, number) WHERE deleted_at IS NULL;
CREATE INDEX users_phone_here ON users (organisation_id, phone, number) WHERE deleted_at IS NULL;
