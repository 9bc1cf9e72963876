//! `/admin/plugin-files/{digest}`: a file that waits to become a plugin, or another version of one.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use smartcms_app::Fault;
use smartcms_app::plugins::{
    AddStaged, PluginAdminError, StagedPlugin, UpgradeStaged, add_staged, difference, facts_of,
    find_plugin, find_staged, grants_after_upgrade, lacking, upgrade_staged,
};
use smartcms_app::ports::PluginRecord;
use smartcms_domain::plugins::{Grant, Grants, PluginId};
use smartcms_pages::admin::{Mistake, PluginFilePage, UpgradeBox};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::Pairs;
use super::super::person::Person;
use super::super::visit::Visit;
use super::reach::{Reaches, facts_box};
use super::{FILES_URL, URL, scope, url_of, words};
use crate::state::AppState;

/// Shows what a file tells.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(digest): Path<String>,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let looking = Looking::at(&state, &visit, &person, &digest, value("plugin")).await?;
    let page = looking.page(value("id"), Vec::new()).await?;
    answer::page(&state, &page)
}

/// Makes a plugin of a file, or puts it in force.
pub(super) async fn take(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(digest): Path<String>,
    Query(pairs): Pairs,
    form: Form,
) -> Answer {
    let plugin = pairs.iter().find(|(it, _)| it == "plugin");
    let plugin = plugin.map(|(_, value)| value.as_str()).unwrap_or_default();
    let looking = Looking::at(&state, &visit, &person, &digest, plugin).await?;
    let outcome = match looking.chosen(&form) {
        Ok(grants) => looking.take(&form, grants).await,
        Err(mistake) => Err(Taken::Mistake(mistake)),
    };
    let mistake = match outcome {
        Ok((id, said)) => return Ok(visit.done(&state, &url_of(&id), said)),
        Err(Taken::Mistake(mistake)) => mistake,
        Err(Taken::Refused(error)) => looking.mistake(error)?,
    };
    let page = looking.page(form.get("id"), vec![mistake]).await?;
    answer::page_with(&state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why a file was not taken.
enum Taken {
    Mistake(Mistake),
    Refused(PluginAdminError),
}

struct Looking<'a> {
    state: &'a AppState,
    visit: &'a Visit,
    person: &'a Person,
    staged: StagedPlugin,
    /// What it would replace.
    now: Option<PluginRecord>,
}

impl<'a> Looking<'a> {
    /// A file, and the plugin that it replaces: the one that was named, else the one that it says it is.
    async fn at(
        state: &'a AppState,
        visit: &'a Visit,
        person: &'a Person,
        digest: &str,
        plugin: &str,
    ) -> Result<Self, AdminError> {
        let ctx = person.context(&state.app);
        let staged = find_staged(&ctx, digest).await?;
        let named =
            if plugin.is_empty() { staged.facts.id.as_deref().unwrap_or_default() } else { plugin };
        let now = match PluginId::parse(named) {
            Ok(id) => find_plugin(&ctx, &id).await.map(Some).or_else(|error| match error {
                PluginAdminError::Unknown(_) => Ok(None),
                other => Err(other),
            })?,
            Err(_) => None,
        };
        Ok(Self { state, visit, person, staged, now })
    }

    /// What the person lets it have.
    fn chosen(&self, form: &Form) -> Result<Vec<Grant>, Mistake> {
        let wrong = |text: String| Mistake {
            input: "more".to_owned(),
            label: self.visit.say("plugin.more_grants", &[]),
            text,
        };
        let mut grants = scope::typed(form.get("more")).map_err(wrong)?;
        for text in form.all("grant") {
            grants.push(text.parse().map_err(|error| wrong(format!("{error}")))?);
        }
        Ok(grants)
    }

    async fn take(
        &self,
        form: &Form,
        grants: Vec<Grant>,
    ) -> Result<(PluginId, &'static str), Taken> {
        let ctx = self.person.context(&self.state.app);
        let digest = self.staged.digest.to_string();
        if let Some(now) = &self.now {
            let allow_older = form.get("older") == "true";
            let command = UpgradeStaged { id: now.id.clone(), digest, grants, allow_older };
            let record = upgrade_staged(&ctx, command).await.map_err(Taken::Refused)?;
            return Ok((record.id, "plugin.was_upgraded"));
        }
        let id = match &self.staged.facts.id {
            Some(_) => None,
            None => Some(PluginId::parse(form.get("id").trim()).map_err(|error| {
                Taken::Mistake(Mistake {
                    input: "id".to_owned(),
                    label: self.visit.say("plugin.id", &[]),
                    text: error.to_string(),
                })
            })?),
        };
        let command = AddStaged { digest, id, grants };
        let record = add_staged(&ctx, command).await.map_err(Taken::Refused)?;
        Ok((record.id, "plugin.was_added"))
    }

    /// What the person can mend is told on the page; anything else is a page of its own.
    fn mistake(&self, error: PluginAdminError) -> Result<Mistake, AdminError> {
        use smartcms_app::FaultKind::{Conflict, Invalid, Limit};
        if !matches!(error.kind(), Conflict | Invalid | Limit) {
            return Err(error.into());
        }
        let text = match error.hint() {
            Some(hint) => format!("{error}. {hint}"),
            None => error.to_string(),
        };
        Ok(Mistake { input: String::new(), label: String::new(), text })
    }

    async fn page(&self, id: &str, mistakes: Vec<Mistake>) -> Result<PluginFilePage, AdminError> {
        let (visit, facts) = (self.visit, &self.staged.facts);
        let shown = match (&self.now, &facts.id) {
            (Some(now), _) => now.id.to_string(),
            (None, Some(own)) => own.clone(),
            (None, None) => id.to_owned(),
        };
        let version = facts.version.clone().unwrap_or_else(|| "0.0.0".to_owned());
        let (upgrade, grants) = match &self.now {
            Some(now) => self.upgrade(now, &version).await?,
            None => (None, Grants::default()),
        };
        let reaches = Reaches { visit, person: self.person, facts: Some(facts), grants: &grants };
        let mut boxes = reaches.imported();
        boxes.extend(reaches.others_asked());
        let name = facts.name.clone().unwrap_or_else(|| shown.clone());
        let label = visit.say("nav.plugins", &[]);
        let plugin = self.now.as_ref().map(|it| it.id.to_string()).unwrap_or_default();
        let query = answer::query(&[("plugin", &plugin)]);
        Ok(PluginFilePage {
            frame: visit.frame_below(self.state, name.clone(), &[(&label, URL)]),
            url: format!("{FILES_URL}/{}{query}", self.staged.digest),
            name,
            id: shown,
            says_id: facts.id.is_some() || self.now.is_some(),
            version,
            facts: facts_box(visit, facts),
            reaches: boxes,
            upgrade,
            mistakes,
        })
    }

    async fn upgrade(
        &self,
        now: &PluginRecord,
        version: &str,
    ) -> Result<(Option<UpgradeBox>, Grants), AdminError> {
        let (visit, facts) = (self.visit, &self.staged.facts);
        let ctx = self.person.context(&self.state.app);
        let before = facts_of(&ctx, now).await?;
        let grants = grants_after_upgrade(&ctx, &now.id, version, &[]).await?;
        let differs = before.map(|it| difference(&it, facts)).unwrap_or_default();
        let capability =
            |it: &String| words::of_capability(visit, it).unwrap_or_else(|| it.clone());
        let point = |it: &String| words::of_point(visit, it);
        let both = |reaches: &[String], points: &[String]| {
            reaches.iter().map(capability).chain(points.iter().map(point)).collect()
        };
        let boxed = UpgradeBox {
            url: url_of(&now.id),
            version: now.version.clone(),
            is_older: self.state.app.plugin_files.is_older(version, &now.version),
            is_other_major: grants.is_empty() && !now.grants.is_empty(),
            more: both(&differs.reaches_more, &differs.takes_part_more),
            less: both(&differs.reaches_less, &differs.takes_part_less),
            lacks: lacking(facts, &grants).iter().map(|it| it.capability.clone()).collect(),
        };
        Ok((Some(boxed), grants))
    }
}
