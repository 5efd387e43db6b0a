//! Migrations: run in order under a lock, each in its own transaction, each remembered with the digest of its text.
//!
//! The files are embedded in the binary, one folder per engine with the same names. A schema that holds a migration
//! this binary does not know, or one whose text differs, is refused: an older binary never writes into a newer schema.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::error::{Error, Result};
use super::pools::{Db, Engine};
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;

/// One migration: version, name, and its text per engine.
struct File {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! files {
    ($($version:literal $name:literal;)*) => {
        /// All migrations, oldest first.
        const FILES: &[File] = &[$(File {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        },)*];
    };
}

files! {
    1 "0001_directory";
    2 "0002_sign_in";
    3 "0003_oidc";
    4 "0004_projects";
    5 "0005_modules";
    6 "0006_module_terms";
    7 "0007_delegated_tokens";
    8 "0008_organisation_details";
    9 "0009_module_proposals";
    10 "0010_registrations";
    11 "0011_access_managers";
    12 "0012_signals";
    13 "0013_recertification";
    14 "0014_deputies";
    15 "0015_handed_on";
    16 "0016_look_up";
    17 "0017_mailings";
    18 "0018_terms_of_use";
    19 "0019_amendments";
    20 "0020_document_scans";
    21 "0021_mailing_digests";
    22 "0022_people_by_place";
    23 "0023_revoked_tokens";
    24 "0024_used_proofs";
    25 "0025_pushed_requests";
    26 "0026_bound_tokens";
    27 "0027_client_registrations";
    28 "0028_password_ages";
    29 "0029_certificates";
    30 "0030_device_grants";
    31 "0031_event_streams";
    32 "0032_opaque_tokens";
    33 "0033_client_activity";
    34 "0034_provisioning_tokens";
    35 "0035_push";
    36 "0036_kept_secrets";
    37 "0037_factors";
    38 "0038_strength";
    39 "0039_foreign_hashes";
    40 "0040_erasure";
    41 "0041_sign_in_rules";
    42 "0042_devices";
    43 "0043_memberships_in_order";
    44 "0044_roles_to_come";
    45 "0045_roles_proposed";
    46 "0046_nested_groups";
    47 "0047_nested_later";
    48 "0048_kept_nominations";
    49 "0049_assurance_told";
}

/// The version that this binary writes.
pub fn latest_version() -> i64 {
    FILES.last().map_or(0, |file| file.version)
}

/// Names this set of migrations: changes whenever a text does.
pub fn fingerprint() -> String {
    let texts: String = FILES.iter().map(|file| [file.name, file.sqlite, file.postgres].concat()).collect();
    hex(Digest::of(texts.as_bytes()).as_bytes()).chars().take(16).collect()
}

fn migrator(engine: Engine) -> Migrator {
    let migrations = FILES.iter().map(|file| {
        let text = match engine {
            Engine::Sqlite => file.sqlite,
            Engine::Postgres => file.postgres,
        };
        Migration::new(file.version, Cow::Borrowed(file.name), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings the schema to [`latest_version`]. Waits for another node that is at it; refuses a newer or a changed schema.
pub async fn run(db: &Db) -> Result<()> {
    db.migrate(&migrator(db.engine())).await.map_err(explain)
}

fn explain(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => Error::Schema(format!(
            "the database was written by a newer version of chamberlain (migration {version} is unknown here); start that version, or restore a backup"
        )),
        MigrateError::VersionMismatch(version) => Error::Schema(format!(
            "migration {version} in the database differs from the one in this binary; start the version that wrote the database"
        )),
        other => Error::Schema(format!("the database could not be migrated: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file beside the others that is in no list would be run on no database.
    #[test]
    fn every_file_is_run_in_order() {
        for engine in ["sqlite", "postgres"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
            let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
            let mut there: Vec<String> = folder.read_dir().unwrap().map(name).collect();
            there.sort();
            let listed: Vec<String> = FILES.iter().map(|file| format!("{}.sql", file.name)).collect();
            assert_eq!(there, listed, "{engine}");
        }
        assert!(FILES.iter().zip(1..).all(|(file, number)| file.version == number));
    }
}
