//! Cookies of the admin: read from a request, and written so that nothing else reads them.

use axum::http::{HeaderMap, HeaderValue, header};

/// What the last action came to, shown once.
pub(super) const FLASH: &str = "smartcms_flash";
/// The language of the admin.
pub(super) const LANGUAGE: &str = "smartcms_language";
/// The zone of times; scripts write it where nobody has chosen one.
pub(super) const ZONE: &str = "smartcms_zone";
/// What binds the forms of those who have not signed in yet.
pub(super) const VISIT: &str = "smartcms_visit";

/// The value of a cookie.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = values.flat_map(|it| it.split(';')).filter_map(|it| it.split_once('='));
    pairs.find(|(it, _)| it.trim() == name).map(|(_, value)| value.trim())
}

/// A cookie that scripts do not read, of this many seconds; 0 takes it away.
pub(super) fn write(name: &str, value: &str, seconds: u32, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/admin; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}
