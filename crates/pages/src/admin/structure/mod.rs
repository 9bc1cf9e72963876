//! What a site is made of: collections, menus, redirects, terms, webhooks and settings; and the ways there.

mod collections;
mod go;
mod menus;
mod redirects;
mod settings;
mod terms;
mod webhooks;

pub use collections::{
    CollectionFormPage, CollectionListPage, CollectionPlanPage, CollectionRow, DefinedField,
    DefinitionChoices, PlanDuplicate, PlanEntry, PlanStep,
};
pub use go::{GoGroup, GoItem, GoPage, ViewLink, ViewsPart};
pub use menus::{MenuFormPage, MenuItemForm, MenuLabel, MenuListPage, MenuRow};
pub use redirects::{
    RedirectForm, RedirectFormPage, RedirectImportPage, RedirectListPage, RedirectRow,
};
pub use settings::{SettingGroup, SettingRow, SettingsPage};
pub use terms::{TermListPage, TermRow};
pub use webhooks::{DeliveryRow, WebhookListPage, WebhookPage, WebhookRow};
