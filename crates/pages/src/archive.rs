//! All entries by date: `archive.html`.

use serde::Serialize;
use smartcms_domain::Timestamp;

use crate::dates::month_label;
use crate::head::PageContext;
use crate::linked_data;
use crate::list::Paging;
use crate::site::{NavigationLink, SiteContext};
use crate::summary::EntrySummary;
use crate::urls;

/// The part of the archive that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Everything.
    All,
    /// A year.
    Year(i16),
    /// A month of a year, 1 to 12.
    Month(i16, u8),
}

/// The context of `archive.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArchivePage {
    /// The site.
    pub site: SiteContext,
    /// The page.
    pub page: PageContext,
    /// What part it is: `Archive`, `2026`, `November 2026`.
    pub title: String,
    /// The years that have entries, the newest first.
    pub years: Vec<YearLink>,
    /// The entries, by month, the newest first.
    pub months: Vec<MonthGroup>,
    /// Where the list goes on; `None` at its end.
    pub older: Option<String>,
}

/// A year that has entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearLink {
    /// `2026`.
    pub label: String,
    /// Where its entries are.
    pub url: String,
    /// Whether it is the one that is shown.
    pub is_current: bool,
}

/// The entries of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthGroup {
    /// The month, and where it is alone.
    pub month: NavigationLink,
    /// Its entries, the first published last.
    pub entries: Vec<EntrySummary>,
}

impl Period {
    /// The path of this part.
    pub fn path(self) -> String {
        match self {
            Self::All => urls::ARCHIVE.to_owned(),
            Self::Year(year) => urls::archive_of_year(year),
            Self::Month(year, month) => urls::archive_of(year, month),
        }
    }

    /// The part that a path names.
    pub fn of_path(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(urls::ARCHIVE)?;
        if rest.is_empty() {
            return Some(Self::All);
        }
        let digits = |text: &str, len: usize| {
            text.len() == len && text.bytes().all(|it| it.is_ascii_digit())
        };
        let rest = rest.strip_prefix('/')?;
        let (year, month) = rest.split_once('/').map_or((rest, None), |(it, m)| (it, Some(m)));
        let number = Some(year).filter(|it| digits(it, 4))?.parse().ok()?;
        let Some(month) = month else { return Some(Self::Year(number)) };
        let month = Some(month).filter(|it| digits(it, 2))?.parse().ok()?;
        (1..=12).contains(&month).then_some(Self::Month(number, month))
    }

    /// The month of an instant; `None` for years that no path can name.
    pub fn month_of(at: Timestamp) -> Option<(i16, u8)> {
        let date = at.date();
        let mut parts = date.split('-');
        let year = parts.next()?.parse().ok().filter(|it| (0..=9_999).contains(it))?;
        Some((year, parts.next()?.parse().ok()?))
    }

    /// Its first instant; `None` when it has none.
    pub fn start(self) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Year(year) => Self::Month(year, 1).start(),
            Self::Month(year, month) => {
                Timestamp::parse(&format!("{year:04}-{month:02}-01T00:00:00Z")).ok()
            }
        }
    }

    /// The first instant after it; `None` when it has no end.
    pub fn end(self) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Year(year) | Self::Month(year, 12) => Self::Year(year.checked_add(1)?).start(),
            Self::Month(year, month) => Self::Month(year, month + 1).start(),
        }
    }

    /// Whether an instant is in it.
    pub fn holds(self, at: Timestamp) -> bool {
        self.start().is_none_or(|it| it <= at) && self.end().is_none_or(|it| at < it)
    }

    fn title(self, language: &str) -> String {
        match self {
            Self::All => "Archive".to_owned(),
            Self::Year(year) => year.to_string(),
            Self::Month(year, month) => month_label(year, month, language),
        }
    }
}

impl ArchivePage {
    /// A part of the archive from its beginning, or after a cursor; each entry comes with its year and month.
    pub fn new(
        site: SiteContext,
        period: Period,
        years: &[i16],
        entries: Vec<((i16, u8), EntrySummary)>,
        (after, older): (Option<&str>, Option<&str>),
    ) -> Self {
        let path = period.path();
        let paging = Paging::new(&path, after, older);
        let title = period.title(&site.language);
        let mut page = PageContext::new(&site, title.clone(), paging.path);
        page.next.clone_from(&paging.older);
        page.linked_data = linked_data::of_list(&site, &title, &site.absolute(&path), false);
        let shown = match period {
            Period::All => None,
            Period::Year(year) | Period::Month(year, _) => Some(year),
        };
        let years = years.iter().map(|year| YearLink {
            label: year.to_string(),
            url: urls::archive_of_year(*year),
            is_current: shown == Some(*year),
        });
        let months = grouped(entries, &site.language);
        Self { years: years.collect(), site, page, title, months, older: paging.older }
    }

    /// What `archive.html` must be able to show.
    pub fn samples() -> Vec<Self> {
        let [full, bare] = EntrySummary::samples();
        let entries = vec![((2026, 11), full.clone()), ((2026, 11), bare), ((2025, 2), full)];
        let site = SiteContext::sample;
        vec![
            Self::new(site(), Period::All, &[], Vec::new(), (None, None)),
            Self::new(site(), Period::Year(2026), &[2026, 2025], entries, (None, Some("p01"))),
        ]
    }
}

fn grouped(entries: Vec<((i16, u8), EntrySummary)>, language: &str) -> Vec<MonthGroup> {
    let mut groups: Vec<((i16, u8), MonthGroup)> = Vec::new();
    for (at, entry) in entries {
        match groups.last_mut().filter(|(it, _)| *it == at) {
            Some((_, group)) => group.entries.push(entry),
            None => {
                let (year, month) = at;
                let label = month_label(year, month, language);
                let month = NavigationLink::new(label, urls::archive_of(year, month));
                groups.push((at, MonthGroup { month, entries: vec![entry] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::{ArchivePage, Period};

    #[test]
    fn a_part_of_the_archive_is_read_from_its_path() {
        for period in [Period::All, Period::Year(2026), Period::Month(987, 2)] {
            assert_eq!(Period::of_path(&period.path()), Some(period));
        }
        for bad in [
            "/archives",
            "/archive/",
            "/archive/26",
            "/archive/2026/13",
            "/archive/2026/1",
            "/archive/+026",
        ] {
            assert_eq!(Period::of_path(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_period_holds_its_first_instant_and_not_the_one_after_it() {
        let at = |text: &str| smartcms_domain::Timestamp::parse(text).unwrap();
        let december = Period::Month(2026, 12);
        assert!(december.holds(at("2026-12-01T00:00:00Z")));
        assert!(december.holds(at("2026-12-31T23:59:59.999Z")));
        assert!(!december.holds(at("2027-01-01T00:00:00Z")));
        assert!(Period::Year(2026).holds(at("2026-12-31T23:59:59Z")));
        assert_eq!(Period::month_of(at("2026-12-31T23:59:59Z")), Some((2026, 12)));
    }

    #[test]
    fn entries_stand_below_their_months() {
        let page = ArchivePage::samples().pop().unwrap();
        let months: Vec<_> =
            page.months.iter().map(|it| (it.month.label.as_str(), it.entries.len())).collect();
        assert_eq!(months, [("November 2026", 2), ("February 2025", 1)]);
        assert_eq!(page.page.next.as_deref(), Some("/archive/2026?after=p01"));
    }
}
