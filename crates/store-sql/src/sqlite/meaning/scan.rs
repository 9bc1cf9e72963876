//! Looking at every vector: roughly at all, closely at the best.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use smartcms_app::ports::{NEAREST_MAX, NearestQuery};

use super::segments::{Segment, Signs, Snapshot};

/// For each entry that is wanted, so many vectors are looked at exactly: several may be of one entry.
const CANDIDATES_EACH: usize = 4;
const CANDIDATES_MIN: usize = 64;
/// The largest number of a query as a code. With it 4,096 products with bytes are less than 2³¹.
const QUERY_CODE_MAX: f32 = 2_047.0;
/// By how much bytes are off at most: what is nearer than the least by this may be near enough.
const SIMILARITY_SLACK: f32 = 0.02;

/// Of what is compared by its signs, one of so many is compared by its bytes too. Measured on vectors that point anywhere,
/// which are the hardest, this leaves out less than one of a hundred that are among the ten nearest.
const ROUGH_KEEPS_ONE_OF: usize = 20;
/// At least so many are.
const ROUGH_KEPT_MIN: usize = 4_096;
/// Into how many parts the range of estimates is divided.
const ROUGH_PARTS: usize = 1_024;
/// The estimate of what is not looked for.
const NOT_WANTED: f32 = -2.0;

/// A vector that may be one of the nearest.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) similarity: f32,
    pub(super) place: i64,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_place = || other.place.cmp(&self.place);
        self.similarity.total_cmp(&other.similarity).then_with(by_place)
    }
}

/// The vectors that are about the nearest, in any order. Between segments others have their turn on the thread.
///
/// First all are compared by their signs alone, which takes 2 bits of each number; then the best part of them by bytes.
/// Which are the nearest of those is found out exactly by the caller, from what is in the file.
pub(super) async fn candidates(snapshot: &Snapshot, query: &NearestQuery) -> Vec<Candidate> {
    let Some(scan) = Scan::of(snapshot, query) else { return Vec::new() };
    let mut best = Best::new(query);
    let mut rough = Rough::default();
    for segment in &snapshot.segments {
        scan.estimate(segment, &mut rough);
        Turn(false).await;
    }
    let least = rough.least(best.len_max);
    let mut estimates = rough.estimates.as_slice();
    for segment in &snapshot.segments {
        let (here, rest) = estimates.split_at_checked(segment.slots.len()).unwrap_or_default();
        estimates = rest;
        scan.compare(segment, here, least, &mut best);
        Turn(false).await;
    }
    best.heap.into_iter().map(|it| it.0).collect()
}

/// A query, ready to be compared.
struct Scan {
    codes: Vec<i16>,
    scale: f32,
    signs: Signs,
    /// Of each scope, whether it is wanted.
    wanted: Vec<bool>,
}

/// How near each vector is by its signs.
struct Rough {
    estimates: Vec<f32>,
    /// How many estimates fall into each part of the range from -1 to 1.
    counts: [usize; ROUGH_PARTS],
    wanted: usize,
}

/// The nearest so far; the farthest of them on top.
struct Best {
    heap: BinaryHeap<Reverse<Candidate>>,
    len_max: usize,
    /// What is not nearer than this is none of them.
    least: f32,
}

impl Scan {
    fn of(snapshot: &Snapshot, query: &NearestQuery) -> Option<Self> {
        if query.vector.len() > snapshot.padded || query.vector.is_empty() {
            return None;
        }
        let largest = query.vector.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
        let scale = if largest > 0.0 { largest / QUERY_CODE_MAX } else { 1.0 };
        let mut codes: Vec<i16> =
            query.vector.iter().map(|it| (it / scale).round() as i16).collect();
        codes.resize(snapshot.padded, 0);
        let signs = Signs::of(&query.vector, snapshot.padded);
        let in_collections = |it: &_| query.collections.as_ref().is_none_or(|all| all.contains(it));
        let wanted = snapshot.scopes.iter().map(|(collection, locale)| {
            in_collections(collection) && query.locale.as_ref().is_none_or(|it| it == locale)
        });
        Some(Self { codes, scale, signs, wanted: wanted.collect() })
    }

    fn estimate(&self, segment: &Segment, rough: &mut Rough) {
        let vectors = segment.signs.chunks_exact(self.signs.words.len());
        for (slot, vector) in segment.slots.iter().zip(vectors) {
            if !self.wanted.get(slot.scope as usize).is_some_and(|it| *it) {
                rough.estimates.push(NOT_WANTED);
                continue;
            }
            let alike = alike(vector, &self.signs.words) as f32;
            rough.add(alike * (slot.sign_scale * self.signs.scale));
        }
    }

    fn compare(&self, segment: &Segment, estimates: &[f32], least: f32, best: &mut Best) {
        let vectors = segment.codes.chunks_exact(self.codes.len());
        for ((slot, vector), estimate) in segment.slots.iter().zip(vectors).zip(estimates) {
            if *estimate < least {
                continue;
            }
            let similarity = dot(vector, &self.codes) as f32 * (slot.scale * self.scale);
            if similarity > best.least {
                best.take(Candidate { similarity, place: slot.place });
            }
        }
    }
}

/// How many numbers have the same sign, less those that have not.
fn alike(vector: &[u64], query: &[u64]) -> i32 {
    let half = query.len() / 2;
    let ((counts, below), (query_counts, query_below)) =
        (vector.split_at(half), query.split_at(half));
    let numbers = counts.iter().zip(below).zip(query_counts.iter().zip(query_below));
    let alike = numbers.map(|((counts, below), (query_counts, query_below))| {
        let both = counts & query_counts;
        let opposite = both & (below ^ query_below);
        both.count_ones() as i32 - 2 * opposite.count_ones() as i32
    });
    alike.sum()
}

/// The sum of the products. In this form the compiler makes of it instructions that do eight or more at once.
fn dot(vector: &[i8], query: &[i16]) -> i32 {
    vector.iter().zip(query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

impl Default for Rough {
    fn default() -> Self {
        Self { estimates: Vec::new(), counts: [0; ROUGH_PARTS], wanted: 0 }
    }
}

impl Rough {
    fn add(&mut self, estimate: f32) {
        self.estimates.push(estimate);
        self.wanted += 1;
        if let Some(count) = self.counts.get_mut(part_of(estimate)) {
            *count += 1;
        }
    }

    /// From which estimate on vectors are compared by their bytes: so that the best part of them is, and those that are
    /// wanted many times over.
    fn least(&self, wanted: usize) -> f32 {
        let enough = (self.wanted / ROUGH_KEEPS_ONE_OF).max(ROUGH_KEPT_MIN).max(wanted * 8);
        let mut kept = 0;
        for (part, count) in self.counts.iter().enumerate().rev() {
            kept += count;
            if kept >= enough {
                return part as f32 * 2.0 / ROUGH_PARTS as f32 - 1.0;
            }
        }
        -1.0
    }
}

/// Which part of the range from -1 to 1 an estimate falls into.
fn part_of(estimate: f32) -> usize {
    // Casts cut off: what is below the range is in the first part.
    let part = ((estimate + 1.0) * 0.5 * ROUGH_PARTS as f32) as usize;
    part.min(ROUGH_PARTS - 1)
}

impl Best {
    fn new(query: &NearestQuery) -> Self {
        let wanted = query.limit.min(NEAREST_MAX) as usize;
        let len_max = (wanted * CANDIDATES_EACH).max(CANDIDATES_MIN);
        let least = query.similarity_min - SIMILARITY_SLACK;
        Self { heap: BinaryHeap::with_capacity(len_max + 1), len_max, least }
    }

    fn take(&mut self, candidate: Candidate) {
        self.heap.push(Reverse(candidate));
        if self.heap.len() > self.len_max {
            self.heap.pop();
            self.least = self.heap.peek().map_or(self.least, |it| it.0.similarity);
        }
    }
}

/// Lets others have their turn, once.
struct Turn(bool);

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
