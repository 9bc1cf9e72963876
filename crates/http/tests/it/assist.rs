//! Writing help: who gets it, within which budget, and what a model that obeys everything can do: nothing.

mod admin;
mod budget;
mod images;
mod injection;
mod provenance;
mod rights;
pub(crate) mod support;
mod tasks;
