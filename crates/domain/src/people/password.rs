//! What a password has to be, after NIST SP 800-63B: long, and not one that is tried first. Nothing is asked of its
//! characters, and it does not grow old: such rules make people choose worse ones.

use super::{EmailAddress, PersonName, SecretText};

/// The fewest characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The most bytes: a hash of a megabyte is work that anyone could ask for.
pub const PASSWORD_BYTES_MAX: usize = 512;

/// The fewest different characters.
const DIFFERENT_MIN: usize = 5;
/// What people begin with when they have to think of a password, and attackers too. Digits and signs at either end are cut
/// off before it is looked for here.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "motdepasse",
    "contrasena",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "letmein",
    "iloveyou",
    "welcome",
    "admin",
    "administrator",
    "changeme",
    "smartcms",
    "wordpress",
    "superman",
    "batman",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "dragon",
    "monkey",
    "master",
    "michael",
    "shadow",
    "trustno",
    "whatever",
    "starwars",
    "computer",
    "internet",
    "secret",
    "default",
    "abcdefghijkl",
    "abcdefghijklm",
    "abcdefghijklmnop",
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "thisisapassword",
    "mypassword",
    "newpassword",
    "adminpassword",
    "passwordadmin",
    "passphrase",
    "summer",
    "winter",
    "spring",
    "autumn",
];

/// A password that somebody wants to have: it keeps the rule.
#[derive(Debug, Clone)]
pub struct NewPassword(SecretText); // Invariant: checked by `check`.

/// A password that somebody says is theirs: it only has to be short enough to be looked at.
#[derive(Debug, Clone)]
pub struct PasswordAttempt(SecretText);

/// Why a password cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// It can be guessed by trying.
    #[error(
        "a password has {PASSWORD_CHARS_MIN} characters or more; a few words that do not belong together are good"
    )]
    TooShort,
    /// It is more than is hashed.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// It is among those that are tried first.
    #[error(
        "that password is one of those that are tried first; take words that do not belong together"
    )]
    Common,
    /// It is made of what everybody knows of its owner.
    #[error("a password is not the name or the address of its owner")]
    Personal,
}

impl PasswordProblem {
    /// A word for programs; never renamed.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::Common => "too-common",
            Self::Personal => "personal",
        }
    }
}

impl NewPassword {
    /// Holds a text to the rule.
    pub fn check(
        text: &SecretText,
        email: &EmailAddress,
        name: &PersonName,
    ) -> Result<Self, PasswordProblem> {
        let password = text.reveal();
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordProblem::TooLong);
        }
        if password.chars().count() < PASSWORD_CHARS_MIN {
            return Err(PasswordProblem::TooShort);
        }
        let small = password.to_lowercase();
        if is_common(&small) {
            return Err(PasswordProblem::Common);
        }
        if is_of_owner(&small, email, name) {
            return Err(PasswordProblem::Personal);
        }
        Ok(Self(text.clone()))
    }

    /// The text, for the hash.
    pub fn secret(&self) -> &SecretText {
        &self.0
    }
}

impl PasswordAttempt {
    /// Takes a text. One that is longer than a password can be becomes one that fits nobody's, so that it takes the same
    /// way, and the same time, as every other wrong one.
    pub fn new(text: &SecretText) -> Self {
        let fits = text.reveal().len() <= PASSWORD_BYTES_MAX;
        Self(if fits { text.clone() } else { SecretText::new("") })
    }

    /// The text, for the hash.
    pub fn secret(&self) -> &SecretText {
        &self.0
    }
}

fn is_common(small: &str) -> bool {
    let mut different: Vec<char> = small.chars().collect();
    crate::sorting::sort(&mut different);
    different.dedup();
    let core = small.trim_matches(|it: char| !it.is_alphabetic());
    different.len() < DIFFERENT_MIN
        || core.is_empty()
        || is_repeated(core)
        || COMMON.contains(&core)
}

/// Whether a text is one common text, or a short one, over and over.
fn is_repeated(core: &str) -> bool {
    let len = core.len();
    (1..=len / 2)
        .filter(|it| len.is_multiple_of(*it))
        .any(|it| core.get(..it).is_some_and(|part| core.split(part).all(str::is_empty)))
}

fn is_of_owner(small: &str, email: &EmailAddress, name: &PersonName) -> bool {
    let core: String = small.chars().filter(|it| it.is_alphanumeric()).collect();
    let plain = |text: &str| -> String {
        text.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect()
    };
    let known = [plain(email.as_str()), plain(email.local()), plain(name.as_str())];
    let rest = core.trim_matches(|it: char| it.is_numeric());
    known.iter().any(|it| !it.is_empty() && (*it == core || it.as_str() == rest))
}

#[cfg(test)]
mod tests {
    use super::{NewPassword, PasswordAttempt, PasswordProblem};
    use crate::people::{EmailAddress, PersonName, SecretText};

    #[track_caller]
    fn check(text: &str, expected: Option<PasswordProblem>) {
        let email = EmailAddress::parse("ada.lovelace@example.com").unwrap();
        let name = PersonName::parse("Augusta Ada King").unwrap();
        let got = NewPassword::check(&SecretText::new(text), &email, &name);
        assert_eq!(got.err(), expected, "{text}");
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        check("brown quartz", None);
        check("brown quart", Some(PasswordProblem::TooShort));
        check("ключ от двери", None);
        check(&"brown quartz ".repeat(39), None);
        check(&"brown quartz ".repeat(40), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "Password1234",
            "passwordpassword",
            "QWERTYUIOP!!",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "Welcome2026!!",
            "correct horse battery staple",
        ] {
            check(common, Some(PasswordProblem::Common));
        }
    }

    #[test]
    fn what_everybody_knows_of_the_owner_is_refused() {
        for personal in ["ada.lovelace@example.com", "Ada.Lovelace12", "Augusta Ada King"] {
            check(personal, Some(PasswordProblem::Personal));
        }
        check("Augusta likes brown quartz", None);
    }

    #[test]
    fn an_endless_attempt_is_not_hashed() {
        let attempt = |len: usize| PasswordAttempt::new(&SecretText::new("x".repeat(len)));
        assert_eq!(attempt(512).secret().reveal().len(), 512);
        assert_eq!(attempt(513).secret().reveal(), "");
    }

    #[test]
    fn no_password_is_printed() {
        let text = SecretText::new("brown quartz");
        assert!(!format!("{text:?} {:?}", PasswordAttempt::new(&text)).contains("brown"));
    }
}
