//! The admin's pages: templates and files inside the executable, texts in several languages, and the typed context of
//! each page. The admin is not a part of the theme: a theme cannot change what people sign in to.

mod account;
mod audit;
mod dashboard;
mod entry;
mod files;
mod frame;
mod list;
mod media;
mod nav;
mod plugins;
mod preferences;
mod qr;
mod revisions;
mod roles;
mod said;
mod sign_in;
mod structure;
mod texts;
mod tokens;
mod transfer;
mod trash;
mod users;
mod zone;

pub use account::{AccountPage, PasskeyRow, RecoveryCodesPage, SessionRow, SessionsPage, TotpPage};
pub use audit::{AuditFilterContext, AuditPage, AuditRow};
pub use dashboard::{Attention, DashboardPage, RecentEntry, SearchResultsPage, Waiting};
pub use entry::{
    AsideLink, AssetCard, ComputedValue, ConflictField, ConflictPage, EntryFormPage, FieldControl,
    FormField, HelpBox, PickOption, PickerPage, PickerPart, PublishBox, RowForm, SeoBox,
    Translation,
};
pub use files::AdminFile;
pub use frame::{Crumb, Flash, FlashKind, Frame, Mistake, PersonContext};
pub use list::{Column, EntryListPage, EntryRow, ListView, Paging, Tab};
pub use media::{AssetPage, AssetUse, MediaPage};
pub use nav::{NAV, NavCollection, NavContext, NavEntry, NavGroup, NavLink, Needs, navigation};
pub use plugins::{
    GrantLine, LogRow, ParkedRow, PluginFactsBox, PluginFilePage, PluginHead, PluginListPage,
    PluginLogPage, PluginNumbers, PluginPage, PluginRow, PluginSettingsPage, PluginState,
    PluginWorkPage, ReachBox, RunRow, SettingInput, TaskBox, UpgradeBox,
};
pub use preferences::{ChoiceContext, PreferencesPage};
pub use qr::QrPicture;
pub use revisions::{DiffField, DiffPiece, RevisionHelp, RevisionRow, RevisionsPage};
pub use roles::{
    AssetBox, BaseChoice, FieldRule, ReachCell, RoleFormPage, RoleRow, RolesPage, RuleRow,
    SiteChoice,
};
pub use said::FailurePage;
pub use sign_in::{
    FirstOwnerPage, ForgottenPage, OfferedProvider, PasswordPage, SecondFactorPage, SignInPage,
};
pub use structure::{
    CollectionFormPage, CollectionListPage, CollectionPlanPage, CollectionRow, DefinedField,
    DefinitionChoices, DeliveryRow, GoGroup, GoItem, GoPage, MenuFormPage, MenuItemForm, MenuLabel,
    MenuListPage, MenuRow, PlanDuplicate, PlanEntry, PlanStep, RedirectForm, RedirectFormPage,
    RedirectImportPage, RedirectListPage, RedirectRow, SettingGroup, SettingRow, SettingsPage,
    TermListPage, TermRow, ViewLink, ViewsPart, WebhookListPage, WebhookPage, WebhookRow,
};
pub use texts::{Language, Texts};
pub use tokens::{NewTokenPage, ScopeBox, ScopeRow, TokenMadePage, TokenRow, TokensPage};
pub use transfer::{CountRow, JobPage, JobRow, NoteBox, TransferPage};
pub use trash::{TrashPage, TrashRow};
pub use users::{LinkPage, NewUserPage, UserPage, UserRow, UsersPage};
pub use zone::Zone;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, Error, ErrorKind, State};
use serde::Serialize;

use crate::engine::engine;
use crate::mistake::TemplateMistake;
use crate::theme::RenderError;
use crate::xml::Escaped;

/// Where files of the admin are.
pub const FILES_PREFIX: &str = "/admin/files/";
/// How much work one page may be, in the engine's units: lists and forms of the admin are long.
const FUEL_MAX: u64 = 20_000_000;

/// A page of the admin: its context names its template.
pub trait AdminPage: Serialize {
    /// The template that shows it.
    const TEMPLATE: &'static str;
}

/// The templates and files of the admin.
pub struct Admin {
    templates: OnceLock<Environment<'static>>,
    files: BTreeMap<&'static str, AdminFile>,
}

/// What a rendering knows of the one who looks: kept beside it, so that macros of other templates have it too.
struct Looking {
    language: Language,
    zone: Zone,
    csrf: String,
    now: i64,
}

impl Default for Admin {
    fn default() -> Self {
        Self::new()
    }
}

impl Admin {
    /// What is in the executable.
    pub fn new() -> Self {
        Self { templates: OnceLock::new(), files: files::all() }
    }

    /// The templates, which are unpacked and read for the first page: many processes show none. A template with a mistake is
    /// left out: the page that it shows then fails, and a test sees to it that there is none.
    fn templates(&self) -> &Environment<'static> {
        self.templates.get_or_init(|| {
            let mut templates = environment(&self.files);
            for (name, text) in files::TEMPLATES.texts() {
                let _ = templates.add_template(name, text);
            }
            templates
        })
    }

    /// A page as HTML.
    pub fn render<P: AdminPage>(&self, page: &P) -> Result<String, RenderError> {
        let template = P::TEMPLATE;
        let templates = self.templates();
        let found = templates.get_template(template);
        found.and_then(|it| it.render(Serde(page))).map_err(|error| {
            let source = |name: &str| Some(templates.get_template(name).ok()?.source().to_owned());
            RenderError { template, mistake: TemplateMistake::new(template, &error, source) }
        })
    }

    /// A file that pages refer to.
    pub fn file(&self, name: &str) -> Option<&AdminFile> {
        self.files.get(name)
    }
}

fn environment(files: &BTreeMap<&'static str, AdminFile>) -> Environment<'static> {
    let mut environment = engine(FUEL_MAX);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    let versions: BTreeMap<&str, String> =
        files.iter().map(|(name, file)| (*name, file.version.clone())).collect();
    environment.add_function("file", move |name: &str| match versions.get(name) {
        Some(version) => Ok(format!("{FILES_PREFIX}{name}?v={version}")),
        None => Err(wrong(format!("the admin has no file {name}"))),
    });
    environment.add_function("begin", begin);
    environment.add_function("t", text);
    environment
        .add_function("csrf", |state: &State<'_, '_>| looking(state).map(|it| it.csrf.clone()));
    environment.add_function("editor_texts", |state: &State<'_, '_>| {
        looking(state).map(|it| Texts::of(it.language).editor())
    });
    environment.add_function("when", when);
    environment.add_function("local", |state: &State<'_, '_>, millis: i64| {
        looking(state).map(|it| it.zone.local(millis))
    });
    environment
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Takes from the frame what the other functions need. A template calls it before everything else.
fn begin(state: &mut State<'_, '_>, frame: Value) -> Result<&'static str, Error> {
    let text = |name: &str| Ok::<_, Error>(frame.get_attr(name)?.to_string());
    let looking = Looking {
        language: Language::parse(&text("language")?).unwrap_or_default(),
        zone: Zone::parse(&text("zone")?).unwrap_or_default(),
        csrf: text("csrf")?,
        now: i64::try_from(frame.get_attr("now")?)?,
    };
    state.get_or_insert_extension(looking);
    Ok("")
}

fn looking<'a>(state: &'a State<'_, '_>) -> Result<&'a Looking, Error> {
    let found = state.get_extension::<Looking>();
    found.ok_or_else(|| wrong("a template has to call begin(frame) first".to_owned()))
}

/// `t("key", name=value)`: a text of the catalogue in the language of the one who looks.
fn text(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<String, Error> {
    let language = looking(state)?.language;
    let found = Texts::of(language).get(key);
    let found = found.ok_or_else(|| wrong(format!("the catalogue has no text {key}")))?;
    let mut given = Vec::new();
    for name in values.args() {
        given.push((name.to_owned(), values.get::<Value>(name)?.to_string()));
    }
    Ok(texts::filled(found, given.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

/// `when(milliseconds)`: an instant in the zone of the one who looks, as an element.
fn when(state: &State<'_, '_>, millis: i64) -> Result<Value, Error> {
    let Looking { language, zone, now, .. } = looking(state)?;
    let (machine, human) = (zone.machine(millis), zone.human(millis, *now, *language));
    let (machine, human) = (Escaped(&machine), Escaped(&human));
    Ok(Value::from_safe_string(format!("<time datetime=\"{machine}\">{human}</time>")))
}

#[cfg(test)]
pub(crate) fn admin_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    files::TEMPLATES.texts()
}

#[cfg(test)]
mod tests;
