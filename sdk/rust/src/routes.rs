//! Answers requests below `/ext/ID/`. Part of the feature `http`.
//!
//! The site passes on what comes to that place, with the path that follows the plugin's id. Cookies and credentials do
//! not reach the plugin, and what it shows is an origin of its own in browsers.
//!
//! ```
//! use smartcms_plugin::routes::{self, Request, Response};
//!
//! struct Hello;
//!
//! impl routes::Guest for Hello {
//!     fn answer(request: Request) -> Response {
//!         match (request.method.as_str(), request.path.as_str()) {
//!             ("GET", "/") => Response::html(200, "<p>Hello!</p>"),
//!             ("POST", "/") => Response::text(200, &request.form("name").unwrap_or_default()),
//!             _ => Response::text(404, "There is nothing here.\n"),
//!         }
//!     }
//! }
//!
//! smartcms_plugin::routes::export!(Hello);
//! ```

#[cfg(target_arch = "wasm32")]
mod wire;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use wire::{serve, wasip2};

#[doc(inline)]
pub use crate::export_routes as export;

/// A plugin that answers requests.
pub trait Guest {
    /// How much of a body is read; who sends more is answered with 413.
    const BODY_BYTES_MAX: usize = 1 << 20;

    /// The answer to a request.
    fn answer(request: Request) -> Response;
}

/// A request, with its whole body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// In capitals: `GET`.
    pub method: String,
    /// What follows the plugin's id in the address, as it was written: `/a/b`.
    pub path: String,
    /// What follows the `?`, as it was written.
    pub query_text: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header by its name in small letters; the first one of several, none that is not UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// A parameter of the query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        pair(&self.query_text, name)
    }

    /// A field of a form that was sent as browsers do by themselves (`application/x-www-form-urlencoded`).
    #[must_use]
    pub fn form(&self, name: &str) -> Option<String> {
        let media_type = self.header("content-type")?.split(';').next()?.trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        pair(std::str::from_utf8(&self.body).ok()?, name)
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer of some media type.
    #[must_use]
    pub fn of(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// A page.
    #[must_use]
    pub fn html(status: u16, html: &str) -> Self {
        Self::of(status, "text/html; charset=utf-8", html)
    }

    /// Plain text.
    #[must_use]
    pub fn text(status: u16, text: &str) -> Self {
        Self::of(status, "text/plain; charset=utf-8", text)
    }

    /// JSON that is already written.
    #[must_use]
    pub fn json(status: u16, json: &str) -> Self {
        Self::of(status, "application/json", json)
    }

    /// Leads to another address: 303 after a form, 302 for now, 301 for good.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }.with("location", location)
    }

    /// The answer with a header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The value of a name in `a=1&b=2`.
fn pair(text: &str, name: &str) -> Option<String> {
    text.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then(|| decoded(value))
    })
}

/// Text as forms write it: `+` for a space, `%` and two digits for a byte. What is not UTF-8 is replaced.
#[must_use]
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, behind @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = behind;
                }
                _ => bytes.push(byte),
            },
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text as it may stand in a query or in a segment of a path.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

/// Exports a type that implements [`Guest`](crate::routes::Guest) as what answers this plugin's requests.
#[macro_export]
macro_rules! export_routes {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct SmartcmsRoutes;
            impl $crate::routes::wasip2::exports::http::incoming_handler::Guest for SmartcmsRoutes {
                fn handle(
                    request: $crate::routes::wasip2::http::types::IncomingRequest,
                    outparam: $crate::routes::wasip2::http::types::ResponseOutparam,
                ) {
                    $crate::routes::serve::<$plugin>(&request, outparam);
                }
            }
            $crate::routes::wasip2::http::proxy::export!(SmartcmsRoutes);
        };
        // Elsewhere nobody asks; the type is used all the same.
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn($crate::routes::Request) -> $crate::routes::Response =
            <$plugin as $crate::routes::Guest>::answer;
    };
}

#[cfg(test)]
mod tests {
    use super::{Request, decoded, encoded};

    #[test]
    fn forms_and_queries_are_read_as_browsers_write_them() {
        let request = Request {
            query_text: "page=2&q=a%20b&q=c".to_owned(),
            headers: vec![(
                "content-type".to_owned(),
                "application/x-www-form-urlencoded; charset=UTF-8".to_owned(),
            )],
            body: b"name=J%C3%BCrgen+%26+Co&empty=&%6eote=1%".to_vec(),
            ..Request::default()
        };
        assert_eq!(request.query("q").as_deref(), Some("a b"));
        assert_eq!(request.query("z"), None);
        assert_eq!(request.form("name").as_deref(), Some("Jürgen & Co"));
        assert_eq!(request.form("empty").as_deref(), Some(""));
        assert_eq!(request.form("note").as_deref(), Some("1%"));
    }

    #[test]
    fn a_body_of_another_type_is_no_form() {
        let request = Request { body: b"a=1".to_vec(), ..Request::default() };
        assert_eq!(request.form("a"), None);
    }

    #[test]
    fn what_is_encoded_is_decoded_again() {
        let text = "a/b?c=d&e f%ü";
        assert_eq!(decoded(&encoded(text)), text);
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
