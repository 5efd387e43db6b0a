//! The pattern of nominations of the manual (P25–P73), written out again by hand: what the product is compared with.

/// Roles of organisations.
pub const OF_ORGANISATION: [&str; 3] = ["LEAR", "AccountAdministrator", "FinancialSignatory"];

/// Roles of projects.
pub const OF_PROJECT: [&str; 6] = [
    "PrimaryCoordinatorContact",
    "CoordinatorContact",
    "ParticipantContact",
    "TaskManager",
    "TeamMember",
    "ProjectFinancialSignatory",
];

/// All of them, those of organisations first.
pub fn roles() -> Vec<&'static str> {
    [&OF_ORGANISATION[..], &OF_PROJECT[..]].concat()
}

/// Whether the holder of one role names people for another, by whether both are of the same organisation and in the same project.
pub fn names(giver: &str, role: &str, here: bool, same_project: bool) -> bool {
    match (giver, role) {
        ("Operator", _) => true,
        ("LEAR", "AccountAdministrator" | "FinancialSignatory") => here,
        ("AccountAdministrator", "FinancialSignatory") => here,
        ("PrimaryCoordinatorContact", "ParticipantContact") => same_project,
        (
            "PrimaryCoordinatorContact" | "CoordinatorContact",
            "CoordinatorContact" | "TaskManager" | "TeamMember" | "ProjectFinancialSignatory",
        ) => same_project && here,
        ("ParticipantContact", "ParticipantContact" | "TaskManager" | "TeamMember" | "ProjectFinancialSignatory") => {
            same_project && here
        }
        _ => false,
    }
}
