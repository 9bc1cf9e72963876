//! Somebody who has signed in to the admin: as much of a browser as that takes.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};

use crate::site::Site;
use crate::wire::{Answer, Connection, get};

/// What they choose, as a form has it.
const PASSWORD: &str = "a+heron+stands+in+cold+water";
/// Before the token of a form and the secret of a link.
const TOKEN: &str = "name=\"csrf\" value=\"";
const SECRET: &str = "name=\"secret\" value=\"";

/// An owner with a session.
pub struct Person {
    cookies: Vec<(String, String)>,
}

impl Person {
    /// Adds an owner to a site that is served, who chooses a password and is in.
    pub async fn enter(site: &Site, address: SocketAddr) -> anyhow::Result<Self> {
        let link = site.invite()?;
        let at = link.find("/admin/").with_context(|| format!("no page of the admin: {link}"))?;
        let mut person = Self { cookies: Vec::new() };
        let mut connection = Connection::open(address).await?;
        let path = link.get(at..).unwrap_or_default();
        let page = connection.exchange(&get(address, path, "")).await?.success()?;
        person.keep(&page);
        let text = String::from_utf8_lossy(&page.body);
        let value = |before: &str| between(&text, before).with_context(|| format!("no {before}"));
        let form = format!("csrf={}&secret={}&password={PASSWORD}", value(TOKEN)?, value(SECRET)?);
        let request = format!(
            "POST /admin/password HTTP/1.1\r\nhost: {address}\r\n{}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            person.header(),
            form.len()
        );
        let entered = connection.exchange(request.as_bytes()).await?;
        if entered.status != 303 {
            bail!("the owner was not let in but answered {}", entered.status);
        }
        person.keep(&entered);
        Ok(person)
    }

    /// The header that says who asks, as a whole line.
    #[must_use]
    pub fn header(&self) -> String {
        format!("cookie: {}\r\n", self.cookies())
    }

    /// The cookies, as the header has them.
    #[must_use]
    pub fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
        for (_, cookie) in lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let pair = cookie.split(';').next().and_then(|it| it.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.retain(|(it, _)| it != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

/// What stands between a text and the next quotation mark.
#[must_use]
pub fn between<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.split_once(before).and_then(|(_, rest)| rest.split('"').next())
}
