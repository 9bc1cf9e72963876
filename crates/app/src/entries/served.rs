//! Which indexes a store keeps, and what they serve: a client hears when a query over many entries has none.

use smartcms_domain::collections::{CollectionDefinition, CollectionName, FieldDefinition};
use smartcms_domain::entries::Status;
use smartcms_domain::queries::{SystemField, Test};

use crate::ports::Listing;

/// How a store keeps the values of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// In an index, in order.
    InOrder,
    /// In an index that knows equal ones, and no order.
    ByValue,
    /// In none, but the definition can ask for one.
    NotYet,
    /// In none.
    Never,
}

/// How far an index serves a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Served {
    /// It leads to what passes.
    Exactly,
    /// It leads to a range of values.
    Range,
    /// What does not pass is read too.
    Not,
}

/// A part of a query that no index serves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unserved {
    /// What it asks by, as it was asked.
    pub(super) path: String,
    /// The collection whose entries are read for it.
    pub(super) over: CollectionName,
    /// What can be done; empty when nothing can.
    pub(super) hint: String,
}

/// Whether an index has the newest states of the listing in the order in which they were saved, and few others.
pub(super) fn in_order_of_saving(listing: Listing) -> bool {
    matches!(listing, Listing::Newest(None | Some(Status::Published)))
}

impl Kept {
    /// What every entry has.
    pub(super) fn of_system(field: SystemField, listing: Listing) -> Self {
        match field {
            SystemField::Id => Self::ByValue,
            SystemField::Slug if listing != Listing::Trashed => Self::InOrder,
            SystemField::CreatedAt if listing != Listing::Published => Self::InOrder,
            SystemField::PublishedAt if listing == Listing::Published => Self::InOrder,
            _ => Self::Never,
        }
    }

    /// A field that holds one value, of the collection itself. Listings of few entries have no indexes of fields.
    pub(super) fn of_field(field: &FieldDefinition, listing: Listing) -> Self {
        match listing {
            Listing::Published | Listing::Newest(None | Some(Status::Published)) => {
                if field.indexed || field.unique { Self::InOrder } else { Self::NotYet }
            }
            Listing::Newest(Some(_)) | Listing::Trashed => Self::Never,
        }
    }

    pub(super) fn serves(self, test: &Test) -> Served {
        match (self, test) {
            (Self::InOrder | Self::ByValue, Test::Eq(_) | Test::In(_)) => Served::Exactly,
            (Self::ByValue, Test::Contains(_)) => Served::Exactly,
            (Self::InOrder, Test::Null(true)) => Served::Exactly,
            (
                Self::InOrder,
                Test::Lt(_)
                | Test::Lte(_)
                | Test::Gt(_)
                | Test::Gte(_)
                | Test::Between(..)
                | Test::StartsWith(_),
            ) => Served::Range,
            _ => Served::Not,
        }
    }
}

impl Unserved {
    /// A condition that is not served.
    pub(super) fn condition(
        path: &str,
        kept: Kept,
        test: &Test,
        over: &CollectionDefinition,
    ) -> Self {
        let could = kept == Kept::NotYet && Kept::InOrder.serves(test) != Served::Not;
        let hint = match test {
            _ if could => asks_for_index(path, over),
            Test::Contains(_) => "; the search finds words faster".to_owned(),
            _ => String::new(),
        };
        Self { path: path.to_owned(), over: over.name.clone(), hint }
    }

    /// A key of an order that is not served.
    pub(super) fn key(path: &str, kept: Kept, over: &CollectionDefinition) -> Self {
        let hint = match kept {
            Kept::NotYet => asks_for_index(path, over),
            _ => String::new(),
        };
        Self { path: path.to_owned(), over: over.name.clone(), hint }
    }
}

fn asks_for_index(path: &str, over: &CollectionDefinition) -> String {
    let field = path.rsplit('.').next().unwrap_or(path);
    format!("; say `indexed = true` for `{field}` in the definition of {}", over.name)
}
