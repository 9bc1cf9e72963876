//! The form of a definition.

use smartcms_app::ports::{DefinitionRecord, Origin, PluginFunction};
use smartcms_domain::actors::Rank;
use smartcms_domain::collections::{CollectionDefinition, FieldKind, OnDelete};
use smartcms_pages::admin::{
    ChoiceContext, CollectionFormPage, DefinedField, DefinitionChoices, Mistake,
};

use super::super::visit::Visit;
use super::definition_draft::{DefinitionDraft, FieldDraft, is_structured};
use super::nested::place_of;
use crate::state::AppState;

/// Where collections are.
pub(super) const URL: &str = "/admin/collections";
/// Where a new one is made. No name has a hyphen.
const NEW_URL: &str = "/admin/collections/-/new";

/// What a form shows beside the draft.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// The collection as it is stored; `None` for a new one.
    pub(super) stored: Option<&'a DefinitionRecord>,
    /// The field that a button was pressed for.
    pub(super) focused: Vec<usize>,
    /// Whether all of that field is shown.
    pub(super) opens: bool,
    /// What is wrong.
    pub(super) mistakes: Vec<Mistake>,
    /// The functions of plugins that can compute a field.
    pub(super) functions: Vec<PluginFunction>,
}

/// The page with a draft.
pub(super) fn page(
    state: &AppState,
    visit: &Visit,
    draft: &DefinitionDraft,
    shown: Shown<'_>,
) -> CollectionFormPage {
    let stored = shown.stored;
    let (title, action) = match stored {
        Some(it) => (it.definition.label.clone(), format!("{URL}/{}", it.definition.name)),
        None => (visit.say("collections.new_title", &[]), NEW_URL.to_owned()),
    };
    let name = stored.map(|it| it.definition.name.to_string());
    let is_in_file = stored.is_some_and(|it| it.origin == Origin::File);
    let file = name.as_ref().filter(|_| is_in_file).map(|it| format!("collections/{it}.toml"));
    let crumbs = [(visit.say("collections.title", &[]), URL)];
    let crumbs: Vec<(&str, &str)> =
        crumbs.iter().map(|(label, it)| (label.as_str(), *it)).collect();
    let writer =
        Writer { visit, focused: &shown.focused, opens: shown.opens, mistakes: &shown.mistakes };
    CollectionFormPage {
        frame: visit.frame_below(state, title, &crumbs),
        action,
        is_new: stored.is_none(),
        defined_in: file.unwrap_or_default(),
        revision: stored.map_or(0, |it| it.revision.number()),
        entries_url: name.map(|it| format!("/admin/content/{it}")).unwrap_or_default(),
        name: draft.name.clone(),
        label: draft.label.clone(),
        label_one: draft.label_one.clone(),
        url: draft.url.clone(),
        listed: draft.listed,
        drafts: draft.drafts,
        titles: fields_of(
            draft,
            &draft.title,
            &["text", "long_text", "slug", "email", "url"],
            None,
        ),
        bodies: fields_of(draft, &draft.body, &["rich_text", "markdown", "long_text"], none(visit)),
        images: fields_of(draft, &draft.image, &["asset", "assets"], none(visit)),
        taxonomies: ["", "flat", "tree"].map(|it| taxonomy(visit, it, &draft.taxonomy)).to_vec(),
        fields: writer.fields(&draft.fields, "fields", &[]),
        choices: choices(state, visit, draft, &shown.functions),
        mistakes: shown.mistakes,
    }
}

fn none(visit: &Visit) -> Option<ChoiceContext> {
    Some(choice(visit, "", "definition.none", ""))
}

fn choice(visit: &Visit, value: &str, key: &str, chosen: &str) -> ChoiceContext {
    ChoiceContext { value: value.to_owned(), label: visit.say(key, &[]), selected: value == chosen }
}

fn taxonomy(visit: &Visit, value: &str, chosen: &str) -> ChoiceContext {
    let word = if value.is_empty() { "no_taxonomy" } else { value };
    let key = format!("definition.{word}");
    choice(visit, value, &key, chosen)
}

/// The fields of these kinds, and the one that is chosen whatever its kind is.
fn fields_of(
    draft: &DefinitionDraft,
    chosen: &str,
    kinds: &[&str],
    none: Option<ChoiceContext>,
) -> Vec<ChoiceContext> {
    let fits = |it: &&FieldDraft| {
        !it.name.is_empty() && (kinds.contains(&it.kind.as_str()) || it.name == chosen)
    };
    let fields = draft.fields.iter().filter(fits).map(|it| ChoiceContext {
        value: it.name.clone(),
        label: if it.label.is_empty() { it.name.clone() } else { it.label.clone() },
        selected: it.name == chosen,
    });
    none.into_iter().chain(fields).collect()
}

/// The deterministic functions of the site's plugins. One that cannot be called offers none.
pub(super) async fn functions(state: &AppState) -> Vec<PluginFunction> {
    let mut found = Vec::new();
    for id in state.app.plugins.function_libraries() {
        let library = state.app.plugins.functions(&id).await;
        let functions = library.map(|it| it.functions().to_vec()).unwrap_or_default();
        found.extend(functions.into_iter().filter(|it| it.deterministic));
    }
    found
}

/// What a field can be computed by: nothing, a function, or one that a field names and nobody brings.
fn functions_to_choose(
    visit: &Visit,
    draft: &DefinitionDraft,
    functions: &[PluginFunction],
) -> Vec<ChoiceContext> {
    let mut choices = vec![choice(visit, "", "definition.by_people", "")];
    choices.extend(functions.iter().map(|it| ChoiceContext {
        value: format!("{}.{}", it.plugin, it.name),
        label: format!("{}: {}", it.plugin, it.signature()),
        selected: false,
    }));
    for name in draft.fields.iter().map(|it| &it.computed) {
        if choices.iter().all(|it| it.value != *name) {
            let (value, label) = (name.clone(), name.clone());
            choices.push(ChoiceContext { value, label, selected: false });
        }
    }
    choices
}

fn choices(
    state: &AppState,
    visit: &Visit,
    draft: &DefinitionDraft,
    functions: &[PluginFunction],
) -> DefinitionChoices {
    let kind = |it: &&str| choice(visit, it, &format!("kind.{it}"), "");
    let all = state.app.collections.all();
    let collection = |it: &CollectionDefinition| ChoiceContext {
        value: it.name.to_string(),
        label: it.label.clone(),
        selected: false,
    };
    let mut collections: Vec<_> = all.iter().map(|it| collection(it)).collect();
    let is_known = collections.iter().any(|it| it.value == draft.name);
    if !is_known && !draft.name.is_empty() {
        // A new collection can point to itself.
        let label = if draft.label.is_empty() { &draft.name } else { &draft.label };
        let (value, label) = (draft.name.clone(), label.clone());
        collections.push(ChoiceContext { value, label, selected: false });
    }
    let rank = |it: Rank| choice(visit, it.name(), &format!("role.{}", it.name()), "");
    let everybody = choice(visit, "", "definition.everybody", "");
    let rule = |it: OnDelete| choice(visit, it.name(), &format!("definition.on_{}", it.name()), "");
    DefinitionChoices {
        kinds: FieldKind::NAMES.iter().map(kind).collect(),
        collections,
        ranks: std::iter::once(everybody).chain(Rank::ALL.map(rank)).collect(),
        on_delete: OnDelete::ALL.map(rule).to_vec(),
        functions: functions_to_choose(visit, draft, functions),
    }
}

/// Writes fields for the page.
struct Writer<'a> {
    visit: &'a Visit,
    focused: &'a [usize],
    opens: bool,
    mistakes: &'a [Mistake],
}

impl Writer<'_> {
    fn fields(&self, fields: &[FieldDraft], place: &str, above: &[usize]) -> Vec<DefinedField> {
        let len = fields.len();
        let field = |(at, it): (usize, &FieldDraft)| DefinedField {
            number: at + 1,
            is_last: at + 1 == len,
            ..self.field(it, &format!("{place}.{at}"), &[above, &[at]].concat())
        };
        fields.iter().enumerate().map(field).collect()
    }

    fn field(&self, field: &FieldDraft, place: &str, numbers: &[usize]) -> DefinedField {
        let kind = if field.kind.is_empty() { "text" } else { field.kind.as_str() };
        let below = format!("{place}.");
        let is_wrong =
            self.mistakes.iter().any(|it| it.input == place || it.input.starts_with(&below));
        let is_focused = self.focused == numbers;
        let is_around = self.focused.starts_with(numbers) && !is_focused;
        let choices = ["select", "multi_select"].contains(&kind);
        let is_scalar = is_scalar(kind) && !field.many;
        DefinedField {
            is_inner: numbers.len() > 1,
            is_open: is_wrong || is_around || (is_focused && self.opens),
            is_focused,
            kind_label: self.visit.say(&format!("kind.{kind}"), &[]),
            has_choices: choices,
            is_relation: kind == "relation",
            has_fields: ["group", "repeater"].contains(&kind),
            has_bounds: has_bounds(kind),
            has_pattern: ["text", "long_text", "email", "url", "slug"].contains(&kind),
            is_scalar,
            can_be_computed: is_scalar && !["asset", "relation"].contains(&kind),
            default_form: default_form(kind, field.many),
            fields: self.fields(&field.fields, &format!("{place}.fields"), numbers),
            place: place.to_owned(),
            ..shown(field, kind)
        }
    }
}

/// What the inputs of a field hold.
fn shown(field: &FieldDraft, kind: &str) -> DefinedField {
    let field = field.clone();
    DefinedField {
        was: field.was,
        name: field.name,
        kind: kind.to_owned(),
        label: field.label,
        help: field.help,
        required: field.required,
        unique: field.unique,
        indexed: field.indexed,
        localized: field.localized,
        min: field.min,
        max: field.max,
        pattern: field.pattern,
        default: field.default,
        read: field.read,
        write: field.write,
        computed: field.computed,
        arguments: field.arguments,
        choices: field.choices,
        to: field.to,
        many: field.many,
        on_delete: field.on_delete,
        ..DefinedField::default()
    }
}

fn is_scalar(kind: &str) -> bool {
    let plain = FieldKind::plain(kind).is_some_and(|it| it.is_scalar());
    plain || ["select", "relation"].contains(&kind)
}

fn has_bounds(kind: &str) -> bool {
    let without = ["boolean", "date", "date_time", "select", "colour", "geo_point", "asset"];
    !without.contains(&kind) && !["json", "group"].contains(&kind)
}

fn default_form(kind: &str, many: bool) -> &'static str {
    match kind {
        "boolean" => "flag",
        "multi_select" | "long_text" | "markdown" => "lines",
        _ if is_structured(kind, many) => "json",
        _ => "line",
    }
}

/// What people call an input of the form: `Price › Default`.
pub(super) fn label_of(visit: &Visit, draft: &DefinitionDraft, place: &str) -> String {
    let key = place.rsplit('.').find(|it| it.parse::<usize>().is_err()).unwrap_or(place);
    let own = visit.say(&format!("definition.{key}"), &[]);
    let own = if own.starts_with("definition.") { key.to_owned() } else { own };
    let mut fields = &draft.fields;
    let mut names = Vec::new();
    for number in place_of(place) {
        let Some(field) = fields.get(number) else { break };
        let name = if field.label.is_empty() { &field.name } else { &field.label };
        names.push(if name.is_empty() { (number + 1).to_string() } else { name.clone() });
        fields = &field.fields;
    }
    if key != "fields" || names.is_empty() {
        names.push(own);
    }
    names.join(" › ")
}
