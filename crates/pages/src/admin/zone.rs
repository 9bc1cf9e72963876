//! Times as people read them: in their own zone and language.

use std::collections::BTreeMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{Language, Texts};
use crate::packed::{Parts, parts};

/// The IANA database: what the engine of times has in itself is five times as large.
static DATABASE: LazyLock<Parts> = LazyLock::new(|| parts!("zones"));
/// The zones that were asked for: reading one takes longer than showing a time.
static READ: RwLock<BTreeMap<&str, TimeZone>> = RwLock::new(BTreeMap::new());

/// The most characters of a zone's name.
const NAME_LEN_MAX: usize = 64;

/// A time zone by its name in the IANA database, a copy of which is in the executable.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl Zone {
    /// The zone with this name.
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() || name.len() > NAME_LEN_MAX {
            return None;
        }
        Some(Self { name: name.to_owned(), zone: found(name)? })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of all zones that people live in.
    pub fn names() -> Vec<String> {
        let names = DATABASE.iter().map(|(name, _)| name);
        let lived_in = |it: &&str| *it == "UTC" || it.contains('/') && !it.starts_with("Etc/");
        names.filter(lived_in).map(str::to_owned).collect()
    }

    fn at(&self, millis: i64) -> Option<Zoned> {
        Some(Timestamp::from_millisecond(millis).ok()?.to_zoned(self.zone.clone()))
    }

    /// RFC 3339 with the offset of the zone.
    pub fn machine(&self, millis: i64) -> String {
        self.at(millis)
            .map(|it| it.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
            .unwrap_or_default()
    }

    /// What `<input type=datetime-local>` takes.
    pub fn local(&self, millis: i64) -> String {
        self.at(millis).map(|it| it.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    }

    /// Reads what `<input type=datetime-local>` gives. A time that the clocks skip is the one after the gap.
    pub fn parse_local(&self, text: &str) -> Option<i64> {
        let civil: DateTime = text.trim().parse().ok()?;
        let zoned = civil.to_zoned(self.zone.clone()).ok()?;
        Some(zoned.timestamp().as_millisecond())
    }

    /// As people say it: `Today, 14:05`, or `24 Nov 2026, 14:05`.
    pub fn human(&self, millis: i64, now: i64, language: Language) -> String {
        let (Some(at), Some(now)) = (self.at(millis), self.at(now)) else { return String::new() };
        let texts = Texts::of(language);
        let time = at.strftime("%H:%M").to_string();
        let near = |days: i64| {
            let day = now.date().checked_sub(jiff::Span::new().days(days)).ok();
            day == Some(at.date())
        };
        if near(0) {
            return texts.say("time.today", &[("time", &time)]);
        }
        if near(1) {
            return texts.say("time.yesterday", &[("time", &time)]);
        }
        let month = texts.say(&format!("time.month.{}", at.month()), &[]);
        let (day, year) = (at.day().to_string(), at.year().to_string());
        let values = [("day", &*day), ("month", &*month), ("year", &*year), ("time", &*time)];
        texts.say("time.moment", &values)
    }
}

/// The zone with this name, in small or large letters.
fn found(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("UTC") {
        return Some(TimeZone::UTC);
    }
    let (name, bytes) = DATABASE.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))?;
    if let Some(zone) = READ.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return Some(zone.clone());
    }
    let zone = TimeZone::tzif(name, bytes).ok()?;
    READ.write().unwrap_or_else(PoisonError::into_inner).insert(name, zone.clone());
    Some(zone)
}
