//! Vectors in memory, one byte for each number, and shorter still as signs.
//!
//! They stand in segments that are shared with those who are scanning them: a change copies the one segment that it is
//! in, if somebody looks at it, and nobody waits for anybody.

use std::collections::HashMap;
use std::sync::Arc;

use smartcms_domain::collections::CollectionName;
use smartcms_domain::locales::Locale;

/// How many vectors a segment holds: of 384 numbers each these are 2 MiB, looked at in less than a millisecond.
const SEGMENT_LEN: usize = 4_096;
/// How many vectors there are in memory at most; what comes later is not found. Of 384 numbers each these are 500 MiB.
pub(super) const VECTORS_MAX: usize = 1_000_000;
/// Vectors are filled up with zeros to a multiple of this: the signs of so many are in one word.
const LANES: usize = 64;
/// Numbers that are smaller than this part of the usual one count as 0 among the signs: of what is spread evenly about 0,
/// that keeps most of what one sign can tell.
const SIGN_LEAST: f32 = 0.6;
/// A place whose vector is gone.
const GONE: u32 = u32::MAX;

/// Where an entry stands: its collection and its language.
pub(super) type Scope = (CollectionName, Locale);

/// All vectors of one model.
#[derive(Default)]
pub(super) struct Vectors {
    /// How many numbers each has, filled up; 0 until the first one comes.
    padded: usize,
    len: usize,
    segments: Vec<Arc<Segment>>,
    scopes: Arc<Vec<Scope>>,
    /// Where the vectors of an entry are: segment and place in it.
    places: HashMap<i64, Vec<(usize, usize)>>,
    free: Vec<(usize, usize)>,
}

/// Some vectors.
#[derive(Clone, Default)]
pub(super) struct Segment {
    pub(super) slots: Vec<Slot>,
    /// The numbers of all, one vector after the other.
    pub(super) codes: Vec<i8>,
    /// The signs of all, one vector after the other.
    pub(super) signs: Vec<u64>,
}

/// Whose a vector is.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// Of the entry and the part, as in the file.
    pub(super) place: i64,
    /// Which of the scopes.
    pub(super) scope: u32,
    /// What a code has to be multiplied with.
    pub(super) scale: f32,
    /// What the signs have to be multiplied with.
    pub(super) sign_scale: f32,
}

/// The signs of a vector: first which numbers are not near 0, a bit each, then which of them are below it.
pub(super) struct Signs {
    pub(super) words: Vec<u64>,
    /// One through the length of the vector that has 1 and -1 for them.
    pub(super) scale: f32,
}

/// What one scan looks at: it stays as it is, whatever is written meanwhile.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) padded: usize,
    pub(super) segments: Vec<Arc<Segment>>,
    pub(super) scopes: Arc<Vec<Scope>>,
}

/// A vector that comes.
pub(super) struct Coming {
    pub(super) place: i64,
    pub(super) scope: Scope,
    pub(super) vector: Vec<f32>,
}

impl Vectors {
    pub(super) fn snapshot(&self) -> Snapshot {
        let (segments, scopes) = (self.segments.clone(), Arc::clone(&self.scopes));
        Snapshot { padded: self.padded, segments, scopes }
    }

    /// Takes away the vectors of an entry.
    pub(super) fn remove(&mut self, number: i64) {
        for (segment, at) in self.places.remove(&number).unwrap_or_default() {
            let held = self.segments.get_mut(segment).map(Arc::make_mut);
            if let Some(slot) = held.and_then(|it| it.slots.get_mut(at)) {
                slot.scope = GONE;
                self.len -= 1;
                self.free.push((segment, at));
            }
        }
    }

    /// Takes a vector in; `false` where there is no room, or it is of another length than those before.
    pub(super) fn add(&mut self, number: i64, coming: Coming) -> bool {
        let padded = coming.vector.len().next_multiple_of(LANES);
        if self.len == 0 && self.padded != padded {
            (self.segments, self.free) = (Vec::new(), Vec::new());
            self.padded = padded;
        }
        if padded != self.padded || padded == 0 || self.len >= VECTORS_MAX {
            return false;
        }
        let scope = self.scope(coming.scope);
        let (codes, scale) = codes_of(&coming.vector, padded);
        let signs = Signs::of(&coming.vector, padded);
        let slot = Slot { place: coming.place, scope, scale, sign_scale: signs.scale };
        let place = match self.free.pop() {
            Some(place) => self.put(place, slot, &codes, &signs),
            None => self.push(slot, &codes, &signs),
        };
        self.places.entry(number).or_default().push(place);
        self.len += 1;
        true
    }

    fn put(
        &mut self,
        place: (usize, usize),
        slot: Slot,
        codes: &[i8],
        signs: &Signs,
    ) -> (usize, usize) {
        let (segment, at) = place;
        if let Some(held) = self.segments.get_mut(segment).map(Arc::make_mut) {
            let begin = at * codes.len();
            if let Some(room) = held.codes.get_mut(begin..begin + codes.len()) {
                room.copy_from_slice(codes);
            }
            let begin = at * signs.words.len();
            if let Some(room) = held.signs.get_mut(begin..begin + signs.words.len()) {
                room.copy_from_slice(&signs.words);
            }
            if let Some(held) = held.slots.get_mut(at) {
                *held = slot;
            }
        }
        place
    }

    fn push(&mut self, slot: Slot, codes: &[i8], signs: &Signs) -> (usize, usize) {
        if self.segments.last().is_none_or(|it| it.slots.len() >= SEGMENT_LEN) {
            self.segments.push(Arc::default());
        }
        let segment = self.segments.len().saturating_sub(1);
        let Some(held) = self.segments.last_mut().map(Arc::make_mut) else { return (0, 0) };
        held.slots.push(slot);
        held.codes.extend_from_slice(codes);
        held.signs.extend_from_slice(&signs.words);
        (segment, held.slots.len() - 1)
    }

    fn scope(&mut self, wanted: Scope) -> u32 {
        let at = self.scopes.iter().position(|it| *it == wanted).unwrap_or_else(|| {
            Arc::make_mut(&mut self.scopes).push(wanted);
            self.scopes.len() - 1
        });
        u32::try_from(at).unwrap_or(GONE)
    }
}

impl Signs {
    /// Of a vector that is filled up with zeros.
    pub(super) fn of(vector: &[f32], padded: usize) -> Self {
        let squares: f32 = vector.iter().map(|it| it * it).sum();
        let least = SIGN_LEAST * (squares / vector.len().max(1) as f32).sqrt();
        let word = |numbers: &[f32], is: fn(f32, f32) -> bool| {
            let bits = numbers.iter().enumerate();
            bits.fold(0_u64, |word, (at, it)| word | u64::from(is(*it, least)) << at)
        };
        let words = |is: fn(f32, f32) -> bool| {
            let words = vector.chunks(LANES).map(move |it| word(it, is));
            words.chain(std::iter::repeat(0)).take(padded / LANES)
        };
        let counts = |it: f32, least: f32| it.abs() > least;
        let is_below = |it: f32, least: f32| it < -least;
        let words: Vec<u64> = words(counts).chain(words(is_below)).collect();
        let counting = words.iter().take(padded / LANES).map(|it| it.count_ones()).sum::<u32>();
        Self { words, scale: 1.0 / (counting.max(1) as f32).sqrt() }
    }
}

/// A vector as bytes, and what they have to be multiplied with: the largest number of it becomes 127.
fn codes_of(vector: &[f32], padded: usize) -> (Vec<i8>, f32) {
    let largest = vector.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let scale = if largest > 0.0 && largest.is_finite() { largest / 127.0 } else { 1.0 };
    // What is out of the range of a byte is cut to it, and what is no number becomes 0.
    let mut codes: Vec<i8> = vector.iter().map(|it| (it / scale).round() as i8).collect();
    codes.resize(padded, 0);
    (codes, scale)
}
