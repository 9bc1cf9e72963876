//! The REST API, a module per version.

pub(crate) mod v1;
