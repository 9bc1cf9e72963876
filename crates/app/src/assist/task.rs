//! What writing help does.

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// A first text about something.
    Draft,
    /// What comes after a text.
    Continue,
    /// A text in another tone or length.
    Rewrite,
    /// A text in another language of the site.
    Translate,
    /// A title for a text.
    Title,
    /// A text in a few sentences.
    Summary,
    /// Terms of the site that fit a text, and proposals for others.
    Tags,
    /// A sentence for search engines.
    SeoDescription,
    /// What an image shows.
    AltText,
}

impl Task {
    /// Every task.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Continue,
        Self::Rewrite,
        Self::Translate,
        Self::Title,
        Self::Summary,
        Self::Tags,
        Self::SeoDescription,
        Self::AltText,
    ];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Continue => "continue",
            Self::Rewrite => "rewrite",
            Self::Translate => "translate",
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Tags => "tags",
            Self::SeoDescription => "seo-description",
            Self::AltText => "alt-text",
        }
    }

    /// The task with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The most tokens of an answer to a text of so many.
    pub(super) fn tokens_max(self, text_tokens: u64) -> u32 {
        /// The longest answer of any task.
        const ANSWER_TOKENS_MAX: u64 = 8_000;
        let most = match self {
            Self::Draft => 1_500,
            Self::Continue => 600,
            // Other languages and other words take more room.
            Self::Rewrite | Self::Translate => 200 + 2 * text_tokens,
            Self::Title | Self::AltText => 100,
            Self::Summary | Self::Tags => 300,
            Self::SeoDescription => 150,
        };
        u32::try_from(most.min(ANSWER_TOKENS_MAX)).unwrap_or(u32::MAX)
    }
}

/// How a text should sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Plain words.
    Plain,
    /// As among friends.
    Friendly,
    /// As in a letter of an office.
    Formal,
    /// With colour and pace.
    Lively,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Friendly, Self::Formal, Self::Lively];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Friendly => "friendly",
            Self::Formal => "formal",
            Self::Lively => "lively",
        }
    }
}

/// How long a text should be beside the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Shorter.
    Shorter,
    /// About the same.
    Same,
    /// Longer.
    Longer,
}

impl Length {
    /// Every length.
    pub const ALL: [Self; 3] = [Self::Shorter, Self::Same, Self::Longer];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shorter => "shorter",
            Self::Same => "same",
            Self::Longer => "longer",
        }
    }
}
