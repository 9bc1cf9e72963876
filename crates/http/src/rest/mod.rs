//! The REST API, a module per version.

pub(crate) mod v1;

pub(crate) use v1::{asset_cursor, plan_document};
