//! Which field of a collection takes which value.

use std::sync::Arc;

use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};

/// The fields of a collection by what they are for.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) definition: Arc<CollectionDefinition>,
}

/// What a value is for, and the names that fields have for it, the likeliest first.
pub(super) const EXCERPT: &[&str] = &["excerpt", "summary", "description"];
pub(super) const AUTHORS: &[&str] = &["authors", "author"];
pub(super) const PARENT: &[&str] = &["parent"];
pub(super) const PICTURE: &[&str] = &["image", "featured_image", "picture", "cover"];
pub(super) const POSITION: &[&str] = &["position", "menu_order", "weight"];
pub(super) const FEATURED: &[&str] = &["featured", "sticky", "pinned"];
pub(super) const META: &[&str] = &["imported", "meta", "custom"];
pub(super) const COMMENTS: &[&str] = &["comments"];
pub(super) const EMAIL: &[&str] = &["email"];
pub(super) const ADDRESS: &[&str] = &["url", "website"];
pub(super) const ABOUT: &[&str] = &["bio", "description", "body"];

impl Shape {
    /// The first field that has one of the names and one of the kinds.
    pub(super) fn field_of(&self, names: &[&str], kinds: &[&str]) -> Option<&FieldDefinition> {
        let mut found = names.iter().filter_map(|name| self.definition.field(name));
        found.find(|it| kinds.contains(&it.kind.name()))
    }
}

/// Kinds that take text.
pub(super) const TEXTS: &[&str] = &["text", "long_text", "markdown"];
