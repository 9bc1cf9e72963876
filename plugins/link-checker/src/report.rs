//! What a run found, as it is kept and as people read it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use smartcms_plugin::html::escape;
use smartcms_plugin::routes::Response;

use crate::state::{Outcome, State};

/// How many links of a kind are kept.
const LISTED_MAX: usize = 500;

const STYLE: &str = "\
:root{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}\
body{max-inline-size:48rem;margin:8vh auto 2rem;padding:0 1.25rem}\
h1{font-size:1.75rem;line-height:1.2;margin:0}h2{font-size:1.125rem;margin:2rem 0 .5rem}\
ul{padding:0;list-style:none;margin:0}li{padding-block:.625rem;border-block-start:1px solid color-mix(in srgb,CanvasText 20%,transparent)}\
li span{display:block;font-size:.9375rem}a,code{color:inherit;overflow-wrap:anywhere;text-underline-offset:.2em}";

/// A link that somebody should look at.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) url: String,
    /// Why it is here: a reason, or where it leads now.
    pub(crate) why: String,
    /// Paths of the entries that it stands in.
    pub(crate) places: Vec<String>,
}

/// What a run found.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// When the run ended, in seconds since 1970.
    pub(crate) at: u64,
    pub(crate) entries: usize,
    pub(crate) links: usize,
    pub(crate) broken: Vec<Finding>,
    pub(crate) moved: Vec<Finding>,
    /// Hosts that were not asked, as grants name them.
    pub(crate) hosts: BTreeSet<String>,
    /// Paths that nothing here can tell of.
    pub(crate) unknown: usize,
    /// Links that were not looked at, because there are too many.
    pub(crate) left_out: usize,
}

impl Report {
    /// Sums a run up.
    pub(crate) fn of(state: State, at: u64) -> Self {
        let mut report = Self {
            at,
            entries: state.entries,
            links: state.links.len(),
            broken: Vec::new(),
            moved: Vec::new(),
            hosts: BTreeSet::new(),
            unknown: 0,
            left_out: state.left_out,
        };
        for (link, outcome) in state.links.into_iter().zip(state.outcomes) {
            let finding = |why| Finding { url: link.url, why, places: link.places };
            match outcome {
                Outcome::Good => {}
                Outcome::Broken(why) => report.broken.push(finding(why)),
                Outcome::Moved(to) => report.moved.push(finding(to)),
                Outcome::NotGranted(host) => drop(report.hosts.insert(host)),
                Outcome::Unknown => report.unknown += 1,
            }
        }
        report.broken.truncate(LISTED_MAX);
        report.moved.truncate(LISTED_MAX);
        report
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// For the operator who started the run.
    pub(crate) fn words(&self) -> String {
        let mut words = format!(
            "checked {} links in {} entries: {} lead nowhere, {} moved",
            self.links,
            self.entries,
            self.broken.len(),
            self.moved.len()
        );
        if !self.hosts.is_empty() {
            words.push_str(&format!(", {} hosts are not granted", self.hosts.len()));
        }
        words
    }
}

/// The report as a page.
pub(crate) fn page(report: Option<&Report>) -> Response {
    let main = report.map_or_else(
        || {
            "<h1>Links</h1>\n<p>Nothing was checked yet. <code>smartcms plugin task run link-checker check</code> \
             does it now.</p>\n"
                .to_owned()
        },
        body,
    );
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>Links</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n"
    );
    Response::html(200, &html).with("cache-control", "no-store")
}

fn body(report: &Report) -> String {
    let mut html = format!(
        "<h1>Links</h1>\n<p>{} links in {} entries, checked {}.</p>\n",
        report.links,
        report.entries,
        day(report.at)
    );
    if report.broken.is_empty() && report.moved.is_empty() {
        html.push_str("<p>All that could be asked lead somewhere.</p>\n");
    }
    findings(&mut html, "Lead nowhere", "", &report.broken);
    findings(&mut html, "Moved for good", "now ", &report.moved);
    if !report.hosts.is_empty() {
        html.push_str("<h2>Not asked</h2>\n<p>These hosts are not granted:</p>\n<ul>\n");
        for host in &report.hosts {
            let host = escape(host);
            html.push_str(&format!(
                "<li><code>smartcms plugin grant link-checker http={host}</code></li>\n"
            ));
        }
        html.push_str("</ul>\n");
    }
    for (count, what) in [
        (report.unknown, "paths of this site that are no entries were not looked at."),
        (report.left_out, "more links were left out: there are too many for one run."),
    ] {
        if count > 0 {
            html.push_str(&format!("<p>{count} {what}</p>\n"));
        }
    }
    html
}

fn findings(html: &mut String, title: &str, before: &str, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    html.push_str(&format!("<h2>{title}: {}</h2>\n<ul>\n", findings.len()));
    for it in findings {
        let url = escape(&it.url);
        let places = it.places.iter().map(|place| {
            let place = escape(place);
            format!("<a href=\"{place}\">{place}</a>")
        });
        let places = places.collect::<Vec<_>>().join(", ");
        html.push_str(&format!(
            "<li><a href=\"{url}\">{url}</a>\n<span>{before}{}</span>\n<span>in {places}</span></li>\n",
            escape(&it.why)
        ));
    }
    html.push_str("</ul>\n");
}

/// The day of a moment, by the calendar that counts days from the first of March of the year 0.
fn day(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{Report, day, page};
    use crate::state::{Outcome, State};

    fn report() -> Report {
        let mut state = State { entries: 2, ..State::default() };
        for url in ["https://a/<b>", "/posts/x", "https://c/", "https://d/", "/x"] {
            state.note(url.to_owned(), "/posts/one");
        }
        state.outcomes = vec![
            Outcome::Broken("it answers 404".to_owned()),
            Outcome::Good,
            Outcome::Moved("https://e/".to_owned()),
            Outcome::NotGranted("d:443".to_owned()),
            Outcome::Unknown,
        ];
        Report::of(state, 1_767_225_600)
    }

    #[test]
    fn a_run_is_summed_up() {
        let report = report();
        assert_eq!(
            report.words(),
            "checked 5 links in 2 entries: 1 lead nowhere, 1 moved, 1 hosts are not granted"
        );
        assert_eq!(Report::parse(&report.to_bytes()), Some(report));
    }

    #[test]
    fn an_address_stays_text_on_the_page() {
        let html = String::from_utf8(page(Some(&report())).body).unwrap();
        assert!(html.contains("checked 2026-01-01") && html.contains("http=d:443"), "{html}");
        assert!(
            html.contains("<a href=\"https://a/&lt;b&gt;\">") && !html.contains("<b>"),
            "{html}"
        );
        assert!(String::from_utf8(page(None).body).unwrap().contains("Nothing was checked yet"));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_799, "2024-02-28"),
            (1_735_689_599, "2024-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(seconds), expected);
        }
    }
}
