-- What goes with module access besides its kind: the classification and the settings that the module asks for (delegation.md §1).

-- What a module may be classified by (a list of codes with labels per language) and which settings it has (a JSON Schema). Both are
-- JSON. An application without a row asks for neither.
CREATE TABLE module_catalogues (
    application_id   UUID  NOT NULL PRIMARY KEY REFERENCES applications (id),
    classification   TEXT  NOT NULL,
    settings_schema  TEXT
);

-- The codes chosen, as a JSON array, and the settings, as a JSON object.
ALTER TABLE module_accesses ADD COLUMN classification TEXT NOT NULL DEFAULT '[]';
ALTER TABLE module_accesses ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
