//! How long searches take among many entries: `cargo run --release -p smartcms-store-sql --example search_speed`.
//!
//! Words come as in a language: the first of the vocabulary is in nearly every entry, the last in few.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::time::{Duration, Instant};

use smartcms_app::ports::{
    EntryChanges, EntryFacts, EntryStore as _, EntryWrite, SearchIndex as _, SearchMode,
    SearchQuery, SearchTerm, Side, SideFacts,
};
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use smartcms_testkit::builders::{at, collection, created, draft, locale};

const BATCH_LEN: u128 = 500;
const WORDS_LEN: u64 = 20_000;
const BODY_LEN: usize = 120;
const ROUNDS: usize = 60;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let len: u128 = std::env::args().nth(1).map_or(Ok(100_000), |it| it.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("smartcms.db");
    let store = SqliteStore::open(&path, &SqliteSettings::default())?;
    let mut chance = Chance(1);
    let begun = Instant::now();
    for start in (0..len).step_by(usize::try_from(BATCH_LEN)?) {
        let numbers = start..(start + BATCH_LEN).min(len);
        let writes = numbers.map(|it| write(it, &mut chance)).collect::<Result<_, _>>()?;
        store.write(EntryChanges { writes, ..EntryChanges::default() }).await?;
    }
    let bytes = std::fs::metadata(&path)?.len() >> 20;
    println!("{len} entries in {:.1} s, {bytes} MiB", begun.elapsed().as_secs_f64());
    for (name, text, unfinished) in [
        ("the commonest word", word(0), false),
        ("a common word", word(20), false),
        ("a rare word", word(15_000), false),
        ("two common words", format!("{} {}", word(1), word(2)), false),
        ("three common words", format!("{} {} {}", word(1), word(2), word(3)), false),
        ("common and rare", format!("{} {}", word(1), word(9_000)), false),
        ("a prefix of two letters", "ba".to_owned(), true),
        ("a prefix of three letters", "bac".to_owned(), true),
        ("a prefix of four letters", "bace".to_owned(), true),
        ("a common word, unfinished", word(0), true),
        ("two common words, unfinished", format!("{} {}", word(1), word(2)), true),
    ] {
        for scoped in [false, true] {
            measure(&store, name, &text, unfinished, scoped).await?;
        }
    }
    Ok(())
}

async fn measure(
    store: &SqliteStore,
    name: &str,
    text: &str,
    unfinished: bool,
    scoped: bool,
) -> Result<(), Box<dyn Error>> {
    let mut terms: Vec<SearchTerm> =
        text.split(' ').map(|it| SearchTerm::Words(it.to_owned())).collect();
    if unfinished && let Some(SearchTerm::Words(last)) = terms.pop() {
        terms.push(SearchTerm::Prefix(last));
    }
    let query = SearchQuery {
        mode: SearchMode::Text,
        terms,
        collections: scoped.then(|| vec![collection("posts")]),
        locale: scoped.then(|| locale("en")),
        side: Side::Live,
        limit: 20,
        after: 0,
    };
    let mut times = Vec::new();
    let mut hits = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        hits = store.search(&query).await?.hits.len();
        times.push(begun.elapsed());
    }
    times.sort();
    let at = |part: usize| times.get(ROUNDS * part / 100).copied().unwrap_or(Duration::ZERO);
    let scope = if scoped { "one collection and language" } else { "everywhere" };
    let millis = |it: Duration| it.as_secs_f64() * 1_000.0;
    println!(
        "{name}, {scope}: {hits} hits, median {:.1} ms, p99 {:.1} ms",
        millis(at(50)),
        millis(at(99))
    );
    Ok(())
}

fn write(number: u128, chance: &mut Chance) -> Result<EntryWrite, Box<dyn Error>> {
    let mut text = |len: usize| (0..len).map(|_| word(chance.rank())).collect::<Vec<_>>().join(" ");
    let facts = SideFacts { title: text(6), text: text(BODY_LEN), ..SideFacts::default() };
    let name = if number.is_multiple_of(10) { "pages" } else { "posts" };
    let entry = draft(&collection(name), number, &format!("e{number}")).publish(at(9_000))?;
    let facts = EntryFacts { newest: Some(facts.clone()), live: Some(facts) };
    Ok(EntryWrite { facts, ..created(&entry) })
}

/// The word with this rank.
fn word(rank: u64) -> String {
    const BEGINNINGS: [char; 14] =
        ['b', 'c', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'];
    const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];
    let mut rest = rank + 70;
    let mut text = String::new();
    while rest > 0 {
        let pick = usize::try_from(rest % 70).unwrap_or_default();
        text.extend(BEGINNINGS.get(pick % 14));
        text.extend(VOWELS.get(pick / 14));
        rest /= 70;
    }
    text.push('n');
    text
}

/// A small generator: the same entries each time.
struct Chance(u64);

impl Chance {
    /// A rank, each as likely as it is near the front.
    fn rank(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let share = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        ((WORDS_LEN as f64).powf(share) as u64).saturating_sub(1)
    }
}
