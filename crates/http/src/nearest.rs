//! The name that somebody may have meant.

/// The known name that is nearest to a wrong one, if one is near enough.
pub(crate) fn nearest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    smartcms_domain::nearest(wrong, known.iter().copied())
}
