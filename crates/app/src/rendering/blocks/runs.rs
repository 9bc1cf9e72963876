//! Flat runs of text as nested marks, for formats that nest.

use smartcms_domain::blocks::{Inline, Mark};

/// One step of writing a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A mark begins.
    Open(&'a Mark),
    /// The mark that began last ends.
    Close(&'a Mark),
    /// The piece at this place in the run.
    Piece(usize),
}

/// The steps in order: marks that last longer stand outside, and equal ones in the order of [`Mark`].
pub(super) fn steps(content: &[Inline]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut open: Vec<&Mark> = Vec::new();
    for (index, inline) in content.iter().enumerate() {
        let kept = open.iter().take_while(|mark| inline.marks.contains(mark)).count();
        for mark in open.drain(kept..).rev() {
            steps.push(Step::Close(mark));
        }
        let rest = content.get(index..).unwrap_or_default();
        let mut new: Vec<_> = inline
            .marks
            .iter()
            .filter(|mark| !open.contains(mark))
            .map(|mark| (std::cmp::Reverse(lasting(rest, mark)), mark))
            .collect();
        smartcms_domain::sorting::sort(&mut new);
        for (_, mark) in new {
            steps.push(Step::Open(mark));
            open.push(mark);
        }
        steps.push(Step::Piece(index));
    }
    steps.extend(open.into_iter().rev().map(Step::Close));
    steps
}

/// How far marks are followed: beyond, the order of nesting is only less pretty.
const LOOK_AHEAD_MAX: usize = 64;

fn lasting(rest: &[Inline], mark: &Mark) -> usize {
    rest.iter().take(LOOK_AHEAD_MAX).take_while(|it| it.marks.contains(mark)).count()
}
