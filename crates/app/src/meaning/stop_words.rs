//! Words that say nothing about what a text is about.

/// The commonest words of the languages that sites are written in most; in one list, as queries do not say their language.
/// Sorted, so that it is searched by halves.
const WORDS: &[&str] = &[
    "a", "aan", "aber", "about", "above", "after", "again", "against", "al", "all", "alle", "als",
    "also", "am", "an", "and", "any", "ao", "aos", "are", "as", "at", "au", "auch", "auf", "aus",
    "aux", "avec", "be", "because", "been", "before", "bei", "being", "below", "between", "bij",
    "bis", "bist", "both", "but", "by", "can", "ce", "ces", "cette", "che", "chi", "com", "come",
    "como", "con", "cosa", "could", "cual", "cuando", "cui", "da", "dal", "dalla", "damit", "dan",
    "dann", "dans", "das", "dass", "dat", "de", "dei", "dein", "del", "della", "dem", "den", "der",
    "des", "desde", "deze", "di", "dich", "did", "die", "dies", "diese", "dieser", "dieses", "dir",
    "dit", "do", "doch", "does", "doing", "donde", "door", "dort", "dos", "down", "du", "durch",
    "during", "e", "each", "een", "ein", "eine", "einem", "einen", "einer", "eines", "el", "ela",
    "ele", "ella", "ellas", "elle", "elles", "ellos", "em", "en", "entre", "er", "era", "es",
    "essa", "esse", "est", "esta", "este", "esto", "et", "etwas", "euch", "euer", "eux", "few",
    "for", "from", "fue", "fur", "further", "gli", "ha", "hab", "habe", "haben", "had", "has",
    "hatte", "have", "having", "hay", "he", "her", "here", "hers", "het", "hier", "hij", "him",
    "hinter", "his", "hoe", "how", "i", "ich", "if", "ihr", "ihre", "ik", "il", "ils", "im", "in",
    "into", "io", "is", "isso", "ist", "it", "its", "ja", "je", "jede", "jeder", "jetzt", "just",
    "kan", "kann", "kein", "keine", "konnen", "la", "las", "le", "les", "leur", "lo", "loro",
    "los", "lui", "ma", "maar", "mais", "me", "mein", "meme", "mes", "met", "mi", "mich", "mijn",
    "mir", "mit", "moi", "mon", "more", "most", "muss", "muy", "my", "na", "naar", "nach", "nas",
    "ne", "nel", "nella", "nem", "nicht", "niet", "no", "noch", "nog", "non", "nor", "nos", "not",
    "notre", "nous", "now", "nun", "nur", "o", "ob", "oder", "of", "off", "ohne", "om", "on",
    "once", "only", "ook", "op", "or", "os", "other", "ou", "our", "out", "over", "own", "par",
    "para", "pas", "pela", "pelo", "per", "perche", "pero", "piu", "por", "porque", "pour", "qu",
    "qual", "quale", "quando", "que", "quem", "questa", "questo", "qui", "quien", "sa", "same",
    "sao", "se", "sehr", "sein", "seine", "sem", "ser", "ses", "seu", "she", "should", "si",
    "sich", "sie", "sin", "sind", "so", "sobre", "soll", "some", "sono", "sont", "su", "sua",
    "such", "sur", "sus", "ta", "tambien", "te", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "toi", "too", "tot", "tra", "tu",
    "uber", "uit", "um", "uma", "un", "una", "und", "under", "une", "uno", "unos", "uns", "unser",
    "unter", "until", "up", "van", "veel", "very", "vom", "von", "voor", "vor", "vos", "votre",
    "vous", "waar", "waren", "warum", "was", "wat", "we", "weil", "welche", "wenn", "wer", "werde",
    "werden", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "wie",
    "wieder", "wij", "will", "wir", "wird", "with", "wo", "would", "y", "ya", "you", "your", "zal",
    "ze", "zijn", "zo", "zu", "zum", "zur",
];

/// Whether a word in lower case and without accents tells nothing.
pub(crate) fn is_stop_word(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_stop_word};

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        assert!(WORDS.is_sorted());
        assert!(WORDS.iter().all(|it| it.chars().all(char::is_lowercase)));
        assert!(is_stop_word("the") && is_stop_word("und") && !is_stop_word("garden"));
    }
}
