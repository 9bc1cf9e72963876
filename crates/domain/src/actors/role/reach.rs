//! How far a right goes.

/// With whose entries something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reach {
    /// With none.
    #[default]
    None,
    /// With those that one wrote oneself.
    Own,
    /// With all.
    Any,
}

/// What may be done with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldReach {
    /// Nothing: it is not shown.
    Hidden,
    /// Reading.
    ReadOnly,
    /// Reading and changing, as far as the entry may be changed.
    Change,
}

/// What may be done with the site itself; each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteRight {
    /// Nothing.
    None,
    /// Arranging what is there: menus and redirects.
    Arrange,
    /// Setting it up: collections, webhooks, people, roles.
    Manage,
}

impl Reach {
    /// Every reach, the shortest first.
    pub const ALL: [Self; 3] = [Self::None, Self::Own, Self::Any];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Any => "any",
        }
    }

    /// Whether it comes to an entry that is one's own, or is not.
    pub fn includes(self, own: bool) -> bool {
        match self {
            Self::None => false,
            Self::Own => own,
            Self::Any => true,
        }
    }
}

impl FieldReach {
    /// Every one, the shortest first.
    pub const ALL: [Self; 3] = [Self::Hidden, Self::ReadOnly, Self::Change];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::ReadOnly => "read_only",
            Self::Change => "change",
        }
    }
}

impl SiteRight {
    /// Every one, the least first.
    pub const ALL: [Self; 3] = [Self::None, Self::Arrange, Self::Manage];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Arrange => "arrange",
            Self::Manage => "manage",
        }
    }
}
