//! `/admin/content/{collection}/{id}`: the form in which an entry is written, and what is done with it.

mod change;
mod conflict;
mod controls;
mod draft;
mod form_page;
mod help;
mod pick;
mod preview;
mod problems;
mod revisions;
mod rows;
mod show;
mod values;

pub(super) use change::{autosave, change, create, discard};
pub(super) use help::{help, offered as help_offered};
pub(super) use pick::{ANYWHERE, Picking, pick};
pub(super) use preview::{preview, shared};
pub(super) use revisions::{restore, revisions};
pub(super) use show::{edit, new};
