//! From the texts of settings to their types, or to what is wrong with them.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use smartcms_app::SiteSettings;
use smartcms_app::ports::REVISIONS_KEPT_MIN;
use smartcms_app::retention::RetentionSettings;
use smartcms_domain::locales::{Locale, LocaleError, Locales};
use smartcms_domain::plugins::{Grant, HostGrant};

use crate::array::texts_of;
use crate::error::ConfigError;
use crate::model_choice::ModelChoice;
use crate::sources::{Sourced, Sources};

pub(crate) struct Reader<'a> {
    pub(crate) sources: &'a Sources,
}

impl Reader<'_> {
    pub(crate) fn site(&self, listen: SocketAddr) -> Result<SiteSettings, ConfigError> {
        let base = self.sources.get("site.base_url");
        let base_url = match base.text.trim_end_matches('/') {
            "" => format!("http://{listen}"),
            text if text.starts_with("http://") || text.starts_with("https://") => text.to_owned(),
            _ => return Err(bad("site.base_url", base, "it begins with http:// or https://")),
        };
        Ok(SiteSettings {
            title: self.sources.get("site.title").text,
            description: self.sources.get("site.description").text,
            base_url,
            locales: self.locales()?,
        })
    }

    pub(crate) fn retention(&self) -> Result<RetentionSettings, ConfigError> {
        const DAYS_MAX: u32 = 36_500;
        let days = |key: &str| self.number(key, 0, DAYS_MAX);
        let key = "content.revisions_max";
        let revisions_max = self.number(key, 0, 1_000_000)?;
        if (1..REVISIONS_KEPT_MIN).contains(&revisions_max) {
            let reason = format!("it is 0, for all, or {REVISIONS_KEPT_MIN} or more");
            return Err(bad(key, self.sources.get(key), &reason));
        }
        Ok(RetentionSettings {
            trash_days: days("content.trash_days")?,
            revisions_max,
            working_copy_days: days("content.working_copy_days")?,
            event_days: days("content.event_days")?,
            audit_days: days("content.audit_days")?,
        })
    }

    fn locales(&self) -> Result<Locales, ConfigError> {
        let parsed = |key: &str, text: &str| {
            let wrong = |it: LocaleError| bad(key, self.sources.get(key), &it.to_string());
            Locale::parse(text.trim()).map_err(wrong)
        };
        let default = parsed("site.language", &self.sources.get("site.language").text)?;
        let others = self.sources.get("site.locales");
        let others = others.text.split(',').filter(|it| !it.trim().is_empty());
        let others = others.map(|it| parsed("site.locales", it)).collect::<Result<Vec<_>, _>>()?;
        let others = others.into_iter().filter(|it| *it != default).collect();
        let wrong = |it: LocaleError| {
            bad("site.locales", self.sources.get("site.locales"), &it.to_string())
        };
        Locales::new(default, others).map_err(wrong)
    }

    pub(crate) fn model(&self, key: &str) -> Result<Option<ModelChoice>, ConfigError> {
        if self.sources.get(key).text.is_empty() {
            return Ok(None);
        }
        self.parsed(key, "it is a plugin and its model, like local/tiny").map(Some)
    }

    /// A list: an array in the file, texts with commas between them in a variable.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        let text = self.sources.get(key).text;
        // What is an array is one; an IPv6 address also begins with a bracket, and is none.
        match array_of(&text) {
            Some(texts) => texts,
            None if text.trim().is_empty() => Vec::new(),
            None => text.split(',').map(|it| it.trim().to_owned()).collect(),
        }
    }

    pub(crate) fn addresses(&self, key: &str) -> Result<Vec<IpAddr>, ConfigError> {
        let reason = "it is a list of addresses, like [\"10.0.0.1\"]";
        let address = |it: String| it.parse::<IpAddr>().map(|it| it.to_canonical());
        let read = self.list(key).into_iter().map(address).collect::<Result<_, _>>();
        read.map_err(|_| bad(key, self.sources.get(key), reason))
    }

    pub(crate) fn hosts(&self, key: &str) -> Result<Vec<HostGrant>, ConfigError> {
        let sourced = self.sources.get(key);
        let reason = "it is a list of hosts with their ports, like [\"127.0.0.1:9000\"]";
        let texts = self.list(key);
        let host = |text: &String| match format!("http={text}").parse() {
            Ok(Grant::Http(host)) => Ok(host),
            _ => Err(bad(key, sourced.clone(), reason)),
        };
        texts.iter().map(host).collect()
    }

    pub(crate) fn parsed<T: FromStr>(&self, key: &str, reason: &str) -> Result<T, ConfigError> {
        let sourced = self.sources.get(key);
        sourced.text.parse().map_err(|_| bad(key, sourced, reason))
    }

    pub(crate) fn number<T>(&self, key: &str, min: T, max: T) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + std::fmt::Display + Copy,
    {
        let reason = format!("it is a whole number from {min} to {max}");
        let number: T = self.parsed(key, &reason)?;
        let in_range = (min..=max).contains(&number);
        if in_range { Ok(number) } else { Err(bad(key, self.sources.get(key), &reason)) }
    }

    pub(crate) fn duration(&self, key: &str) -> Result<Duration, ConfigError> {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        Ok(Duration::from_millis(self.number(key, 1, DAY_MS)?))
    }
}

pub(crate) fn bad(key: &str, sourced: Sourced, reason: &str) -> ConfigError {
    ConfigError::BadValue {
        origin: sourced.origin,
        key: key.to_owned(),
        value: format!("`{}`", sourced.text),
        reason: reason.to_owned(),
    }
}

/// The texts of an array, if it is one.
fn array_of(text: &str) -> Option<Vec<String>> {
    if cfg!(target_family = "wasm") {
        return texts_of(text);
    }
    let table = toml::from_str::<toml::Table>(&format!("list = {text}"));
    table.ok().and_then(|mut it| it.remove("list")?.try_into().ok())
}
