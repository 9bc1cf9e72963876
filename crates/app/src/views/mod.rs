//! Views of lists that a person keeps: an address with its filters, under a name. They are the person's own.

mod error;
mod keep;

pub use error::ViewError;
pub use keep::{
    KeepView, VIEW_NAME_LEN_MAX, VIEW_QUERY_LEN_MAX, VIEWS_MAX, all_views, keep_view, list_views,
    remove_view,
};
