//! Where it is kept: one head of the site's storage for each plugin.

use std::cell::RefCell;
use std::rc::Rc;

use crate::exports::wasi::keyvalue::store::Error;
use crate::kept::Kept;
use crate::smartcms::portable::{owner, storage};

/// What the names of the heads begin with.
const PREFIX: &str = "plugins/";
/// How often a change begins again because somebody else made one.
const TRIES_MAX: usize = 64;

thread_local! {
    /// What was read or written last, with its version.
    static LAST: RefCell<Option<(String, Rc<Kept>)>> = const { RefCell::new(None) };
}

/// Looks at what the plugin keeps, by what was acknowledged to anybody.
pub(crate) fn read<T>(look: impl FnOnce(&Kept) -> T) -> Result<T, Error> {
    Ok(look(&newest(&head())?.1))
}

/// Makes a change, all of it or nothing; it is made once more where somebody else was faster.
pub(crate) fn change<T>(work: impl Fn(&mut Kept) -> Result<T, Error>) -> Result<T, Error> {
    let head = head();
    for _ in 0..TRIES_MAX {
        let (version, before) = newest(&head)?;
        let mut kept = Kept::clone(&before);
        let done = work(&mut kept)?;
        if kept == *before {
            return Ok(done);
        }
        let value = kept.written().map_err(Error::Other)?;
        let swapped = storage::swap_head(&head, version.as_deref(), &value).map_err(failed)?;
        if let Some(version) = swapped {
            LAST.set(Some((version, Rc::new(kept))));
            return Ok(done);
        }
    }
    Err(Error::Other(format!("others changed these keys at the same time, {TRIES_MAX} times")))
}

fn head() -> String {
    format!("{PREFIX}{}", owner::id())
}

/// The newest version, if there is one, and what is in it.
fn newest(head: &str) -> Result<(Option<String>, Rc<Kept>), Error> {
    let last = LAST.with_borrow(Clone::clone);
    if let Some((version, kept)) = last
        && storage::is_head(head, &version).unwrap_or(false)
    {
        return Ok((Some(version), kept));
    }
    let Some(found) = storage::get_head(head).map_err(failed)? else {
        return Ok((None, Rc::default()));
    };
    let kept = Kept::read(&found.value);
    let kept = Rc::new(kept.ok_or_else(|| failed_because(&format!("{head} is damaged")))?);
    LAST.set(Some((found.version.clone(), Rc::clone(&kept))));
    Ok((Some(found.version), kept))
}

fn failed(failure: storage::Failure) -> Error {
    failed_because(&failure.reason)
}

/// The cause is the operator's to know, not the plugin's.
fn failed_because(reason: &str) -> Error {
    eprintln!("ERROR plugin {}: its keys cannot be reached: {reason}", owner::id());
    Error::Other("the store failed".to_owned())
}
