//! How the admin speaks to the one who asks: language, zone, and the news of the last action.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use smartcms_app::ports::Digest;
use smartcms_domain::actors::{Actor, AssetPermission, Permission, Role};
use smartcms_pages::admin::{
    Crumb, Flash, FlashKind, Frame, Language, NavCollection, Needs, PersonContext, Texts, Zone,
    navigation,
};

use super::cookies;
use super::person::Person;
use crate::state::AppState;

/// What a visitor's request says beside what it asks for.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// The language of the page.
    pub(crate) language: Language,
    /// The zone of its times.
    pub(crate) zone: Zone,
    /// The path.
    pub(crate) path: String,
    /// The path with what follows it.
    pub(crate) here: String,
    /// What the last action came to.
    pub(crate) flash: Option<Flash>,
    /// Whether a script asks, for a part or for one line of text.
    pub(crate) by_script: bool,
    /// Whether a script asks for JSON.
    pub(crate) wants_json: bool,
    /// What binds forms before signing in.
    pub(super) secret: Option<String>,
    person: Option<Person>,
}

impl Visit {
    /// What a request says. Cookies that mean nothing are as good as none.
    pub(super) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let chosen = cookies::read(headers, cookies::LANGUAGE).and_then(Language::parse);
        let liked = text(headers, header::ACCEPT_LANGUAGE.as_str()).and_then(Language::preferred);
        let zone = cookies::read(headers, cookies::ZONE).map(|it| it.replace("%2F", "/"));
        let uri = request.uri();
        Self {
            language: chosen.or(liked).unwrap_or_default(),
            zone: zone.and_then(|it| Zone::parse(&it)).unwrap_or_default(),
            path: uri.path().to_owned(),
            here: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            flash: cookies::read(headers, cookies::FLASH).and_then(read_flash),
            wants_json: text(headers, "accept")
                .is_some_and(|it| it.starts_with("application/json")),
            by_script: headers.contains_key("hx-request")
                || text(headers, "accept").is_some_and(|it| {
                    it.starts_with("text/plain") || it.starts_with("application/json")
                }),
            secret: cookies::read(headers, cookies::VISIT).map(str::to_owned),
            person: request.extensions().get::<Person>().cloned(),
        }
    }

    /// The words of the visitor's language.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        Texts::of(self.language).say(key, values)
    }

    /// Whether somebody has signed in.
    pub(super) fn is_known(&self) -> bool {
        self.person.is_some()
    }

    /// What forms have to bring back; empty where nothing binds them.
    pub(super) fn form_token(&self) -> String {
        let of_secret =
            |it: &String| Digest::of(format!("smartcms form {it}").as_bytes()).to_string();
        match &self.person {
            Some(person) => person.form_token.clone(),
            None => self.secret.as_ref().map(of_secret).unwrap_or_default(),
        }
    }

    /// What stands around a page of this title.
    pub(crate) fn frame(&self, state: &AppState, title: impl Into<String>) -> Frame {
        let app = &state.app;
        let person = self.person.as_ref();
        let collections = person.map(|it| collections(state, it)).unwrap_or_default();
        let has = |needs| person.is_some_and(|it| has(it, needs));
        Frame {
            language: self.language.tag(),
            direction: self.language.direction(),
            zone: self.zone.name().to_owned(),
            now: app.clock.now().as_millis(),
            csrf: self.form_token(),
            title: title.into(),
            site_title: app.site.title.clone(),
            path: self.path.clone(),
            nav: navigation(&self.path, &collections, has),
            person: person.map(|it| self.shown(it)),
            flash: self.flash.clone(),
            crumbs: Vec::new(),
        }
    }

    /// The same below other pages.
    pub(crate) fn frame_below(
        &self,
        state: &AppState,
        title: impl Into<String>,
        crumbs: &[(&str, &str)],
    ) -> Frame {
        let crumb = |(label, url): &(&str, &str)| Crumb {
            label: (*label).to_owned(),
            url: (*url).to_owned(),
        };
        Frame { crumbs: crumbs.iter().map(crumb).collect(), ..self.frame(state, title) }
    }

    /// Sends the visitor on, with the news of what was done.
    pub(crate) fn done(&self, state: &AppState, to: &str, key: &str) -> Response {
        self.news(state, to, FlashKind::Done, self.say(key, &[]))
    }

    /// Sends the visitor on, with some news.
    pub(crate) fn news(
        &self,
        state: &AppState,
        to: &str,
        kind: FlashKind,
        text: String,
    ) -> Response {
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
        let kind = match kind {
            FlashKind::Done => "d",
            FlashKind::Warning => "w",
            FlashKind::Failed => "f",
        };
        let short: String = text.chars().take(500).collect();
        let value = URL_SAFE_NO_PAD.encode(format!("{kind}{short}"));
        if let Some(cookie) = cookies::write(cookies::FLASH, &value, 60, is_secure(state)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    fn shown(&self, person: &Person) -> PersonContext {
        let initial = person.name.chars().next().map(|it| it.to_uppercase().to_string());
        PersonContext {
            name: person.name.clone(),
            initial: initial.unwrap_or_default(),
            role: match &person.actor {
                Actor::User { role: Role::Custom(role), .. } => role.label.clone(),
                _ => self.say(&format!("role.{}", person.role), &[]),
            },
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Whether cookies are for encrypted connections alone: where the public address of the site says so.
pub(super) fn is_secure(state: &AppState) -> bool {
    state.app.site.base_url.starts_with("https://")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn read_flash(value: &str) -> Option<Flash> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
    let (kind, text) = text.split_at_checked(1)?;
    let kind = match kind {
        "d" => FlashKind::Done,
        "w" => FlashKind::Warning,
        _ => FlashKind::Failed,
    };
    Some(Flash { kind, text: text.to_owned() })
}

/// The collections that somebody may see, the taxonomies last.
fn collections(state: &AppState, person: &Person) -> Vec<NavCollection> {
    let all = state.app.collections.all();
    let mut seen: Vec<_> =
        all.iter().filter(|it| person.actor.may(Permission::ReadDrafts, &it.name)).collect();
    smartcms_domain::sorting::sort_by_key(&mut seen, |it| (it.taxonomy.is_some(), !it.listed));
    let seen = seen.into_iter();
    let seen = seen.map(|it| NavCollection {
        name: it.name.to_string(),
        label: it.label.clone(),
        is_taxonomy: it.taxonomy.is_some(),
    });
    seen.collect()
}

fn has(person: &Person, needs: Needs) -> bool {
    match needs {
        Needs::Nothing => true,
        Needs::Media => person.actor.require_with_assets(AssetPermission::List).is_ok(),
        Needs::Arrange => person.actor.may_arrange_site(),
        Needs::Manage => person.actor.may_manage_site(),
        Needs::Audit => person.actor.may_read_audit(),
        Needs::Move => person.actor.may_move_content(),
    }
}
