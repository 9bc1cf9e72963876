//! Values, heads and locks as the messages of one stream of JetStream, which keeps the last message of each subject.
//!
//! A swap is a message that the server takes only if the last one of its subject has the number that was seen: one server
//! decides, and nobody else has to be asked. What was asked on a connection that broke is asked once more on another one;
//! that is as good as once, since such messages carry a name by which the server knows them again.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::address::Address;
use crate::client::{Client, Message};
use crate::exports::smartcms::portable::storage::Failure;
use crate::json::{from_base64, names, number, text};

/// What the server says where another message came in between; the second is of newer servers.
const WRONG_LAST: [u64; 2] = [10_071, 10_164];
/// What it says where there is no message, and no stream.
const NO_MESSAGE: u64 = 10_037;
const NO_STREAM: u64 = 10_059;

/// A message that is kept.
pub(crate) struct Kept {
    /// Its number in the stream: each has another one.
    pub(crate) number: u64,
    pub(crate) value: Vec<u8>,
}

/// A connection, and the stream behind it.
pub(crate) struct Stream {
    client: Client,
    name: String,
}

thread_local! {
    static OPEN: RefCell<Option<Stream>> = const { RefCell::new(None) };
}

fn passing(reason: impl std::fmt::Display) -> Failure {
    Failure { is_passing: true, reason: format!("NATS: {reason}") }
}

/// Does it on the connection that is open, and once more on a new one where that broke.
pub(crate) fn with<T>(
    mut work: impl FnMut(&mut Stream) -> Result<T, String>,
) -> Result<T, Failure> {
    let open = OPEN.with_borrow_mut(Option::take);
    let was_open = open.is_some();
    let mut last = String::new();
    for stream in [open, None].into_iter().skip(usize::from(!was_open)) {
        let mut stream = match stream {
            Some(stream) => stream,
            None => {
                let lasting = |reason| Failure { is_passing: false, reason };
                Stream::open(&Address::of_variables().map_err(lasting)?).map_err(passing)?
            }
        };
        match work(&mut stream) {
            Ok(done) => {
                OPEN.set(Some(stream));
                return Ok(done);
            }
            Err(error) => last = error,
        }
    }
    Err(passing(last))
}

/// A number that nobody else has.
pub(crate) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

impl Stream {
    /// Connects, and makes the stream where there is none; one that the operator made stays as it is.
    fn open(address: &Address) -> Result<Self, String> {
        let client = Client::connect(address, chance())?;
        let mut stream = Self { client, name: address.stream.clone() };
        let name = &address.stream;
        let known = stream.ask(&format!("STREAM.INFO.{name}"), "")?;
        match number(&known, "err_code") {
            None => return Ok(stream),
            Some(NO_STREAM) => {}
            Some(_) => return Err(refused("the stream", &known)),
        }
        let config = format!(
            "{{\"name\":\"{name}\",\"subjects\":[\"{name}.v.>\",\"{name}.h.>\",\"{name}.l.>\"],\
             \"retention\":\"limits\",\"max_msgs_per_subject\":1,\"discard\":\"new\",\"storage\":\"file\",\
             \"allow_direct\":true,\"duplicate_window\":120000000000}}"
        );
        let made = stream.ask(&format!("STREAM.CREATE.{name}"), &config)?;
        match number(&made, "err_code") {
            None => Ok(stream),
            Some(_) => Err(refused("the stream", &made)),
        }
    }

    /// The subject of a value (`v`), a head (`h`) or a lock (`l`).
    fn subject(&self, kind: char, key: &str) -> String {
        format!("{}.{kind}.{key}", self.name)
    }

    fn ask(&mut self, what: &str, payload: &str) -> Result<String, String> {
        let answer = self.client.request(&format!("$JS.API.{what}"), &[], payload.as_bytes())?;
        as_text(answer, what)
    }

    /// The last message of a subject, as the server says that decides about it.
    pub(crate) fn last(&mut self, kind: char, key: &str) -> Result<Option<Kept>, String> {
        let subject = self.subject(kind, key);
        let what = format!("STREAM.MSG.GET.{}", self.name);
        let answer = self.ask(&what, &format!("{{\"last_by_subj\":\"{subject}\"}}"))?;
        match number(&answer, "err_code") {
            Some(NO_MESSAGE) => return Ok(None),
            Some(_) => return Err(refused(&subject, &answer)),
            None => {}
        }
        let value = from_base64(text(&answer, "data").unwrap_or_default());
        match (number(&answer, "seq"), value) {
            (Some(number), Some(value)) => Ok(Some(Kept { number, value })),
            _ => Err(refused(&subject, &answer)),
        }
    }

    /// Whether a head has no message after this one.
    pub(crate) fn is_last(&mut self, key: &str, seen: u64) -> Result<bool, String> {
        let subject = self.subject('h', key);
        let what = format!("STREAM.MSG.GET.{}", self.name);
        let next = seen.saturating_add(1);
        let answer =
            self.ask(&what, &format!("{{\"next_by_subj\":\"{subject}\",\"seq\":{next}}}"))?;
        match number(&answer, "err_code") {
            None => Ok(false),
            Some(NO_MESSAGE) => Ok(true),
            Some(_) => Err(refused(&subject, &answer)),
        }
    }

    /// A value: from whichever server has it, or else from the one that decides. A value that was stored never changes.
    pub(crate) fn value(&mut self, key: &str) -> Result<Option<Vec<u8>>, String> {
        let subject = self.subject('v', key);
        let answer = self.client.request(
            &format!("$JS.API.DIRECT.GET.{}.{subject}", self.name),
            &[],
            b"",
        )?;
        match answer.status {
            None => Ok(Some(answer.payload)),
            Some(_) => Ok(self.last('v', key)?.map(|it| it.value)),
        }
    }

    /// Stores a message, if `seen` is the number of the last one of its subject (0 where there is none); its own number, or
    /// `None` where another one came in between.
    pub(crate) fn put(
        &mut self,
        kind: char,
        key: &str,
        value: &[u8],
        condition: Option<(u64, u64)>,
    ) -> Result<Option<u64>, String> {
        let subject = self.subject(kind, key);
        let headers = condition.map(|(seen, name)| {
            [
                ("Nats-Expected-Last-Subject-Sequence", seen.to_string()),
                ("Nats-Msg-Id", format!("{name:016x}")),
            ]
        });
        let headers = headers.iter().flatten().cloned().collect::<Vec<_>>();
        let answer = as_text(self.client.request(&subject, &headers, value)?, &subject)?;
        match (number(&answer, "err_code"), number(&answer, "seq")) {
            (None, Some(number)) => Ok(Some(number)),
            (Some(code), _) if condition.is_some() && WRONG_LAST.contains(&code) => Ok(None),
            _ => Err(refused(&subject, &answer)),
        }
    }

    /// Takes the messages of a subject away; there need not be one.
    pub(crate) fn forget(&mut self, kind: char, key: &str) -> Result<(), String> {
        let subject = self.subject(kind, key);
        let what = format!("STREAM.PURGE.{}", self.name);
        let answer = self.ask(&what, &format!("{{\"filter\":\"{subject}\"}}"))?;
        match number(&answer, "err_code") {
            None => Ok(()),
            Some(_) => Err(refused(&subject, &answer)),
        }
    }

    /// The keys of values from this place on, and where the next ones begin.
    pub(crate) fn keys(&mut self, from: u64) -> Result<(Vec<String>, Option<u64>), String> {
        let (what, all) = (format!("STREAM.INFO.{}", self.name), self.subject('v', ""));
        let answer =
            self.ask(&what, &format!("{{\"subjects_filter\":\"{all}>\",\"offset\":{from}}}"))?;
        if number(&answer, "err_code").is_some() {
            return Err(refused(&all, &answer));
        }
        let found = names(&answer, "subjects");
        let keys = found.iter().filter_map(|it| Some(it.strip_prefix(&all)?.to_owned())).collect();
        let next = from + found.len() as u64;
        let total = number(&answer, "total").unwrap_or_default();
        Ok((keys, (next < total && !found.is_empty()).then_some(next)))
    }
}

fn as_text(answer: Message, of: &str) -> Result<String, String> {
    if let Some(status) = answer.status {
        return Err(format!(
            "{of} was answered {status}: is JetStream on, and may this user use it?"
        ));
    }
    String::from_utf8(answer.payload).map_err(|_| format!("{of} was answered by no text"))
}

fn refused(what: &str, answer: &str) -> String {
    let answer: String = answer.chars().take(500).collect();
    format!("it did not take what was asked for {what}: {answer}")
}
