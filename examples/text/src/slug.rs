//! Addresses of titles.

/// `Grüße aus Köln` becomes `grusse-aus-koln`.
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for letter in title.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' | 'à' | 'á' | 'â' => slug.push('a'),
            'ö' | 'ò' | 'ó' | 'ô' => slug.push('o'),
            'ü' | 'ù' | 'ú' | 'û' => slug.push('u'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ß' => slug.push_str("ss"),
            _ if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
