//! The REST API, a module per version.

pub(crate) mod v1;

pub(crate) use v1::plan_document;
