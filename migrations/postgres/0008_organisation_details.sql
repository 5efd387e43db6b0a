-- What is known of an organisation beside its name: how it is reached, what it is called in each language, by which official
-- identifiers others know it, and what it does, in the words of the profile's vocabularies.

CREATE TABLE organisation_contacts (
    organisation_id  UUID  NOT NULL PRIMARY KEY REFERENCES organisations (id),
    phone            TEXT,
    address          TEXT,
    website          TEXT
);

CREATE TABLE organisation_titles (
    organisation_id  UUID  NOT NULL REFERENCES organisations (id),
    language         TEXT  NOT NULL,
    legal_name       TEXT,
    informal_title   TEXT,
    PRIMARY KEY (organisation_id, language)
);

-- An identifier of a scheme belongs to one organisation.
CREATE TABLE organisation_identifiers (
    organisation_id  UUID  NOT NULL REFERENCES organisations (id),
    scheme           TEXT  NOT NULL,
    value            TEXT  NOT NULL,
    PRIMARY KEY (organisation_id, scheme)
);
CREATE UNIQUE INDEX organisation_identifiers_scheme_value_key ON organisation_identifiers (scheme, value);

CREATE TABLE organisation_classifications (
    organisation_id  UUID  NOT NULL REFERENCES organisations (id),
    vocabulary       TEXT  NOT NULL,
    code             TEXT  NOT NULL,
    PRIMARY KEY (organisation_id, vocabulary, code)
);
CREATE INDEX organisation_classifications_code ON organisation_classifications (vocabulary, code, organisation_id);

-- By what an organisation of a similar name is found: pairs of the beginnings of words, with the words of the whole name.
CREATE TABLE organisation_name_keys (
    key              TEXT  NOT NULL,
    organisation_id  UUID  NOT NULL REFERENCES organisations (id),
    words            TEXT  NOT NULL,
    PRIMARY KEY (key, organisation_id, words)
);
CREATE INDEX organisation_name_keys_organisation ON organisation_name_keys (organisation_id);
