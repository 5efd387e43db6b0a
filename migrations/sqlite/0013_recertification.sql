-- What has to be confirmed from time to time (issue: recertification; docs/adr/0013-recertification.md).

-- The round that an organisation is in, or was in last. `reminders`: how many of the three went out, the last of them when.
CREATE TABLE recertifications (
    organisation_id  BLOB     NOT NULL PRIMARY KEY REFERENCES organisations (id),
    opened_at        BIGINT   NOT NULL,
    due_at           BIGINT   NOT NULL,
    memberships      BOOLEAN  NOT NULL,
    reminders        BIGINT   NOT NULL,
    reminded_at      BIGINT,
    closed_at        BIGINT
);
CREATE INDEX recertifications_due ON recertifications (due_at) WHERE closed_at IS NULL;

-- Who was sent which reminder on which day: one mail, however many organisations somebody administers.
CREATE TABLE recertification_reminders (
    user_id  BLOB    NOT NULL REFERENCES users (id),
    number   BIGINT  NOT NULL,
    day      TEXT    NOT NULL,
    PRIMARY KEY (user_id, number, day)
);

-- When somebody said last that it is still needed.
ALTER TABLE role_assignments ADD COLUMN kept_at BIGINT;
ALTER TABLE memberships ADD COLUMN kept_at BIGINT;
