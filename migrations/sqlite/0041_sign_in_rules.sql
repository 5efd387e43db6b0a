-- How strongly the people of an organisation and of all below it have to prove who they are (ADR 0020): a row where one asks for something.
CREATE TABLE sign_in_rules (
    organisation_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    second_factor   TEXT NOT NULL CHECK (second_factor IN ('app', 'passkey'))
);

-- The same for one environment of an application.
ALTER TABLE environments ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'any' CHECK (second_factor IN ('any', 'app', 'passkey'));
