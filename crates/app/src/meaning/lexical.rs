//! A vector of words and their letters, which needs no model.
//!
//! Each word stands for itself, for its beginning and for every three letters of it, so that `gardening`, `gardens` and
//! `gardning` are near `garden`. What a word stands for is added at places of the vector that its hash tells (feature
//! hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009); a word that comes often counts
//! with the logarithm of that. It knows no synonyms: for those it takes a model.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::is_stop_word;
use crate::ports::{Embedder, ModelError};

/// How many numbers its vectors have.
pub const LEXICAL_DIMENSIONS: usize = 384;
/// Its name as a model. It is another one whenever a text gets another vector than before.
pub const LEXICAL_NAME: &str = "builtin/lexical-1";

/// How many letters stand together.
const GRAM_LEN: usize = 3;
/// How much a whole word counts beside its letters, squared: an exact match is better than one by letters.
const WHOLE_WEIGHT: f32 = 0.5;
/// The same for the beginning of a long word.
const STEM_WEIGHT: f32 = 0.5;
/// How many letters the beginning of a word has.
const STEM_LEN: usize = 5;
/// The most letters of a word; what is longer is no word.
const WORD_LEN_MAX: usize = 40;
/// The most different words of a text that count; passages are far shorter.
const WORDS_MAX: usize = 10_000;
/// Scripts that write words without spaces begin here.
const FIRST_IDEOGRAPH: char = '\u{2e80}';

/// Measures texts by their words and letters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lexical;

#[async_trait]
impl Embedder for Lexical {
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        Ok(texts.iter().map(|it| vector(it)).collect())
    }
}

/// The vector of a text, of length 1; all zeros for a text without words.
fn vector(text: &str) -> Vec<f32> {
    let mut counts = words(text, false);
    if counts.is_empty() {
        counts = words(text, true);
    }
    let mut sum = vec![0.0_f32; LEXICAL_DIMENSIONS];
    for (word, count) in &counts {
        let often = 1.0 + (*count as f32).ln();
        add_word(&mut sum, word, often * telling(word));
    }
    let length = sum.iter().map(|it| it * it).sum::<f32>().sqrt();
    if length > 0.0 {
        sum.iter_mut().for_each(|it| *it /= length);
    }
    sum
}

/// How often each word is there, in lower case and without accents.
fn words(text: &str, with_stop_words: bool) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for word in text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()) {
        let word: String = word.chars().flat_map(char::to_lowercase).map(bare).collect();
        let len = word.chars().count();
        if len > WORD_LEN_MAX || !with_stop_words && is_stop_word(&word) {
            continue;
        }
        if counts.len() < WORDS_MAX || counts.contains_key(&word) {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts
}

/// Long words are rarer than short ones, and tell more.
fn telling(word: &str) -> f32 {
    (word.chars().count() as f32 / 6.0).clamp(0.6, 1.4)
}

fn add_word(sum: &mut [f32], word: &str, weight: f32) {
    let letters: Vec<char> = word.chars().collect();
    add(sum, 'w', &letters, weight * WHOLE_WEIGHT);
    if let Some(stem) = letters.get(..STEM_LEN).filter(|_| letters.len() > STEM_LEN) {
        add(sum, 's', stem, weight * STEM_WEIGHT);
    }
    let gram_len = if letters.iter().any(|it| *it >= FIRST_IDEOGRAPH) { 2 } else { GRAM_LEN };
    // The ends of a word are letters of their own: beginnings tell more than middles.
    let ended: Vec<char> =
        std::iter::once(' ').chain(letters).chain(std::iter::once(' ')).collect();
    let grams: Vec<&[char]> = ended.windows(gram_len).collect();
    let each = weight / (grams.len().max(1) as f32).sqrt();
    for gram in grams {
        add(sum, 'g', gram, each);
    }
}

/// Adds something that a text has at the place of its hash.
fn add(sum: &mut [f32], kind: char, letters: &[char], weight: f32) {
    let hash = hash(kind, letters);
    let at = usize::try_from(hash % LEXICAL_DIMENSIONS as u64).unwrap_or_default();
    // Signs by chance: what falls on one place by accident takes away as often as it adds.
    let weight = if hash >> 63 == 0 { weight } else { -weight };
    if let Some(place) = sum.get_mut(at) {
        *place += weight;
    }
}

/// FNV-1a, and the last steps of MurmurHash3, after which every bit depends on every other.
fn hash(kind: char, letters: &[char]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for letter in std::iter::once(&kind).chain(letters) {
        hash = (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3);
    }
    for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^ (hash >> 33)
}

/// A letter without its accent, for the Latin ones.
fn bare(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' | 'ė' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ß' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{LEXICAL_DIMENSIONS, vector};
    use crate::meaning::MeaningModel;

    fn near(a: &str, b: &str) -> f32 {
        vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn vectors_have_one_length_and_texts_without_words_have_none() {
        let length = |text: &str| vector(text).iter().map(|it| it * it).sum::<f32>();
        assert_eq!(vector("a").len(), LEXICAL_DIMENSIONS);
        assert!((length("Growing tomatoes") - 1.0).abs() < 1e-5);
        assert!((length("the of and") - 1.0).abs() < 1e-5, "of stop words alone they count");
        assert_eq!(length(" — !"), 0.0);
        assert!(vector(&"x".repeat(100_000)).iter().all(|it| *it == 0.0));
    }

    #[test]
    fn words_are_near_their_other_forms_and_their_misspellings() {
        let enough = MeaningModel::lexical().similarity_min;
        for (a, b) in [
            ("tomatos", "Growing tomatoes on a balcony"),
            ("gardning", "Gardening for beginners"),
            ("Gärten", "Der Garten im Herbst"),
            ("recieve", "How to receive letters"),
            ("日本語", "日本語の本"),
        ] {
            assert!(near(a, b) > enough, "{a} and {b}: {}", near(a, b));
        }
    }

    #[test]
    fn texts_without_a_word_in_common_are_not_near() {
        let enough = MeaningModel::lexical().similarity_min;
        let texts = [
            "Growing tomatoes on a balcony",
            "How to fix a bicycle chain",
            "Notes on compiling Rust for small machines",
            "Die Geschichte der Kartoffel",
            "A quiet weekend in Lisbon",
            "Why rivers bend",
        ];
        for (at, a) in texts.iter().enumerate() {
            for b in texts.iter().skip(at + 1) {
                assert!(near(a, b) < enough, "{a} and {b}: {}", near(a, b));
            }
        }
    }
}
