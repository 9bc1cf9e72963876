//! Somebody who has signed in to the admin, without a browser.

use super::client::{Answer, Client, Request};
use super::server::Server;
use super::site::Site;

const BOUNDARY: &str = "a-line-that-is-in-no-file";

/// Somebody who has signed in.
pub(crate) struct Person {
    client: Client,
    cookie: String,
    token: String,
}

impl Person {
    /// Invites somebody with a role, who then chooses a password.
    #[track_caller]
    pub(crate) fn join(site: &Site, server: &Server, role: &str) -> Self {
        let email = format!("{role}@example.com");
        let added =
            site.run(&["user", "create", "--email", &email, "--name", role, "--role", role]);
        let link = added.expect_success().trim().to_owned();
        let path = link.split_once("/admin/").map(|(_, it)| format!("/admin/{it}")).unwrap();
        let secret = path.split_once("link=").unwrap().1.to_owned();
        let mut person = Self::stranger(server, &path);
        let pairs = [("secret", secret.as_str()), ("password", "a heron stands in cold water")];
        let entered = person.form("/admin/password", &pairs).expect_status(303);
        person.cookie = entered.cookies().join("; ");
        person.token = token_of(&person.get("/admin/preferences").expect_status(200));
        person
    }

    /// Somebody who has not signed in, at a page with a form.
    #[track_caller]
    pub(crate) fn stranger(server: &Server, path: &str) -> Self {
        let mut client = server.client();
        let asked = client.get(path).expect_status(200);
        Self { client, cookie: asked.cookies().join("; "), token: token_of(&asked) }
    }

    /// Goes on at another server of the site.
    pub(crate) fn move_to(&mut self, server: &Server) {
        self.client = server.client();
    }

    /// Opens a page.
    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.client.expect(Request::new("GET", path).header("cookie", self.cookie.clone()))
    }

    /// Sends a form with the token of the session.
    #[track_caller]
    pub(crate) fn form(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let token = self.token.clone();
        let pairs = [&[("csrf", token.as_str())], pairs].concat();
        let text: Vec<String> = pairs
            .iter()
            .map(|(name, value)| {
                let coded: String = value.bytes().map(|it| format!("%{it:02X}")).collect();
                format!("{name}={coded}")
            })
            .collect();
        let request = Request::new("POST", path)
            .header("cookie", self.cookie.clone())
            .header("content-type", "application/x-www-form-urlencoded");
        self.client.expect(request.bytes(text.join("&").into_bytes()))
    }

    /// Sends a form with files: their inputs, names and contents.
    #[track_caller]
    pub(crate) fn upload(
        &mut self,
        path: &str,
        pairs: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let token = self.token.clone();
        let mut body = Vec::new();
        for (name, value) in [&[("csrf", token.as_str())], pairs].concat() {
            let part = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, content) in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::new("POST", path)
            .header("cookie", self.cookie.clone())
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            // What is refused is not read to its end.
            .header("connection", "close");
        self.client.expect(request.bytes(body))
    }
}

#[track_caller]
fn token_of(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"csrf\" value=\"").expect("a form on the page");
    rest.split('"').next().unwrap().to_owned()
}
