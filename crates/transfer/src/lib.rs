//! Import from other systems and export to a folder: what the formats mean, as streams of items.
#![deny(missing_docs)]
