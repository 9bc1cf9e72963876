//! The form in which an entry is written, made from the fields of its collection.

use serde::Serialize;

use super::{AdminPage, Frame, Mistake};

/// The form of an entry.
#[derive(Debug, Clone, Serialize)]
pub struct EntryFormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub action: String,
    /// The entry's id; empty for a new one.
    pub id: String,
    /// The revision that the person began with; 0 for a new one.
    pub revision: u64,
    /// The name of its collection.
    pub collection: String,
    /// What one of its collection is called.
    pub label_one: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// The fields.
    pub fields: Vec<FormField>,
    /// What functions of plugins computed from them.
    pub computed: Vec<ComputedValue>,
    /// The slug, as far as it is typed.
    pub slug: String,
    /// What the author says about the change.
    pub message: String,
    /// The suggestions of models that were taken into the form, by their ids.
    pub suggestions: Vec<String>,
    /// Its life.
    pub publish: PublishBox,
    /// What search engines show of it; `None` where it has no page.
    pub seo: Option<SeoBox>,
    /// Its translations; empty where the site has one language.
    pub translations: Vec<Translation>,
    /// The tag of its language.
    pub locale: String,
    /// `ltr` or `rtl`, of its language.
    pub direction: &'static str,
    /// What it translates; empty for an original.
    pub translation_of: String,
    /// Who else is at it.
    pub editing: Vec<String>,
    /// When the working copy was kept that is shown; 0 for the saved state.
    pub kept_at: i64,
    /// Whether the working copy was begun on an older state than is stored.
    pub is_stale: bool,
    /// Links beside the form.
    pub links: Vec<AsideLink>,
    /// Where a draft is kept while it is written; empty for a new one.
    pub autosave_url: String,
    /// The page that is shown beside the text; empty where there is none.
    pub preview_url: String,
    /// A signed address for others; empty where there is none.
    pub shared_url: String,
    /// Whether a field has an editor for long text.
    pub has_editor: bool,
    /// Whether the form is read only for this person.
    pub read_only: bool,
    /// Help of a model; `None` where the person has none.
    pub help: Option<HelpBox>,
}

/// Help of a model with writing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HelpBox {
    /// The tokens that are left of today's budgets.
    pub tokens_left: u64,
    /// The languages to translate into.
    pub locales: Vec<PickOption>,
}

/// The box of an entry's life.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublishBox {
    /// Its status, as queries name it; empty for a new entry.
    pub status: &'static str,
    /// Whether it is public, and its newest state is not.
    pub has_newer_draft: bool,
    /// Whether its collection has drafts: without, each save is public.
    pub drafts: bool,
    /// Whether the person may publish.
    pub may_publish: bool,
    /// Whether the person may put it in the trash.
    pub may_delete: bool,
    /// When it will be published, as the form has it.
    pub publish_at: String,
    /// When it will leave the site, as the form has it.
    pub unpublish_at: String,
    /// Where readers see it; empty where they do not.
    pub live_url: String,
    /// When it was stored last; 0 for a new one.
    pub updated_at: i64,
    /// When its public state was made so; 0 for none.
    pub published_at: i64,
}

/// What search engines show.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SeoBox {
    /// The beginning of the address.
    pub address: String,
    /// The title.
    pub title: String,
    /// The sentence below it.
    pub description: String,
    /// The id of the input that the title comes from.
    pub title_input: String,
    /// The id of the input that the sentence comes from; empty for none.
    pub description_input: String,
}

/// A translation of the entry.
#[derive(Debug, Clone, Serialize)]
pub struct Translation {
    /// The tag of its language.
    pub locale: String,
    /// The name of its language.
    pub label: String,
    /// Where it is edited, or begins.
    pub url: String,
    /// Its status; empty where there is none yet.
    pub status: &'static str,
    /// Whether it is the one that is shown.
    pub is_current: bool,
}

/// A value that nobody writes, as it was when the entry was saved.
#[derive(Debug, Clone, Serialize)]
pub struct ComputedValue {
    /// What its field is called.
    pub label: String,
    /// The value as a text; empty where there is none.
    pub value: String,
}

/// A link beside the form.
#[derive(Debug, Clone, Serialize)]
pub struct AsideLink {
    /// The key of its text.
    pub text: &'static str,
    /// Where it leads.
    pub url: String,
    /// The name of its icon.
    pub icon: &'static str,
}

/// One field of the form.
#[derive(Debug, Clone, Serialize)]
pub struct FormField {
    /// The name of the input, and its id.
    pub name: String,
    /// What people read beside it.
    pub label: String,
    /// A sentence for editors; empty for none.
    pub help: String,
    /// What a model helps with here, as tasks are named; empty for nothing.
    pub help_tasks: Vec<&'static str>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether its value is shared by all translations of a site of several languages.
    pub shared: bool,
    /// What is wrong with it; empty for nothing.
    pub problem: String,
    /// What holds the value.
    pub control: FieldControl,
}

/// What holds a value.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldControl {
    /// One line.
    Input {
        /// The type of the `<input>`.
        input_type: &'static str,
        /// The value.
        value: String,
        /// The most characters; 0 for no limit.
        len_max: u64,
        /// What numbers step by; empty where it is no number.
        step: &'static str,
        /// The least; empty for none.
        min: String,
        /// The most; empty for none.
        max: String,
    },
    /// Many lines.
    Area {
        /// The text.
        value: String,
        /// How high it is at first.
        rows: u32,
        /// The most characters; 0 for no limit.
        len_max: u64,
        /// Whether it is code.
        is_code: bool,
    },
    /// Rich text or Markdown: an editor may take the place of the text.
    Rich {
        /// The text as Markdown.
        value: String,
        /// The block tree as JSON; empty where the field holds Markdown.
        blocks: String,
        /// `markdown` or `blocks`.
        holds: &'static str,
    },
    /// True or false.
    Check {
        /// Which.
        checked: bool,
    },
    /// One of some.
    Select {
        /// The choices.
        options: Vec<PickOption>,
    },
    /// Some of some.
    Checks {
        /// The choices.
        options: Vec<PickOption>,
    },
    /// A place on earth.
    Geo {
        /// Degrees.
        latitude: String,
        /// Degrees.
        longitude: String,
    },
    /// Entries or files to point to.
    Pick(PickerPart),
    /// Fields of their own.
    Group {
        /// The fields.
        fields: Vec<FormField>,
    },
    /// Any number of rows.
    Repeater {
        /// The rows.
        rows: Vec<RowForm>,
        /// Whether one more can be added.
        can_add: bool,
    },
}

/// A row of a repeater.
#[derive(Debug, Clone, Serialize)]
pub struct RowForm {
    /// The beginning of the names of its inputs.
    pub name: String,
    /// Its number, from 1.
    pub number: usize,
    /// Whether it is the last.
    pub is_last: bool,
    /// Its fields.
    pub fields: Vec<FormField>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PickOption {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What stands behind it: a status, a type.
    pub note: String,
    /// A small picture; empty for none.
    pub image: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// What is chosen, and what can be.
#[derive(Debug, Clone, Serialize)]
pub struct PickerPart {
    /// The name of the inputs.
    pub name: String,
    /// Whether several can be chosen.
    pub many: bool,
    /// Whether it is about files.
    pub is_media: bool,
    /// What is chosen, in order.
    pub chosen: Vec<PickOption>,
    /// What was looked for; empty for nothing.
    pub query: String,
    /// Whether the list below is what was found, and nothing was.
    pub found_nothing: bool,
    /// What was found.
    pub options: Vec<PickOption>,
    /// Where more is looked for.
    pub search_url: String,
}

/// A file among others.
#[derive(Debug, Clone, Serialize)]
pub struct AssetCard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its page is.
    pub url: String,
    /// A small picture; empty for a file that is none.
    pub image: String,
    /// What it says to those who do not see it.
    pub alt: String,
    /// Its media type, in short.
    pub note: String,
    /// Whether it is an image without alternative text.
    pub lacks_alt: bool,
}

/// Theirs beside yours, where somebody else has saved meanwhile.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub action: String,
    /// The newest revision, which the next save says that it saw.
    pub revision: u64,
    /// Who saved it.
    pub author: String,
    /// When.
    pub at: i64,
    /// The fields that differ.
    pub fields: Vec<ConflictField>,
    /// What the person wrote: the names and values of the form.
    pub kept: Vec<(String, String)>,
    /// Where the entry is.
    pub url: String,
}

/// A field of which two people have two values.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictField {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What is stored.
    pub theirs: String,
    /// What the person wrote.
    pub yours: String,
    /// Whether both have changed it.
    pub both: bool,
}

/// What was found for a picker, asked for by a script.
#[derive(Debug, Clone, Serialize)]
pub struct PickerPage {
    /// What stands around it.
    pub frame: Frame,
    /// The picker.
    pub picker: PickerPart,
}

impl AdminPage for EntryFormPage {
    const TEMPLATE: &'static str = "entry.html";
}

impl AdminPage for ConflictPage {
    const TEMPLATE: &'static str = "conflict.html";
}

impl AdminPage for PickerPage {
    const TEMPLATE: &'static str = "picker.html";
}
