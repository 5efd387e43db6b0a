//! What the rules of delegation say, by enumerating sets; shares no code with the product (D1–D5, D7, D12).

use std::collections::{BTreeMap, BTreeSet};

use chamberlain::kernel::ids::{RoleAssignmentId, UserId};

/// The parent of each organisation: institution, bank A, bank B, Germany, Frankfurt, France.
pub(super) const PARENTS: [Option<usize>; 6] = [None, Some(0), Some(0), Some(2), Some(3), Some(2)];
/// IMAS and CASPER; each has one group.
pub(super) const APPLICATIONS: usize = 2;
/// Organisations from here on stand for those that may be added below.
const TO_COME: usize = 100;
/// What belongs to no organisation.
const INSTALLATION: usize = 1_000;

/// A role assignment.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) id: RoleAssignmentId,
    pub(super) holder: usize,
    pub(super) role: &'static str,
    pub(super) at: usize,
    pub(super) below: bool,
    /// `None` is every application.
    pub(super) applications: Option<BTreeSet<usize>>,
    /// The hour from which on it has no effect.
    pub(super) until: Option<u64>,
    pub(super) pending: bool,
    pub(super) revoked: bool,
    /// Who granted it; `None` is the console.
    pub(super) by: Option<usize>,
}

/// A person.
#[derive(Clone, Debug)]
pub(super) struct Somebody {
    pub(super) id: UserId,
    pub(super) home: usize,
    pub(super) deleted: bool,
    pub(super) blocked: bool,
}

/// One thing that somebody tries. Numbers are places in the lists of the model.
#[derive(Clone, Debug)]
pub(super) enum Command {
    Create {
        at: usize,
    },
    Update {
        who: usize,
    },
    Move {
        who: usize,
        to: usize,
    },
    Delete {
        who: usize,
    },
    Block {
        who: usize,
        blocked: bool,
    },
    Assign {
        who: usize,
        application: usize,
    },
    Remove {
        who: usize,
        application: usize,
    },
    Grant {
        to: usize,
        role: &'static str,
        at: usize,
        below: bool,
        applications: Option<BTreeSet<usize>>,
        until: Option<u64>,
    },
    Revoke {
        held: usize,
    },
    Confirm {
        held: usize,
    },
    /// Access to the module of the first application, the only one that asks for it.
    Module {
        at: usize,
        verb: Verb,
    },
    Close {
        at: usize,
        closed: bool,
    },
}

/// What is done with module access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Grant,
    Suspend,
    Regrant,
}

/// The application that asks for module access.
pub(super) const ASKING: usize = 0;

/// The whole world.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) people: Vec<Somebody>,
    pub(super) held: Vec<Held>,
    pub(super) members: BTreeSet<(usize, usize)>,
    pub(super) closed: BTreeSet<usize>,
    /// Who holds module access, and whether it is active.
    pub(super) modules: BTreeMap<usize, bool>,
    pub(super) hour: u64,
}

fn allows(role: &str, permission: &str) -> bool {
    match role {
        "Operator" => true,
        "DelegatedUserAdmin" => ["read", "create", "update", "delete", "grant"].contains(&permission),
        "ApplicationAccessAdmin" => ["read", "assign", "grant"].contains(&permission),
        _ => false,
    }
}

fn is_below(mut node: usize, above: usize) -> bool {
    while let Some(parent) = PARENTS[node] {
        if parent == above {
            return true;
        }
        node = parent;
    }
    false
}

/// Everything that an assignment reaches, what is to come included.
pub(super) fn organisations(held: &Held) -> BTreeSet<usize> {
    let everywhere = held.role == "Operator";
    let inside = |node: &usize| everywhere || *node == held.at || held.below && is_below(*node, held.at);
    let mut reached: BTreeSet<usize> = (0..PARENTS.len()).filter(inside).collect();
    if everywhere || held.below {
        reached.extend(reached.clone().into_iter().map(|node| TO_COME + node));
    }
    if everywhere {
        reached.insert(INSTALLATION);
    }
    reached
}

/// Every application, or some; the one to come has the number after the last.
pub(super) fn applications(held: &Held) -> BTreeSet<usize> {
    held.applications.clone().unwrap_or_else(|| (0..=APPLICATIONS).collect())
}

fn lasts(mine: Option<u64>, given: Option<u64>) -> bool {
    mine.is_none_or(|end| given.is_some_and(|given| given <= end))
}

/// Whether one right is at least as wide and as long as another one of the same kind.
pub(super) fn spans(wide: &Held, narrow: &Held) -> bool {
    organisations(wide).is_superset(&organisations(narrow))
        && applications(wide).is_superset(&applications(narrow))
        && lasts(wide.until, narrow.until)
}

impl Model {
    pub(super) fn is_open(&self, organisation: usize) -> bool {
        !self.closed.iter().any(|closed| *closed == organisation || is_below(organisation, *closed))
    }

    pub(super) fn has_begun_and_not_ended(&self, held: &Held) -> bool {
        !held.revoked && held.until.is_none_or(|end| self.hour < end)
    }

    /// What somebody may act by now.
    pub(super) fn effective(&self, who: usize) -> Vec<&Held> {
        let somebody = &self.people[who];
        if somebody.deleted || somebody.blocked || !self.is_open(somebody.home) {
            return Vec::new();
        }
        let mine = self.held.iter().filter(|held| held.holder == who && !held.pending);
        mine.filter(|held| self.has_begun_and_not_ended(held) && self.is_open(held.at)).collect()
    }

    fn carrying(&self, by: Option<usize>, permission: &str) -> Vec<Held> {
        let Some(by) = by else { return vec![console()] };
        self.effective(by).into_iter().filter(|held| allows(held.role, permission)).cloned().collect()
    }

    pub(super) fn is_operator(&self, by: Option<usize>) -> bool {
        self.carrying(by, "block").iter().any(|held| held.role == "Operator")
    }

    fn reaches(&self, by: Option<usize>, permission: &str, organisation: usize, application: Option<usize>) -> bool {
        self.carrying(by, permission).iter().any(|held| {
            organisations(held).contains(&organisation)
                && application.is_none_or(|one| applications(held).contains(&one))
        })
    }

    /// D8: whom somebody finds.
    pub(super) fn sees(&self, by: usize, who: usize) -> bool {
        let home = self.people[who].home;
        !self.people[who].deleted
            && (self.reaches(Some(by), "read", home, None) || self.reaches(Some(by), "assign", home, None))
    }

    /// D5.
    fn outranked(&self, by: Option<usize>, who: usize, permission: &str, application: Option<usize>) -> bool {
        let mine = self.carrying(by, permission);
        let theirs = self.held.iter().filter(|held| held.holder == who && self.has_begun_and_not_ended(held));
        let relevant = theirs.filter(|theirs| {
            application.is_none_or(|one| allows(theirs.role, "assign") && applications(theirs).contains(&one))
        });
        relevant
            .into_iter()
            .any(|theirs| !mine.iter().any(|mine| organisations(mine).is_superset(&organisations(theirs))))
    }

    fn may_on(&self, by: Option<usize>, who: usize, permission: &str) -> bool {
        self.reaches(by, permission, self.people[who].home, None)
            && by != Some(who)
            && !self.outranked(by, who, permission, None)
    }

    fn may_membership(&self, by: Option<usize>, who: usize, application: usize) -> bool {
        self.reaches(by, "assign", self.people[who].home, Some(application))
            && by != Some(who)
            && !self.outranked(by, who, "assign", Some(application))
    }

    /// D2: the very organisation holds the module, and not suspended, where one is asked for.
    pub(super) fn takes(&self, organisation: usize, application: usize) -> bool {
        application != ASKING || self.modules.get(&organisation) == Some(&true)
    }

    fn grantors(&self, by: Option<usize>, wanted: &Held) -> Vec<Held> {
        let mut mine = self.carrying(by, "grant");
        mine.retain(|mine| {
            (mine.role == wanted.role || mine.role == "Operator")
                && organisations(mine).is_superset(&organisations(wanted))
                && applications(mine).is_superset(&applications(wanted))
        });
        mine
    }

    /// Whether the rules let somebody do it; `None` is the console.
    pub(super) fn allows(&self, by: Option<usize>, command: &Command) -> bool {
        let there = |who: usize| !self.people[who].deleted;
        match command {
            Command::Create { at } => self.reaches(by, "create", *at, None) && self.is_open(*at),
            Command::Update { who } => there(*who) && self.may_on(by, *who, "update"),
            Command::Move { who, to } => {
                there(*who)
                    && self.may_on(by, *who, "update")
                    && self.reaches(by, "create", *to, None)
                    && self.is_open(*to)
            }
            Command::Delete { who } => self.may_on(by, *who, "delete"),
            Command::Block { who, .. } => there(*who) && self.may_on(by, *who, "block"),
            Command::Assign { who, application } => {
                there(*who)
                    && self.may_membership(by, *who, *application)
                    && self.is_open(self.people[*who].home)
                    && self.takes(self.people[*who].home, *application)
            }
            Command::Remove { who, application } => there(*who) && self.may_membership(by, *who, *application),
            Command::Grant { to, at, until, .. } => {
                let wanted = Self::wanted(by, command);
                let mut mine = self.grantors(by, &wanted);
                mine.retain(|mine| organisations(mine).contains(&self.people[*to].home) && lasts(mine.until, *until));
                !mine.is_empty()
                    && there(*to)
                    && by != Some(*to)
                    && !self.outranked(by, *to, "grant", None)
                    && self.is_open(*at)
                    && self.is_open(self.people[*to].home)
            }
            Command::Revoke { held } => {
                let held = &self.held[*held];
                !held.revoked
                    && self.reaches(by, "grant", self.people[held.holder].home, None)
                    && by != Some(held.holder)
                    && !self.grantors(by, held).is_empty()
                    && !self.outranked(by, held.holder, "grant", None)
            }
            Command::Confirm { held } => {
                let held = &self.held[*held];
                let open = self.is_open(held.at) && self.is_open(self.people[held.holder].home);
                !held.revoked && self.is_operator(by) && by != Some(held.holder) && held.by != by && open
            }
            Command::Close { .. } => self.is_operator(by),
            Command::Module { at, verb } => {
                self.reaches(by, "module", *at, Some(ASKING)) && (*verb == Verb::Suspend || self.is_open(*at))
            }
        }
    }

    /// The assignment that a grant asks for.
    pub(super) fn wanted(by: Option<usize>, command: &Command) -> Held {
        let Command::Grant { to, role, at, below, applications, until } = command else { panic!("not a grant") };
        Held {
            id: RoleAssignmentId(uuid::Uuid::nil()),
            holder: *to,
            role,
            at: *at,
            below: *below,
            applications: applications.clone(),
            until: *until,
            pending: false,
            revoked: false,
            by,
        }
    }
}

fn console() -> Held {
    Held {
        id: RoleAssignmentId(uuid::Uuid::nil()),
        holder: usize::MAX,
        role: "Operator",
        at: 0,
        below: true,
        applications: None,
        until: None,
        pending: false,
        revoked: false,
        by: None,
    }
}
