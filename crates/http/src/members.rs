//! The members of a JSON object in a request: known ones are taken by kind, the rest is refused by name.

use serde_json::{Map, Value};
use smartcms_domain::entries::{EntryId, Fields};
use smartcms_domain::{Problem, Timestamp};

use crate::nearest::nearest;
use crate::problem::HttpProblem;

/// What a request's object holds. Take what is known, then call [`Members::finish`].
pub(crate) struct Members {
    object: Map<String, Value>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl Members {
    /// The members of a value, which has to be an object.
    pub(crate) fn of(value: Value) -> Result<Self, HttpProblem> {
        match value {
            Value::Object(object) => Ok(Self { object, known: Vec::new(), problems: Vec::new() }),
            _ => Err(HttpProblem::bad_request(
                "request.body",
                "the body has to be one JSON object".to_owned(),
            )),
        }
    }

    /// No members at all.
    pub(crate) fn none() -> Self {
        Self { object: Map::new(), known: Vec::new(), problems: Vec::new() }
    }

    /// All members, as they came.
    pub(crate) fn into_object(self) -> Map<String, Value> {
        self.object
    }

    /// A member that holds text.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => self.wrong_kind(name, "text"),
        }
    }

    /// A member that holds the id of an entry.
    pub(crate) fn id(&mut self, name: &'static str) -> Option<EntryId> {
        let value = self.take(name)?;
        let id = value.as_str().and_then(|it| EntryId::parse(it).ok());
        id.or_else(|| self.wrong_kind(name, "the id of an entry"))
    }

    /// A member that holds an instant, RFC 3339.
    pub(crate) fn time(&mut self, name: &'static str) -> Option<Timestamp> {
        let value = self.take(name)?;
        let time = value.as_str().and_then(|it| Timestamp::parse(it).ok());
        time.or_else(|| self.wrong_kind(name, "a time like 2026-11-24T10:00:00Z"))
    }

    /// A member that holds a whole number from 0.
    pub(crate) fn number(&mut self, name: &'static str) -> Option<u64> {
        let value = self.take(name)?;
        whole(&value).or_else(|| self.wrong_kind(name, "a whole number"))
    }

    /// A member that is true or false.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.take(name)?;
        value.as_bool().or_else(|| self.wrong_kind(name, "true or false"))
    }

    /// A member that holds a list of texts.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let texts = value.as_array().and_then(|list| {
            list.iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.or_else(|| self.wrong_kind(name, "a list of texts"))
    }

    /// A member that holds a list of objects.
    pub(crate) fn objects(&mut self, name: &'static str) -> Option<Vec<Self>> {
        let value = self.take(name)?;
        let objects = match value {
            Value::Array(list) => list.into_iter().map(|it| Self::of(it).ok()).collect(),
            _ => None,
        };
        objects.or_else(|| self.wrong_kind(name, "a list of objects"))
    }

    /// A member of any kind.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.take(name)
    }

    /// A member that holds an object.
    pub(crate) fn fields(&mut self, name: &'static str) -> Option<Fields> {
        match self.take(name)? {
            Value::Object(object) => Some(object.into_iter().collect()),
            _ => self.wrong_kind(name, "an object"),
        }
    }

    /// Notes that a member has to be there.
    pub(crate) fn missing(&mut self, name: &'static str) {
        if self.problems.iter().all(|it| it.field.as_deref() != Some(name)) {
            self.problems.push(Problem::field(name, "required", format!("`{name}` is required")));
        }
    }

    /// Refuses what is left, and what had the wrong kind, here and in the objects of a list; their problems have the
    /// place of the object before the name.
    pub(crate) fn finish_with(
        mut self,
        list: &'static str,
        objects: Vec<Self>,
    ) -> Result<(), HttpProblem> {
        for (at, object) in objects.into_iter().enumerate() {
            let placed = object.left().into_iter().map(|problem| {
                let field = problem.field.unwrap_or_default();
                Problem { field: Some(format!("{list}[{at}].{field}")), ..problem }
            });
            self.problems.extend(placed);
        }
        self.finish()
    }

    /// Everything that is wrong, with what is left.
    fn left(mut self) -> Vec<Problem> {
        self.refuse_left();
        self.problems
    }

    fn refuse_left(&mut self) {
        for name in self.object.keys() {
            let meant = nearest(name, &self.known).map(|it| format!("; did you mean `{it}`?"));
            let message = format!("there is no `{name}` here{}", meant.unwrap_or_default());
            self.problems.push(Problem::field(name, "unknown-key", message));
        }
    }

    /// Refuses what is left, and what had the wrong kind.
    pub(crate) fn finish(mut self) -> Result<(), HttpProblem> {
        self.refuse_left();
        if self.problems.is_empty() {
            return Ok(());
        }
        let detail = if self.known.is_empty() {
            "this request takes no keys in its body".to_owned()
        } else {
            format!("the body does not fit: its keys are `{}`", self.known.join("`, `"))
        };
        Err(HttpProblem::bad_request("request.body", detail).with_problems(self.problems))
    }

    /// A member; null counts as absent.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.object.remove(name).filter(|it| !it.is_null())
    }

    /// Notes that a member has another kind than is wanted.
    pub(crate) fn wrong_kind<T>(&mut self, name: &str, wanted: &str) -> Option<T> {
        self.problems.push(Problem::field(name, "kind", format!("`{name}` has to be {wanted}")));
        None
    }
}

/// The largest whole number that is taken: past it programs that read numbers as floats see another one (RFC 7493).
pub(crate) const WHOLE_MAX: u64 = (1 << 53) - 1;

/// A whole number from 0 to [`WHOLE_MAX`], also written as `3.0`, which is the same number in JSON.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    let number = value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|it| it.fract() == 0.0)?;
        (0.0..=WHOLE_MAX as f64).contains(&number).then_some(number as u64)
    });
    number.filter(|it| *it <= WHOLE_MAX)
}
