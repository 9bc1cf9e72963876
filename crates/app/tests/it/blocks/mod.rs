//! Rich text: what comes back from JSON, Markdown and HTML, and what never does.

mod arbitrary;
mod commonmark;
mod conversions;
mod editor;
mod hostile;
mod properties;
