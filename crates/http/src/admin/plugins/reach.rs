//! What a plugin asks for and holds, by capability.

use smartcms_app::ports::PluginFacts;
use smartcms_domain::plugins::{Grant, Grants};
use smartcms_pages::admin::{GrantLine, PluginFactsBox, ReachBox};

use super::super::person::Person;
use super::super::visit::Visit;
use super::words::{self, words_of_bytes};

/// Capabilities that a binary does not import: they change what the site does with a plugin.
const NOT_IMPORTED: [&str; 2] = ["html:trusted", "actor:read"];
/// Those that owners alone give, whatever their scope.
const FOR_OWNERS: [&str; 3] = ["fs", "env", "html:trusted"];

/// Makes boxes for what a plugin may reach.
pub(super) struct Reaches<'a> {
    pub(super) visit: &'a Visit,
    pub(super) person: &'a Person,
    pub(super) facts: Option<&'a PluginFacts>,
    pub(super) grants: &'a Grants,
}

impl Reaches<'_> {
    /// What its binary asks for, and what it holds besides.
    pub(super) fn imported(&self) -> Vec<ReachBox> {
        let reaches = self.facts.map(|it| it.reaches.as_slice()).unwrap_or_default();
        let mut boxes: Vec<ReachBox> = reaches
            .iter()
            .map(|it| self.boxed(&it.capability, words::of_reach(self.visit, it), it.required))
            .collect();
        for grant in self.grants.iter() {
            let name = grant.capability();
            let is_shown = boxes.iter().any(|it| it.name == name) || NOT_IMPORTED.contains(&name);
            if !is_shown {
                boxes.push(self.boxed(name, self.words(name), false));
            }
        }
        boxes
    }

    /// What the site does with it.
    pub(super) fn others(&self) -> Vec<ReachBox> {
        NOT_IMPORTED.iter().map(|name| self.boxed(name, self.words(name), false)).collect()
    }

    /// Of those, the ones that its author asks for.
    pub(super) fn others_asked(&self) -> Vec<ReachBox> {
        self.others().into_iter().filter(|it| !it.asked.is_empty() || !it.held.is_empty()).collect()
    }

    fn words(&self, name: &str) -> String {
        words::of_capability(self.visit, name).unwrap_or_else(|| name.to_owned())
    }

    fn boxed(&self, name: &str, words: String, required: bool) -> ReachBox {
        let asks = self.facts.map(|it| it.asks.as_slice()).unwrap_or_default();
        let asks = asks.iter().filter(|(grant, _)| grant.capability() == name);
        let reason = |grant: &Grant| {
            let found = asks.clone().find(|(it, _)| it == grant);
            found.map(|(_, reason)| reason.clone()).unwrap_or_default()
        };
        let held = self.grants.iter().filter(|it| it.capability() == name);
        let held: Vec<GrantLine> = held.map(|it| self.line(it, reason(it))).collect();
        let missing = asks.clone().filter(|(grant, _)| !self.grants.iter().any(|it| it == grant));
        let asked = missing.map(|(grant, reason)| self.line(grant, reason.clone())).collect();
        ReachBox {
            name: name.to_owned(),
            key: name.replace(':', "-"),
            words,
            required,
            for_owners: FOR_OWNERS.contains(&name),
            held,
            asked,
        }
    }

    fn line(&self, grant: &Grant, reason: String) -> GrantLine {
        GrantLine {
            text: grant.to_string(),
            words: words::of_grant(self.visit, grant),
            reason,
            may_give: !grant.is_for_owners() || self.person.actor.may_open_machine(),
        }
    }
}

/// What the file of a plugin tells, for people.
pub(super) fn facts_box(visit: &Visit, facts: &PluginFacts) -> PluginFactsBox {
    PluginFactsBox {
        description: facts.description.clone().unwrap_or_default(),
        licence: facts.licence.clone().unwrap_or_default(),
        homepage: facts.homepage.clone().unwrap_or_default(),
        size: words_of_bytes(facts.bytes),
        points: facts.points.iter().map(|it| words::of_point(visit, it)).collect(),
        made_with: facts.made_with.join(", "),
        warnings: facts.warnings.clone(),
        refusals: facts.refusals.clone(),
    }
}
