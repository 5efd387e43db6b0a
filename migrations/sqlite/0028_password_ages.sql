-- How old passwords are: shown and searched for with the person (I69), and reminded of before they expire (I65, I66).
ALTER TABLE users ADD COLUMN password_changed_at BIGINT;
UPDATE users SET password_changed_at = (SELECT p.changed_at FROM passwords p WHERE p.user_id = users.id);
CREATE INDEX users_password_changed ON users (password_changed_at) WHERE deleted_at IS NULL AND password_changed_at IS NOT NULL;

-- How many days before its end somebody was last reminded of the present password.
ALTER TABLE passwords ADD COLUMN reminded_days BIGINT;

-- Hashes of passwords that must not be chosen again (I84).
CREATE TABLE password_history (
    user_id      BLOB    NOT NULL REFERENCES users (id),
    hash         TEXT    NOT NULL,
    replaced_at  BIGINT  NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- When the owner of an account was told the user name that was made up for them, not by mail (I18).
ALTER TABLE users ADD COLUMN user_name_told_at BIGINT;
