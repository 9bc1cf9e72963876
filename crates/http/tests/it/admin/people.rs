//! Signing in, as a browser does it.

use axum::http::Method;
use smartcms_app::OpContext;
use smartcms_app::people::{
    Client, CreateUser, SignInOutcome, UsePasswordLink, create_user, start_owner_link,
    use_password_link,
};
use smartcms_domain::actors::{Actor, Rank, RoleName};
use smartcms_domain::people::SecretText;

use crate::client::{Answer, Site};

/// The password of those whom [`Browser::of`] makes.
pub(super) const PASSWORD: &str = "a heron stands in cold water";

/// A browser that keeps cookies.
pub(super) struct Browser<'a> {
    site: &'a Site,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(site: &'a Site) -> Self {
        Self { site, cookies: Vec::new() }
    }

    /// A browser in which somebody with a new account of this role has signed in.
    pub(super) async fn of(site: &'a Site, email: &str, role: &str) -> Self {
        let ctx = OpContext::new(&site.test.app, &Actor::Operator);
        let command = CreateUser {
            email: email.to_owned(),
            name: "Bea".to_owned(),
            role: RoleName::parse(role).unwrap(),
        };
        let link = create_user(&ctx, command).await.unwrap().link;
        let command = UsePasswordLink {
            link: link.reveal().split_once("link=").unwrap().1.to_owned(),
            password: SecretText::new(PASSWORD),
            client: Client::default(),
        };
        let outcome = use_password_link(&site.test.app, command).await.unwrap();
        let SignInOutcome::SignedIn(signed_in) = outcome else { panic!("{outcome:?}") };
        let secret = signed_in.secret.reveal().to_owned();
        Self { site, cookies: vec![("__Host-smartcms_session".to_owned(), secret)] }
    }

    /// Sends a form of a page that is opened for it.
    pub(super) async fn fill(&mut self, page: &str, uri: &str, pairs: &[(&str, &str)]) -> Answer {
        let page = self.get(page).await;
        assert_eq!(page.status, 200, "{}", page.text());
        self.send(uri, &page.text(), pairs).await
    }

    pub(super) async fn get(&mut self, uri: &str) -> Answer {
        let call = self.site.call(Method::GET, uri).header("cookie", &self.cookie());
        let answer = call.send().await;
        self.keep(answer)
    }

    pub(super) async fn send(&mut self, uri: &str, page: &str, pairs: &[(&str, &str)]) -> Answer {
        let start = page.find("name=\"csrf\" value=\"").unwrap() + 19;
        let token: String = page[start..].chars().take_while(|it| *it != '"').collect();
        let pairs = [&[("csrf", token.as_str())], pairs].concat();
        let call = self.site.call(Method::POST, uri).header("cookie", &self.cookie());
        let answer = call.form(&pairs).send().await;
        self.keep(answer)
    }

    pub(super) fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: Answer) -> Answer {
        for line in answer.headers.get_all("set-cookie") {
            let (pair, rest) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(it, _)| it != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }
}

#[tokio::test]
async fn the_first_owner_comes_by_the_link_signs_out_and_in_again() {
    let site = Site::new().await;
    let link = start_owner_link(&site.test.app).await.unwrap().unwrap();
    let path = link.reveal().strip_prefix("https://site.example").unwrap().to_owned();
    let secret = path.split_once("link=").unwrap().1.to_owned();
    let mut browser = Browser::new(&site);
    let page = browser.get(&path).await.text();
    let weak = [
        ("secret", secret.as_str()),
        ("name", "Ada"),
        ("email", "ada@site.example"),
        ("password", "short"),
    ];
    let refused = browser.send("/admin/setup", &page, &weak).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(
        refused.text().contains("id=\"password-problem\"")
            && refused.text().contains("value=\"Ada\"")
    );
    let good = [
        ("secret", secret.as_str()),
        ("name", "Ada"),
        ("email", "ada@site.example"),
        ("password", "a heron stands in cold water"),
    ];
    let entered = browser.send("/admin/setup", &page, &good).await;
    assert_eq!(
        (entered.status.as_u16(), entered.header("location")),
        (303, "/admin"),
        "{}",
        entered.text()
    );
    let home = browser.get("/admin").await;
    assert_eq!(home.status, 200);
    let stolen = browser.cookie();
    let left = browser.send("/admin/sign-out", &home.text(), &[]).await;
    assert_eq!(left.header("location"), "/admin/sign-in");
    let again = site.call(Method::GET, "/admin").header("cookie", &stolen).send().await;
    assert_eq!(again.status, 303, "the session is over, whoever has its cookie");
    let page = browser.get("/admin/sign-in?next=/admin/trash").await.text();
    let wrong = [("email", "ada@site.example"), ("password", "something else entirely")];
    let refused = browser.send("/admin/sign-in", &page, &wrong).await;
    assert_eq!(refused.status, 422);
    let right = [
        ("email", "ada@site.example"),
        ("password", "a heron stands in cold water"),
        ("next", "/admin/trash"),
    ];
    let entered = browser.send("/admin/sign-in", &page, &right).await;
    assert_eq!(entered.header("location"), "/admin/trash");
    assert_eq!(browser.get("/admin/trash").await.status, 200);
    assert_eq!(browser.get(&path).await.header("location"), "/admin/sign-in", "used once");
}

#[tokio::test]
async fn a_sign_in_leads_nowhere_but_into_the_admin() {
    let site = Site::new().await;
    let page = site.get("/admin/sign-in?next=https://evil.example/").await;
    assert_eq!(page.status, 200);
    let mut browser = Browser::new(&site);
    let page = browser.get("/admin/sign-in").await;
    assert!(page.header("set-cookie").contains("HttpOnly"));
    // The form is bound to the browser that it was made for.
    let other =
        Browser::new(&site).send("/admin/sign-in", &page.text(), &[("email", "a@b.example")]).await;
    assert_eq!(other.status, 403);
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_once_and_is_in() {
    let site = Site::new().await;
    let path = invited(&site).await;
    let secret = path.split_once("link=").unwrap().1.to_owned();
    let mut browser = Browser::new(&site);
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let choose =
        |password: &'static str| [("secret", secret.clone()), ("password", password.to_owned())];
    let weak = choose("short");
    let weak = weak.each_ref().map(|(name, value)| (*name, value.as_str()));
    let refused = browser.send("/admin/password", &page.text(), &weak).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("id=\"password-problem\""), "{}", refused.text());
    let good = choose("a heron stands in cold water");
    let good = good.each_ref().map(|(name, value)| (*name, value.as_str()));
    let entered = browser.send("/admin/password", &page.text(), &good).await;
    assert_eq!(entered.header("location"), "/admin", "{}", entered.text());
    assert_eq!(browser.get("/admin").await.status, 200);
    assert_eq!(browser.get(&path).await.header("location"), "/admin/forgotten", "used once");
}

#[tokio::test]
async fn asking_for_another_password_is_answered_alike_for_everybody() {
    let site = Site::new().await;
    let path = invited(&site).await;
    let secret = path.split_once("link=").unwrap().1;
    let mut browser = Browser::new(&site);
    let page = browser.get(&path).await.text();
    let fields = [("secret", secret), ("password", "a heron stands in cold water")];
    browser.send("/admin/password", &page, &fields).await;
    let before = site.test.mailbox.mails().len();
    for (email, mails) in [("nobody@site.example", 0), ("bea@site.example", 1)] {
        let mut browser = Browser::new(&site);
        let page = browser.get("/admin/forgotten").await.text();
        let asked = browser.send("/admin/forgotten", &page, &[("email", email)]).await;
        assert_eq!((asked.status.as_u16(), asked.header("location")), (303, "/admin/sign-in"));
        assert_eq!(site.test.mailbox.mails().len() - before, mails, "{email}");
    }
}

/// Where the invitation of somebody leads.
async fn invited(site: &Site) -> String {
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let command = CreateUser {
        email: "bea@site.example".to_owned(),
        name: "Bea".to_owned(),
        role: Rank::Editor.into(),
    };
    let link = create_user(&ctx, command).await.unwrap().link;
    link.reveal().strip_prefix("https://site.example").unwrap().to_owned()
}
