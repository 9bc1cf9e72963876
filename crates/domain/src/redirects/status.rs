//! What a redirect tells browsers and search engines.

/// What a redirect tells browsers and search engines. The numbers are those of HTTP: people choose among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RedirectStatus {
    /// 301: it moved for good.
    Moved,
    /// 302: it is elsewhere now.
    Found,
    /// 307: it is elsewhere now, and the method stays.
    Temporary,
    /// 308: it moved for good, and the method stays.
    Permanent,
    /// 410: it is gone for good.
    Gone,
}

impl RedirectStatus {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Moved, Self::Found, Self::Temporary, Self::Permanent, Self::Gone];

    /// The number.
    pub fn number(self) -> u16 {
        match self {
            Self::Moved => 301,
            Self::Found => 302,
            Self::Temporary => 307,
            Self::Permanent => 308,
            Self::Gone => 410,
        }
    }

    /// The status with this number.
    pub fn of(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|it| u64::from(it.number()) == number)
    }
}
