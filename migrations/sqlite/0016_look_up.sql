-- By which words of its names and titles, in any language, an organisation is found in the general directory (I88).
CREATE TABLE organisation_words (
    organisation_id  BLOB  NOT NULL REFERENCES organisations (id),
    word             TEXT  NOT NULL,
    PRIMARY KEY (organisation_id, word)
);
CREATE INDEX organisation_words_word ON organisation_words (word, organisation_id);

-- A page of it begins after a name; and those of one country.
CREATE INDEX organisations_name ON organisations (name_folded, id);
DROP INDEX organisations_name_folded;
CREATE INDEX organisations_country ON organisations (country, id);
