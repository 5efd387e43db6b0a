//! Pages behind the sign-in: menus by what the person may do, notices after a change.

use super::help;
use super::signed_in::SignedIn;
use crate::authority::{Permission, scopes};
use crate::locale;
use crate::web::page::{MenuItem, Notice, Reminder};
use crate::web::{Form, Page};

/// Which entry of the main menu a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// My Apps.
    Apps,
    /// One's own account.
    Account,
    /// The general directory of organisations.
    Directory,
    /// My Projects.
    Projects,
    /// My Organisations.
    Organisations,
    /// My Tasks.
    Tasks,
    /// Users.
    Users,
    /// My scope.
    Scope,
    /// Levels.
    Levels,
    /// Mails to the people of organisations.
    Mail,
    /// Modules and who should hold them.
    Modules,
    /// Invitations to register.
    Invitations,
    /// Applications.
    Applications,
    /// OIDC clients.
    Clients,
    /// Audit log.
    Audit,
    /// Help: of no entry of the menu.
    Help,
}

const MAIN: &[(Area, &str, &str, Option<Permission>)] = &[
    (Area::Apps, "/", "menu-apps", None),
    (Area::Directory, "/directory", "menu-directory", None),
    (Area::Projects, "/projects", "menu-projects", None),
    (Area::Organisations, "/organisations", "menu-organisations", None),
    (Area::Tasks, "/tasks", "menu-tasks", None),
    (Area::Users, "/admin/users", "menu-users", Some(Permission::UserRead)),
    (Area::Scope, "/admin/scope", "menu-scope", Some(Permission::RoleRead)),
    (Area::Levels, "/admin/levels", "menu-levels", Some(Permission::OrganisationUpdate)),
    (Area::Mail, "/admin/mail", "menu-mail", Some(Permission::OrganisationWriteTo)),
    (Area::Modules, "/admin/modules", "menu-modules", Some(Permission::ModulePropose)),
    (Area::Invitations, "/admin/invitations", "menu-invitations", Some(Permission::OrganisationCreate)),
    (Area::Applications, "/admin/applications", "menu-applications", Some(Permission::ApplicationManage)),
    (Area::Clients, "/admin/clients", "menu-clients", Some(Permission::ClientManage)),
    (Area::Clients, "/admin/clients", "menu-services", Some(Permission::ServiceManage)),
    (Area::Audit, "/admin/audit", "menu-audit", Some(Permission::AuditRead)),
    (Area::Account, "/profile", "menu-account", None),
];

const ACCOUNT: &[(&str, &str)] = &[
    ("/profile", "menu-profile"),
    ("/security", "menu-security"),
    ("/sessions", "menu-sessions"),
    ("/tokens", "menu-tokens"),
    ("/permissions", "menu-permissions"),
    ("/history", "menu-history"),
    ("/access", "menu-access"),
    ("/data", "menu-data"),
];

impl SignedIn {
    /// A page of an area; the title is the key of a text.
    pub fn page(&self, area: Area, title_key: &str) -> Page {
        let mut page = Page::new(&self.app, &self.info, title_key);
        page.person = Some(format!("{} {}", self.user.given_name, self.user.family_name));
        page.menu = self.menu(area);
        let path = page.path.split('?').next().unwrap_or_default().to_owned();
        if area == Area::Account {
            page.section = ACCOUNT
                .iter()
                .filter(|(target, _)| *target != "/tokens" || self.lends())
                .map(|(target, key)| MenuItem { path: target, key, current: path.starts_with(target) })
                .collect();
        }
        page.notice = notice(&page);
        page.help = help::part_of(area);
        page.is_too_late = area != Area::Account && !self.app.door.is_elevated(&self.ctx);
        page.reminder = self.reminder(&page);
        page
    }

    /// What waits for them: terms to be accepted, or a stronger sign-in.
    fn reminder(&self, page: &Page) -> Option<Reminder> {
        let now = self.ctx.now;
        let accepting = self.authority.lacking(now).next().map(|(held, terms)| Reminder {
            text: page.t1("terms-reminder", "role", &held.role),
            link: format!("/terms/accept?terms={terms}&return=/access"),
            link_text: page.t("terms-read"),
        });
        accepting.or_else(|| {
            let held = self.authority.too_weak(now).next()?;
            Some(Reminder {
                text: page.t1(&format!("strength-reminder-{}", held.second_factor), "role", &held.role),
                link: "/security#ways".to_owned(),
                link_text: page.t("strength-add"),
            })
        })
    }

    fn menu(&self, area: Area) -> Vec<MenuItem> {
        let shown = MAIN
            .iter()
            .filter(|(of, _, _, needed)| self.concerns(*of) && needed.is_none_or(|permission| self.sees(permission)));
        shown.map(|(of, path, key, _)| MenuItem { path, key, current: *of == area }).collect()
    }

    /// Whether there is anything that a token for scripts could carry; for menus, never a decision.
    pub fn lends(&self) -> bool {
        scopes::actions().any(|action| scopes::is_held(&self.authority, action, self.ctx.now))
    }

    /// What the profile has none of is not in the menu.
    fn concerns(&self, area: Area) -> bool {
        let mut named = self.app.door.roles().iter().filter(|role| role.nominated);
        match area {
            Area::Directory => self.authority.looks_up,
            Area::Projects => !self.app.phases.is_empty(),
            Area::Organisations => named.any(|role| !role.scope.is_of_project()) && self.may(Permission::RoleRead),
            Area::Tasks => {
                let decides = [Permission::OrganisationCreate, Permission::RoleConfirm, Permission::ModuleManage];
                named.next().is_some() || decides.into_iter().any(|one| self.may(one)) || self.confirms()
            }
            _ => true,
        }
    }

    /// Whether anything could wait for them to be confirmed again.
    fn confirms(&self) -> bool {
        self.app.recertification.is_some()
            && (self.may(Permission::RoleGrant) || self.may(Permission::MembershipAssign))
    }

    /// Access administrators see the people to whom they give access, and those who see people see their scope.
    fn sees(&self, permission: Permission) -> bool {
        match permission {
            Permission::UserRead | Permission::RoleRead => {
                self.may(Permission::UserRead) || self.may(Permission::MembershipAssign)
            }
            Permission::ModulePropose => self.may(Permission::ModuleManage) || self.may(Permission::ModulePropose),
            // Operators find them among all clients.
            Permission::ServiceManage => self.may(Permission::ServiceManage) && !self.may(Permission::ClientManage),
            other => self.may(other),
        }
    }
}

/// What was done, as a key in the address (`?done=user-created`); only keys of ours have a text.
pub(super) fn notice(page: &Page) -> Option<Notice> {
    let query = page.path.split_once('?')?.1;
    let form = Form::parse(query.as_bytes()).ok()?;
    let done = form
        .given("done")
        .filter(|done| done.len() < 40 && done.chars().all(|c| c.is_ascii_lowercase() || c == '-'))?;
    let text = locale::t(page.tongue(), &format!("done-{done}"));
    let id = (done == "signed-out").then_some("logout-done");
    if text.contains('⟦') { None } else { Some(Notice { kind: "success", text, id }) }
}
