-- Passwords that other providers hashed, until their owners sign in: by which function, and with which parameters. NULL is ours.
ALTER TABLE passwords ADD COLUMN scheme TEXT;
CREATE INDEX passwords_scheme ON passwords (scheme) WHERE scheme IS NOT NULL;
