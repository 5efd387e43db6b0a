-- What an organisation asks of the sign-in of its people and of those of all below it (ADR 0020): a row where one asks for something.
CREATE TABLE sign_in_rules (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    second_factor   TEXT NOT NULL DEFAULT 'any' CHECK (second_factor IN ('any', 'app', 'passkey')),
    -- The code of a set of rules of the profile; NULL for those of the organisation above.
    password_set    TEXT
);

-- The same for one environment of an application.
ALTER TABLE environments ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'any' CHECK (second_factor IN ('any', 'app', 'passkey'));
