//! The parameters after the `?`: known ones once, unknown ones never.

use axum::extract::Query;
use axum::http::Uri;
use smartcms_app::entries::{AskedCondition, AskedShape};
use smartcms_app::ports::PAGE_LEN_MAX;
use smartcms_domain::Problem;

use crate::nearest::nearest;
use crate::problem::HttpProblem;

/// How many entries a list has when nobody says.
const LIMIT_DEFAULT: u32 = 20;

/// The parameters of a request, all of them known.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the parameters; one that is not among `known`, or is there twice, is an error that names it.
    pub(crate) fn parse(uri: &Uri, known: &[&'static str]) -> Result<Self, HttpProblem> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            let detail = "the query could not be read".to_owned();
            return Err(HttpProblem::bad_request("request.query", detail));
        };
        Self::checked(pairs, known)
    }

    fn checked(pairs: Vec<(String, String)>, known: &[&'static str]) -> Result<Self, HttpProblem> {
        let mut problems = Vec::new();
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                problems.push(unknown(name, known));
            } else if pairs.iter().take(at).any(|(other, _)| other == name) {
                let message = format!("`{name}` is there twice");
                problems.push(Problem::field(name, "twice", message));
            }
        }
        if problems.is_empty() {
            return Ok(Self(pairs));
        }
        let detail = problems.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("; ");
        Err(HttpProblem::bad_request("request.query", detail).with_problems(problems))
    }

    /// Reads the parameters of a list: known ones, and any number of `filter[path][operator]`.
    pub(crate) fn parse_list(
        uri: &Uri,
        known: &[&'static str],
    ) -> Result<(Self, Vec<AskedCondition>), HttpProblem> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            let detail = "the query could not be read".to_owned();
            return Err(HttpProblem::bad_request("request.query", detail));
        };
        let (filters, others): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| name.starts_with("filter"));
        let parameters = Self::checked(others, known)?;
        let conditions = filters.into_iter().map(condition).collect::<Result<_, _>>()?;
        Ok((parameters, conditions))
    }

    /// Refuses every parameter.
    pub(crate) fn refuse_all(uri: &Uri) -> Result<(), HttpProblem> {
        if uri.query().is_none() { Ok(()) } else { Self::parse(uri, &[]).map(drop) }
    }

    /// A parameter's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The names in a parameter, with commas between; `None` without the parameter.
    pub(crate) fn names(&self, name: &str) -> Option<Vec<String>> {
        let text = self.get(name)?;
        if text.is_empty() {
            return Some(Vec::new());
        }
        // A name that is missing between two commas is refused later, as one that is not there.
        Some(text.split(',').map(|it| it.trim().to_owned()).collect())
    }

    /// A parameter that is `true` or `false`; false without it.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, HttpProblem> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                let message = format!("`{name}` is `true` or `false`, not `{other}`");
                let problem = Problem::field(name, "kind", message.clone());
                Err(HttpProblem::bad_request("request.query", message).with_problems(vec![problem]))
            }
        }
    }

    /// What is shown of entries: `fields` and `include`.
    pub(crate) fn shape(&self) -> AskedShape {
        AskedShape {
            fields: self.names("fields"),
            include: self.names("include").unwrap_or_default(),
        }
    }

    /// How many items the client wants: `limit`, from 1 to [`PAGE_LEN_MAX`].
    pub(crate) fn limit(&self) -> Result<u32, HttpProblem> {
        let Some(text) = self.get("limit") else { return Ok(LIMIT_DEFAULT) };
        match text.parse() {
            Ok(limit) if (1..=PAGE_LEN_MAX).contains(&limit) => Ok(limit),
            _ => {
                let message = format!("`limit` has to be a number from 1 to {PAGE_LEN_MAX}");
                let problem = Problem::field("limit", "limit", message.clone());
                Err(HttpProblem::bad_request("request.limit", message).with_problems(vec![problem]))
            }
        }
    }
}

/// `filter[path][operator]`, or `filter[path]` for equal.
fn condition((name, value): (String, String)) -> Result<AskedCondition, HttpProblem> {
    let inner = name.strip_prefix("filter[").and_then(|it| it.strip_suffix(']'));
    let parts = inner.map(|it| it.split_once("][").unwrap_or((it, "eq")));
    let plain = |it: &str| !it.is_empty() && !it.contains(['[', ']']);
    match parts.filter(|(path, operator)| plain(path) && plain(operator)) {
        Some((path, operator)) => {
            Ok(AskedCondition { path: path.to_owned(), operator: operator.to_owned(), value })
        }
        None => {
            let name: String = name.chars().take(100).collect();
            let message = format!("`{name}` is no filter; write `filter[field][eq]=value`");
            let problem = Problem::field("filter", "malformed", message.clone());
            Err(HttpProblem::bad_request("request.query", message).with_problems(vec![problem]))
        }
    }
}

fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let message = match (nearest(name, known), known) {
        (Some(meant), _) => {
            format!("there is no parameter `{name}` here; did you mean `{meant}`?")
        }
        (None, []) => format!("there is no parameter `{name}` here; this request takes none"),
        (None, known) => {
            format!("there is no parameter `{name}` here; there are `{}`", known.join("`, `"))
        }
    };
    Problem::field(name, "unknown-parameter", message)
}
