//! What module access may look like. Pure.

use super::error::ModuleError;
use super::model::{Coordinators, MAX_COORDINATORS, ModuleAccess, ModuleKind, ModuleRules, ModuleStatus};

/// Whether an organisation of this kind names as many coordinators as the application wants (I28, I54).
pub fn check_count(rules: ModuleRules, kind: ModuleKind, named: usize) -> Result<(), ModuleError> {
    if named > MAX_COORDINATORS {
        return Err(ModuleError::TooManyCoordinators);
    }
    let forbidden = kind == ModuleKind::Coordinator || rules.coordinators == Coordinators::Forbidden;
    match (forbidden, rules.coordinators, named) {
        (true, _, 1..) => Err(ModuleError::CoordinatorForbidden),
        (false, Coordinators::Required, 0) => Err(ModuleError::CoordinatorMissing),
        _ => Ok(()),
    }
}

/// I57, D9: kinds are exchanged while the access is suspended, and nobody is left with a coordinator that is none.
pub fn check_kind(before: &ModuleAccess, kind: ModuleKind, named_by: i64) -> Result<(), ModuleError> {
    if before.terms.kind == kind {
        Ok(())
    } else if before.status == ModuleStatus::Active {
        Err(ModuleError::KindWhileActive)
    } else if named_by > 0 {
        Err(ModuleError::Named)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I28, I54: required, forbidden or optional for authorities; never for coordinators.
    #[test]
    fn coordinators_are_named_as_the_application_says() {
        let rules = |coordinators| ModuleRules { required: true, coordinators };
        let ok = |coordinators, kind, named| check_count(rules(coordinators), kind, named).is_ok();
        for (coordinators, none, one) in [
            (Coordinators::Forbidden, true, false),
            (Coordinators::Optional, true, true),
            (Coordinators::Required, false, true),
        ] {
            let authority = ModuleKind::Authority;
            assert_eq!((ok(coordinators, authority, 0), ok(coordinators, authority, 1)), (none, one));
            assert!(ok(coordinators, ModuleKind::Coordinator, 0) && !ok(coordinators, ModuleKind::Coordinator, 1));
        }
        assert!(!ok(Coordinators::Optional, ModuleKind::Authority, MAX_COORDINATORS + 1));
    }
}
