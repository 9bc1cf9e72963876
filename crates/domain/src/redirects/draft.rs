//! A redirect as people write it.

use super::address::RedirectTarget;
use super::source::RedirectSource;
use super::status::RedirectStatus;
use crate::Problem;
use crate::entries::EntryId;

/// A redirect as people write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedirectDraft {
    /// A path of the site, with `/*` at its end for everything below it.
    pub from: String,
    /// Where it leads: a path, or an address elsewhere.
    pub to: Option<String>,
    /// In the place of `to`: an entry.
    pub entry: Option<EntryId>,
    /// 301, 302, 307, 308 or 410; 301 when absent.
    pub status: Option<u64>,
}

/// A redirect whose parts fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRedirect {
    /// What it answers.
    pub source: RedirectSource,
    /// Where it leads.
    pub target: RedirectTarget,
    /// What it tells browsers.
    pub status: RedirectStatus,
}

impl RedirectDraft {
    /// Reads the parts, or tells everything that is wrong with them.
    pub fn check(&self) -> Result<CheckedRedirect, Vec<Problem>> {
        let mut problems = Vec::new();
        let source = taken(RedirectSource::parse(&self.from), &mut problems);
        let status = taken(self.status(), &mut problems);
        let target = match status {
            Some(status) => taken(self.target(status), &mut problems),
            None => None,
        };
        if let (Some(source), Some(target)) = (&source, &target)
            && target.is_wide()
            && !source.is_wide()
        {
            let message = "with `/*` at its end `to` needs a `from` that has it too";
            problems.push(Problem::field("to", "wide", message));
        }
        match (source, target, status) {
            (Some(source), Some(target), Some(status)) if problems.is_empty() => {
                Ok(CheckedRedirect { source, target, status })
            }
            _ => Err(problems),
        }
    }

    fn status(&self) -> Result<RedirectStatus, Problem> {
        let Some(number) = self.status else { return Ok(RedirectStatus::Moved) };
        RedirectStatus::of(number).ok_or_else(|| {
            let known = RedirectStatus::ALL.map(|it| it.number().to_string()).join(", ");
            let message = format!("`status` is one of {known}, not {number}");
            Problem::field("status", "unknown-status", message)
        })
    }

    fn target(&self, status: RedirectStatus) -> Result<RedirectTarget, Problem> {
        match (status, &self.to, self.entry) {
            (RedirectStatus::Gone, None, None) => Ok(RedirectTarget::Gone),
            (RedirectStatus::Gone, ..) => {
                let message = "what is gone (410) leads nowhere: leave `to` and `entry` out";
                Err(Problem::field("to", "gone", message))
            }
            (_, Some(_), Some(_)) => {
                Err(Problem::field("to", "both", "give `to` or `entry`, not both"))
            }
            (_, Some(text), None) => RedirectTarget::parse(text),
            (_, None, Some(id)) => Ok(RedirectTarget::Entry(id)),
            (_, None, None) => {
                Err(Problem::field("to", "required", "`to` or `entry` has to say where it leads"))
            }
        }
    }
}

fn taken<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

#[cfg(test)]
mod tests {
    use super::RedirectDraft;
    use crate::redirects::{RedirectStatus, RedirectTarget};

    fn draft(from: &str, to: Option<&str>, status: Option<u64>) -> RedirectDraft {
        RedirectDraft { from: from.to_owned(), to: to.map(str::to_owned), entry: None, status }
    }

    #[track_caller]
    fn problems(draft: RedirectDraft) -> Vec<(String, String)> {
        let problems = draft.check().unwrap_err();
        problems.into_iter().map(|it| (it.field.unwrap_or_default(), it.code)).collect()
    }

    #[test]
    fn what_fits_is_read() {
        let checked = draft("/a", Some("/b"), None).check().unwrap();
        assert_eq!(checked.status, RedirectStatus::Moved);
        let gone = draft("/a", None, Some(410)).check().unwrap();
        assert_eq!((gone.status, gone.target), (RedirectStatus::Gone, RedirectTarget::Gone));
    }

    #[test]
    fn everything_that_is_wrong_is_told_by_field() {
        let told = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(
            problems(draft("a", Some("b"), None)),
            told(&[("from", "path"), ("to", "address")])
        );
        assert_eq!(problems(draft("/a", Some("/b"), Some(410))), told(&[("to", "gone")]));
        assert_eq!(
            problems(draft("/a", Some("/b"), Some(200))),
            told(&[("status", "unknown-status")])
        );
        assert_eq!(problems(draft("/a", None, None)), told(&[("to", "required")]));
        assert_eq!(problems(draft("/a", Some("/b/*"), None)), told(&[("to", "wide")]));
    }
}
