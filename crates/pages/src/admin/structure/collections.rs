//! Types of content: the list of them, the form of one, and what a change of it does.

use serde::Serialize;

use super::super::{AdminPage, ChoiceContext, Frame, Mistake};

/// Every collection.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The collections.
    pub rows: Vec<CollectionRow>,
}

/// A collection in the list.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where its definition is.
    pub url: String,
    /// Where its entries are.
    pub entries_url: String,
    /// Where its pages are on the site; empty for none.
    pub pattern: String,
    /// How many fields it has.
    pub fields: usize,
    /// Whether a file says what it is.
    pub is_in_file: bool,
    /// Whether its entries are terms.
    pub is_taxonomy: bool,
    /// When it was changed last, in milliseconds.
    pub changed_at: i64,
    /// Who changed it.
    pub changed_by: String,
}

/// The form of a definition.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionFormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub action: String,
    /// Whether it is a new one.
    pub is_new: bool,
    /// The file that says what it is; empty where the database does.
    pub defined_in: String,
    /// The state that the person saw.
    pub revision: u64,
    /// Where its entries are; empty for a new one.
    pub entries_url: String,
    /// Its name.
    pub name: String,
    /// What people call the whole.
    pub label: String,
    /// What people call one.
    pub label_one: String,
    /// Where its pages are.
    pub url: String,
    /// Whether its newest entries show on the home page.
    pub listed: bool,
    /// Whether a save waits to be published.
    pub drafts: bool,
    /// The fields that can name an entry.
    pub titles: Vec<ChoiceContext>,
    /// The fields that can be its page.
    pub bodies: Vec<ChoiceContext>,
    /// The fields that can be its image.
    pub images: Vec<ChoiceContext>,
    /// The kinds of taxonomies.
    pub taxonomies: Vec<ChoiceContext>,
    /// The fields.
    pub fields: Vec<DefinedField>,
    /// What fields choose from.
    pub choices: DefinitionChoices,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// What fields choose from; the same for all of them.
#[derive(Debug, Clone, Serialize)]
pub struct DefinitionChoices {
    /// The kinds.
    pub kinds: Vec<ChoiceContext>,
    /// The collections.
    pub collections: Vec<ChoiceContext>,
    /// The roles.
    pub ranks: Vec<ChoiceContext>,
    /// What happens when what a relation points to is deleted.
    pub on_delete: Vec<ChoiceContext>,
    /// The functions that can compute a field.
    pub functions: Vec<ChoiceContext>,
}

/// A field of a definition.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DefinedField {
    /// Where it stands: `fields.2`.
    pub place: String,
    /// Its number among its neighbours, from one.
    pub number: usize,
    /// Whether it is the last of them.
    pub is_last: bool,
    /// Whether it stands in a group.
    pub is_inner: bool,
    /// Whether all of it is shown.
    pub is_open: bool,
    /// Whether it is the one that a button was pressed for.
    pub is_focused: bool,
    /// What it is called in the definition that is stored.
    pub was: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What people call the kind.
    pub kind_label: String,
    /// What people read beside it.
    pub label: String,
    /// A sentence for editors.
    pub help: String,
    /// Whether an entry needs it.
    pub required: bool,
    /// Whether no two entries share a value.
    pub unique: bool,
    /// Whether it has an index.
    pub indexed: bool,
    /// Whether each translation has its own value.
    pub localized: bool,
    /// The least.
    pub min: String,
    /// The most.
    pub max: String,
    /// What a text looks like.
    pub pattern: String,
    /// The value of a new entry.
    pub default: String,
    /// Who sees it.
    pub read: String,
    /// Who changes it.
    pub write: String,
    /// The function that computes it; empty for what people write.
    pub computed: String,
    /// The fields that it is computed from.
    pub arguments: String,
    /// Whether a function can compute it.
    pub can_be_computed: bool,
    /// The choices, one in a line.
    pub choices: String,
    /// The collection it points to.
    pub to: String,
    /// Whether it points to several.
    pub many: bool,
    /// What happens when what it points to is deleted.
    pub on_delete: String,
    /// The fields in it.
    pub fields: Vec<Self>,
    /// Whether it has choices.
    pub has_choices: bool,
    /// Whether it points to entries.
    pub is_relation: bool,
    /// Whether it has fields in it.
    pub has_fields: bool,
    /// Whether it can have a least and a most.
    pub has_bounds: bool,
    /// Whether it can have a pattern.
    pub has_pattern: bool,
    /// Whether it holds one value that can be compared.
    pub is_scalar: bool,
    /// How its default is written: `flag`, `line`, `lines` or `json`.
    pub default_form: &'static str,
}

/// What a change does, before it is done.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionPlanPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the answer is sent.
    pub action: String,
    /// Where one goes who does nothing.
    pub back_url: String,
    /// The definition as it is to be; empty where the collection is to go.
    pub document: String,
    /// The state that the person saw.
    pub revision: u64,
    /// What differs.
    pub steps: Vec<PlanStep>,
    /// Whether something would be lost.
    pub loses: bool,
    /// Whether entries share what is to be unique: then it cannot be done.
    pub is_impossible: bool,
    /// Whether the collection is to go.
    pub is_removal: bool,
    /// Why it was not done.
    pub mistakes: Vec<Mistake>,
}

/// One difference.
#[derive(Debug, Clone, Serialize)]
pub struct PlanStep {
    /// The field; empty for the collection.
    pub field: String,
    /// What differs: the last part of the key of its text.
    pub kind: &'static str,
    /// The same in a sentence.
    pub message: String,
    /// How many entries it touches.
    pub entries: u64,
    /// How many of them in public.
    pub public: u64,
    /// How many lose a value, or are lost.
    pub lost: u64,
    /// How many break a rule afterwards.
    pub invalid: u64,
    /// Some of them.
    pub examples: Vec<PlanEntry>,
    /// Values that would have to be unique and are not.
    pub duplicates: Vec<PlanDuplicate>,
}

/// An entry that a change touches.
#[derive(Debug, Clone, Serialize)]
pub struct PlanEntry {
    /// Its title.
    pub title: String,
    /// Where it is edited.
    pub url: String,
}

/// A value that several entries share.
#[derive(Debug, Clone, Serialize)]
pub struct PlanDuplicate {
    /// The value.
    pub value: String,
    /// Where the entries are edited.
    pub entries: Vec<PlanEntry>,
}

impl AdminPage for CollectionListPage {
    const TEMPLATE: &'static str = "collections.html";
}

impl AdminPage for CollectionFormPage {
    const TEMPLATE: &'static str = "collection.html";
}

impl AdminPage for CollectionPlanPage {
    const TEMPLATE: &'static str = "collection_plan.html";
}
