//! Checks what a profile says about organisations that manage others, and about what comes by itself.

use toml::Spanned;

use super::check::Checker;
use super::file::{RoleFile, ScopeWord, SubLevelsWord};
use super::role::permissions;
use crate::authority::{Permission, PermissionSet};

/// What a role carries in its own scope, over what is managed, and over the country.
struct Carried {
    own: PermissionSet,
    managed: PermissionSet,
    country: PermissionSet,
}

impl Carried {
    fn by(file: &RoleFile) -> Self {
        Self {
            own: permissions(&file.permissions),
            managed: permissions(&file.managed_permissions),
            country: permissions(&file.country_permissions),
        }
    }

    /// Each set that such a role hands on, with each set by which `giver` may do so.
    fn handed_on_by<'a>(&'a self, giver: &'a Self) -> Vec<(PermissionSet, PermissionSet)> {
        let or_own = |set: PermissionSet| if set.is_empty() { giver.own } else { set };
        let mut pairs = vec![(self.managed, or_own(giver.managed)), (self.country, or_own(giver.country))];
        if giver.managed.contains(Permission::RoleGrant) {
            pairs.push((self.own, giver.managed));
        }
        pairs
    }
}

impl Checker<'_> {
    /// What belongs together in roles that reach what an organisation manages, and in those that come by themselves.
    pub(super) fn managing(&mut self, files: &[Spanned<RoleFile>]) {
        let first = files.iter().map(Spanned::as_ref).filter(|file| file.first_user);
        for second in first.skip(1) {
            let message = format!("role `{}` is a second one for the first person", second.code.as_ref());
            self.report(&second.code, message, "let one role alone be the one of the first person");
        }
        for file in files.iter().map(Spanned::as_ref) {
            let carried = Carried::by(file);
            let code = &file.code;
            let of_one = matches!(file.scope, ScopeWord::Organisation)
                && matches!(file.sub_levels, SubLevelsWord::Never)
                && !file.nominated
                && file.requires.is_empty();
            let reaches_managed = !carried.managed.is_empty() || !carried.country.is_empty();
            if reaches_managed && !of_one {
                let message = format!("role `{}` cannot reach what an organisation manages", code.as_ref());
                self.report(code, message, "let it be a role of scope `organisation` with `sub_levels = \"never\"`, by grant and without `requires`");
            }
            if carried.managed.is_empty() && !carried.country.is_empty() {
                let message = format!("role `{}` has a country and manages nothing", code.as_ref());
                self.report(code, message, "add `managed_permissions`");
            }
            let plain = matches!(file.scope, ScopeWord::Organisation) && !file.nominated;
            if (file.first_user || file.auto_groups) && !plain {
                let message = format!("role `{}` cannot come by itself", code.as_ref());
                self.report(code, message, "let it be a role of scope `organisation` that is granted");
            }
            self.handed_on_wider(file, &carried, files);
        }
    }

    /// D4: nobody hands on, over what is managed, what they do not hold there.
    fn handed_on_wider(&mut self, file: &RoleFile, carried: &Carried, files: &[Spanned<RoleFile>]) {
        for rule in &file.granted_by {
            let giver = files.iter().map(Spanned::as_ref).find(|other| *other.code.as_ref() == rule.as_ref().role);
            let Some(giver) = giver.filter(|giver| !matches!(giver.scope, ScopeWord::System)) else { continue };
            let held = Carried::by(giver);
            for (given, by) in carried.handed_on_by(&held) {
                if let Some(beyond) = given.iter().find(|permission| !by.contains(*permission)) {
                    let (code, from) = (file.code.as_ref(), giver.code.as_ref());
                    let message =
                        format!("`{from}` would hand on `{beyond}` with role `{code}` without holding it there");
                    self.report(rule, message, "let the giver hold it over what is managed, or the role not");
                }
            }
        }
    }
}
