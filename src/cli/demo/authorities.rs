//! Who and what is in the world of `demo --profile imi`: countries, authorities, two modules, people.

use super::people::Person;
use super::seeder::Group;

pub(super) const COMMISSION: &str = "European Commission";
pub(super) const GERMANY: &str = "Coordination Germany";
pub(super) const FRANCE: &str = "Coordination France";
const MINISTRY: &str = "Ministry of Health Bavaria";
const NURSING: &str = "Nursing Board Munich";
const CHAMBER: &str = "Chamber of Crafts Leipzig";
pub(super) const LYON: &str = "Health Agency Lyon";
const LILLE: &str = "Labour Inspectorate Lille";

/// Name, the coordinator of its country, the country.
pub(super) const AUTHORITIES: &[(&str, &str, &str)] = &[
    (MINISTRY, GERMANY, "DE"),
    (NURSING, GERMANY, "DE"),
    (CHAMBER, GERMANY, "DE"),
    (LYON, FRANCE, "FR"),
    (LILLE, FRANCE, "FR"),
];

/// The managed authority, and one that manages it beside the coordinator of the country.
pub(super) const MANAGED: (&str, &str) = (NURSING, MINISTRY);

/// Code, name, what it is for, its classes, its settings.
pub(super) const MODULES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "PQ",
        "Professional Qualifications",
        "Questions about diplomas and the right to practise",
        "NURSES = Nurses\nNURSES.de = Pflegekräfte\nNURSES.fr = Infirmiers\nTEACHERS = Teachers\nTEACHERS.de = Lehrkräfte\nTEACHERS.fr = Enseignants\n\
         CRAFTS = Crafts\nCRAFTS.de = Handwerk\nCRAFTS.fr = Artisanat",
        r#"{"type": "object", "properties": {
            "approval": {"type": "boolean", "title": "Requests are approved before they are sent"},
            "may_refuse": {"type": "boolean", "title": "May refuse requests"},
            "allocation": {"type": "string", "enum": ["by-user", "by-coordinator"], "title": "Allocation"}}}"#,
    ),
    (
        "PW",
        "Posting of Workers",
        "Questions about workers who are posted to another country",
        "",
        r#"{"type": "object", "properties": {"may_refuse": {"type": "boolean", "title": "May refuse requests"}}}"#,
    ),
];

pub(super) const GROUPS: &[Group] = &[
    ("PQ", "production", "PQ_HANDLER", "Request handlers", "Sends, answers and refuses requests."),
    ("PQ", "production", "PQ_VIEWER", "Viewers", "Reads requests."),
    ("PW", "production", "PW_HANDLER", "Request handlers", "Sends, answers and refuses requests."),
];

/// Module access: authority, module, whether as coordinator, the coordinator it names, its classes, its settings.
pub(super) type Access =
    (&'static str, &'static str, bool, Option<&'static str>, &'static [&'static str], &'static str);

pub(super) const ACCESS: &[Access] = &[
    (MINISTRY, "PQ", true, None, &["NURSES"], r#"{"allocation": "by-coordinator"}"#),
    (NURSING, "PQ", false, Some(MINISTRY), &["NURSES"], r#"{"approval": false, "may_refuse": true}"#),
    (CHAMBER, "PQ", false, None, &["CRAFTS"], r#"{"may_refuse": false}"#),
    (CHAMBER, "PW", false, None, &[], "{}"),
    (LYON, "PQ", false, None, &["NURSES"], r#"{"may_refuse": true}"#),
    (LILLE, "PW", false, None, &[], r#"{"may_refuse": true}"#),
];

/// What is suspended at once: complete-only.
pub(super) const SUSPENDED: (&str, &str) = (CHAMBER, "PQ");

type Roles = &'static [(&'static str, &'static str, &'static [&'static str])];

const fn person(
    (given_name, family_name): (&'static str, &'static str),
    (email, phone): (&'static str, &'static str),
    home: &'static str,
    roles: Roles,
    groups: &'static [&'static str],
) -> Person {
    Person { given_name, family_name, email, phone, home, roles, groups }
}

/// Who is there before the authorities are; the first one of each place is its Administrator besides.
pub(super) const COORDINATORS: &[Person] = &[
    person(
        ("Olga", "Meyer"),
        ("olga.meyer@commission.example", "+3222000001"),
        COMMISSION,
        &[("Operator", COMMISSION, &[])],
        &[],
    ),
    person(
        ("Otto", "Lind"),
        ("otto.lind@commission.example", "+3222000002"),
        COMMISSION,
        &[("Operator", COMMISSION, &[])],
        &[],
    ),
    person(
        ("Nina", "Koch"),
        ("nina.koch@germany.example", "+4930100001"),
        GERMANY,
        &[("NationalCoordinator", GERMANY, &[])],
        &[],
    ),
    person(
        ("Rosa", "Stein"),
        ("rosa.stein@germany.example", "+4930100002"),
        GERMANY,
        &[("RegistrationDelegate", GERMANY, &[])],
        &[],
    ),
    person(
        ("Max", "Adler"),
        ("max.adler@germany.example", "+4930100003"),
        GERMANY,
        &[("ModuleDelegate", GERMANY, &["PQ"])],
        &[],
    ),
    person(
        ("Francine", "Moreau"),
        ("francine.moreau@france.example", "+33140100001"),
        FRANCE,
        &[("NationalCoordinator", FRANCE, &[])],
        &[],
    ),
];

/// The first person of each authority: its Administrator.
pub(super) const ADMINISTRATORS: &[Person] = &[
    person(("Maria", "Huber"), ("maria.huber@ministry.example", "+4989100001"), MINISTRY, &[], &[]),
    person(("Anton", "Berg"), ("anton.berg@nursing.example", "+4989200001"), NURSING, &[], &[]),
    person(("Olaf", "Kern"), ("olaf.kern@crafts.example", "+4934100001"), CHAMBER, &[], &[]),
    person(("Luc", "Petit"), ("luc.petit@lyon.example", "+33472100001"), LYON, &[], &[]),
    person(("Lea", "Martin"), ("lea.martin@lille.example", "+33320100001"), LILLE, &[], &[]),
];

/// Who works in a module without administering anything.
pub(super) const STAFF: &[Person] = &[
    person(("Clara", "Weiss"), ("clara.weiss@nursing.example", "+4989200002"), NURSING, &[], &["PQ_HANDLER"]),
    person(("Vera", "Blum"), ("vera.blum@nursing.example", "+4989200003"), NURSING, &[], &["PQ_VIEWER"]),
];

/// Who has registered by an invitation and waits to be validated: address, authority, phone and names of the first user.
pub(super) const APPLICANT: (&str, &str, &str, (&str, &str)) =
    ("thea.lang@teachers.example", "Teachers' Board Dresden", "+4935110001", ("Thea", "Lang"));

/// The coordinator who has invited them.
pub(super) const INVITED_BY: &str = "nina.koch@germany.example";
