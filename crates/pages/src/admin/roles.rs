//! Roles: built-in ones, and those of the site.

use serde::Serialize;

use super::{AdminPage, Frame, Mistake};

/// Which there are.
#[derive(Debug, Clone, Serialize)]
pub struct RolesPage {
    /// What stands around it.
    pub frame: Frame,
    /// The roles that every site has.
    pub built_in: Vec<RoleRow>,
    /// The roles of this site.
    pub custom: Vec<RoleRow>,
    /// Whether the person may make roles.
    pub may_manage: bool,
}

/// A role in the list.
#[derive(Debug, Clone, Serialize)]
pub struct RoleRow {
    /// Its page.
    pub url: String,
    /// Its lasting name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it is about, in a sentence.
    pub about: String,
    /// When it became so; 0 for a built-in one.
    pub changed_at: i64,
}

/// A role as a form. A role that the person may not change is shown the same way, and cannot be sent.
#[derive(Debug, Clone, Serialize)]
pub struct RoleFormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent.
    pub url: String,
    /// The lasting name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The state that was seen; 0 for a new one.
    pub revision: u64,
    /// Whether it is yet to be made.
    pub is_new: bool,
    /// Whether every site has it.
    pub is_built_in: bool,
    /// Whether the person may change it.
    pub may_change: bool,
    /// Why not, where it is one of the site's.
    pub beyond: Vec<String>,
    /// The built-in roles that it may stand on.
    pub bases: Vec<BaseChoice>,
    /// The permissions, as keys of their texts.
    pub permissions: Vec<&'static str>,
    /// The collections, the rule for all others last.
    pub rules: Vec<RuleRow>,
    /// Whether it says something of files itself.
    pub own_assets: bool,
    /// What may be done with files.
    pub assets: Vec<AssetBox>,
    /// What may be done with the site.
    pub sites: Vec<SiteChoice>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// A built-in role that one of the site may stand on.
#[derive(Debug, Clone, Serialize)]
pub struct BaseChoice {
    /// Its name.
    pub value: &'static str,
    /// What people call it.
    pub label: String,
    /// The permissions that it gives, for the script that shows them where no rule does.
    pub given: String,
    /// Whether it is the one.
    pub selected: bool,
}

/// What a role may do in a collection.
#[derive(Debug, Clone, Serialize)]
pub struct RuleRow {
    /// The collection; `*` for every other one.
    pub collection: String,
    /// What people call it.
    pub label: String,
    /// Whether the role has a rule of its own for it.
    pub has_rule: bool,
    /// One for each permission.
    pub cells: Vec<ReachCell>,
    /// The fields, for a collection that is there.
    pub fields: Vec<FieldRule>,
    /// How many fields are hidden or only read.
    pub kept_fields: usize,
}

/// How far one permission reaches in a collection.
#[derive(Debug, Clone, Serialize)]
pub struct ReachCell {
    /// The name of its input.
    pub input: String,
    /// The permission, as the key of its text.
    pub permission: &'static str,
    /// What can be chosen: the names of reaches.
    pub choices: Vec<&'static str>,
    /// The one that is.
    pub reach: &'static str,
}

/// What a role may do with a field.
#[derive(Debug, Clone, Serialize)]
pub struct FieldRule {
    /// The name of its input.
    pub input: String,
    /// What people call the field.
    pub label: String,
    /// `change`, `read_only` or `hidden`.
    pub reach: &'static str,
}

/// Something that may be done with files.
#[derive(Debug, Clone, Serialize)]
pub struct AssetBox {
    /// The permission.
    pub name: &'static str,
    /// Whether the role has it.
    pub is_held: bool,
}

/// Something that may be done with the site; the name is empty for what the base says.
#[derive(Debug, Clone, Serialize)]
pub struct SiteChoice {
    /// The right.
    pub name: &'static str,
    /// Whether it is the one.
    pub selected: bool,
}

impl AdminPage for RolesPage {
    const TEMPLATE: &'static str = "roles.html";
}

impl AdminPage for RoleFormPage {
    const TEMPLATE: &'static str = "role.html";
}
