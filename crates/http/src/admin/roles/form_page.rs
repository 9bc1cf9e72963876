//! A role as a form: a grid of collections and permissions, fields, files and the site.

use serde_json::Value;
use smartcms_domain::actors::{
    AssetPermission, FieldReach, Permission, Rank, Reach, Role, SiteRight,
};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_pages::admin::{
    AssetBox, BaseChoice, FieldRule, Mistake, ReachCell, RoleFormPage, RuleRow, SiteChoice,
};

use super::URL;
use super::document::{field_input, reach_input};
use crate::admin::visit::Visit;
use crate::state::AppState;

/// What stands for every collection without a rule of its own.
const ELSEWHERE: &str = "*";

/// A role to be shown: as it is stored, or as somebody typed it.
pub(super) struct ShownRole<'a> {
    /// Its document.
    pub(super) document: &'a Value,
    /// Its lasting name; what was typed for a new one.
    pub(super) name: &'a str,
    /// The state that was seen.
    pub(super) revision: u64,
    /// Whether it is yet to be made.
    pub(super) is_new: bool,
    /// What of it goes beyond what the person holds.
    pub(super) beyond: Vec<String>,
    /// Whether the person may change it.
    pub(super) may_change: bool,
    /// What is wrong.
    pub(super) mistakes: Vec<Mistake>,
}

impl ShownRole<'_> {
    /// The page of it.
    pub(super) fn page(self, state: &AppState, visit: &Visit) -> RoleFormPage {
        let built_in = Rank::named(self.name).filter(|_| !self.is_new);
        let base = self.base();
        let above = visit.say("roles.title", &[]);
        let title = match built_in {
            Some(rank) => visit.say(&format!("role.{}", rank.name()), &[]),
            None if self.is_new => visit.say("roles.new", &[]),
            None => self.text("label").to_owned(),
        };
        RoleFormPage {
            frame: visit.frame_below(state, title, &[(&above, URL)]),
            url: if self.is_new { format!("{URL}/new") } else { format!("{URL}/{}", self.name) },
            name: self.name.to_owned(),
            label: self.text("label").to_owned(),
            revision: self.revision,
            is_new: self.is_new,
            is_built_in: built_in.is_some(),
            may_change: self.may_change,
            bases: bases(visit, base),
            permissions: Permission::ALL.map(Permission::name).to_vec(),
            rules: self.rules(state, visit, base),
            own_assets: self.document.get("assets").is_some(),
            assets: self.assets(base),
            sites: self.sites(base, built_in.is_some()),
            beyond: self.beyond,
            mistakes: self.mistakes,
        }
    }

    fn text(&self, member: &str) -> &str {
        self.document.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    fn base(&self) -> Rank {
        Rank::named(self.text("base")).unwrap_or(Rank::Contributor)
    }

    fn rule(&self, collection: &str) -> Option<&Value> {
        self.document.get("collections").and_then(|it| it.get(collection))
    }

    /// The collections that there are, those that only the role still names, and the rule for all others.
    fn rules(&self, state: &AppState, visit: &Visit, base: Rank) -> Vec<RuleRow> {
        let all = state.app.collections.all();
        let named = self.document.get("collections").and_then(Value::as_object);
        let gone = named
            .into_iter()
            .flat_map(|it| it.keys())
            .filter(|name| *name != ELSEWHERE && !all.iter().any(|it| it.name.as_str() == *name));
        let there = all.iter().map(|it| self.row(it.name.as_str(), &it.label, base, Some(it)));
        let gone = gone.map(|name| self.row(name, name, base, None));
        let elsewhere = visit.say("roles.elsewhere", &[]);
        let elsewhere = [self.row(ELSEWHERE, &elsewhere, base, None)];
        there.chain(gone).chain(elsewhere).collect()
    }

    fn row(
        &self,
        name: &str,
        label: &str,
        base: Rank,
        definition: Option<&std::sync::Arc<CollectionDefinition>>,
    ) -> RuleRow {
        let rule = self.rule(name);
        // Without a rule of its own it shows what holds there.
        let holds = rule.or_else(|| self.rule(ELSEWHERE));
        let cell = |permission: Permission| ReachCell {
            input: reach_input(name, permission.name()),
            permission: permission.name(),
            choices: choices(permission),
            reach: reach_of(holds, permission, base),
        };
        let fields: Vec<FieldRule> = definition.map_or_else(Vec::new, |definition| {
            let field = |it: &smartcms_domain::collections::FieldDefinition| FieldRule {
                input: field_input(name, it.name.as_str()),
                label: it.label.clone(),
                reach: field_reach(rule, it.name.as_str()),
            };
            definition.fields.iter().map(field).collect()
        });
        RuleRow {
            collection: name.to_owned(),
            label: label.to_owned(),
            has_rule: rule.is_some(),
            cells: Permission::ALL.map(cell).to_vec(),
            kept_fields: fields.iter().filter(|it| it.reach != FieldReach::Change.name()).count(),
            fields,
        }
    }

    fn assets(&self, base: Rank) -> Vec<AssetBox> {
        let own = self.document.get("assets").and_then(Value::as_array);
        let is_held = |it: AssetPermission| match own {
            Some(list) => list.iter().any(|held| held.as_str() == Some(it.name())),
            None => base.may_with_assets(it),
        };
        AssetPermission::ALL.map(|it| AssetBox { name: it.name(), is_held: is_held(it) }).to_vec()
    }

    /// What is said of the site; of a built-in role what its rank says.
    fn sites(&self, base: Rank, is_built_in: bool) -> Vec<SiteChoice> {
        let chosen = if is_built_in { base.site().name() } else { self.text("site") };
        let all = [""].into_iter().chain(SiteRight::ALL.map(SiteRight::name));
        all.map(|name| SiteChoice { name, selected: name == chosen }).collect()
    }
}

fn bases(visit: &Visit, chosen: Rank) -> Vec<BaseChoice> {
    let given = |rank: Rank| {
        let all = Permission::ALL.into_iter();
        let given = all.filter(|it| rank.reach(*it) != Reach::None).map(Permission::name);
        given.collect::<Vec<_>>().join(" ")
    };
    let choice = |it: Rank| BaseChoice {
        value: it.name(),
        given: given(it),
        label: visit.say(&format!("role.{}", it.name()), &[]),
        selected: it == chosen,
    };
    Rank::ALL.into_iter().filter(|it| *it != Rank::Owner).map(choice).collect()
}

/// Creating knows no entries of others.
fn choices(permission: Permission) -> Vec<&'static str> {
    let all = Reach::ALL.into_iter();
    all.filter(|it| permission != Permission::Create || *it != Reach::Own)
        .map(Reach::name)
        .collect()
}

fn reach_of(rule: Option<&Value>, permission: Permission, base: Rank) -> &'static str {
    let Some(rule) = rule else { return Role::from(base).reach(permission, None).name() };
    let said = rule.get(permission.name()).and_then(Value::as_str).unwrap_or_default();
    match Reach::ALL.into_iter().find(|it| it.name() == said).unwrap_or_default() {
        Reach::Own if permission == Permission::Create => Reach::Any.name(),
        reach => reach.name(),
    }
}

fn field_reach(rule: Option<&Value>, field: &str) -> &'static str {
    let said = rule.and_then(|it| it.get("fields")).and_then(|it| it.get(field));
    let said = said.and_then(Value::as_str).unwrap_or_default();
    let found = FieldReach::ALL.into_iter().find(|it| it.name() == said);
    found.unwrap_or(FieldReach::Change).name()
}
