//! The stamp that an SDK leaves in what is built with it: which SDK, and for which version of the contract.
//!
//! It is text in a custom section, at any depth of the file, so that a linker, a composer, or a tool after them can
//! put it there. Names of imports and exports carry versions too; the stamp says who has to be updated.

use serde::Serialize;

use super::capabilities::{CONTRACT_VERSIONS, compatible};
use crate::error::PluginFault;

/// The custom section.
pub(crate) const STAMP_SECTION: &str = "smartcms:contract";

/// The longest section that is read, in bytes.
const STAMP_BYTES_MAX: usize = 4096;

/// The most stamps of one file: a composed component has one for each of its parts.
const STAMPS_MAX: usize = 64;

/// What an SDK says about a plugin that was built with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stamp {
    /// The SDK's name with its version, as `smartcms-plugin 0.1.0`.
    pub sdk: String,
    /// The version of the contract that it was written for.
    pub contract: String,
}

impl Stamp {
    /// Puts the stamp into a component or module, behind everything else.
    pub fn put(&self, wasm: &mut Vec<u8>) {
        use wasm_encoder::{CustomSection, Encode, Section};
        let text = format!("sdk={}\ncontract={}\n", self.sdk, self.contract);
        let section = CustomSection { name: STAMP_SECTION.into(), data: text.as_bytes().into() };
        wasm.push(section.id());
        section.encode(wasm);
    }

    /// Reads a section: lines with `sdk=NAME VERSION`, each followed by `contract=VERSION`. A linker may have put
    /// several behind one another. What cannot be understood says nothing.
    pub(super) fn read(data: &[u8], into: &mut Vec<Self>) {
        let text = data.get(..STAMP_BYTES_MAX).unwrap_or(data);
        let text = String::from_utf8_lossy(text);
        let mut sdk = "an unknown SDK";
        for line in text.lines() {
            match line.split_once('=') {
                Some(("sdk", name)) => sdk = name.trim(),
                Some(("contract", version)) if into.len() < STAMPS_MAX => {
                    let stamp = Self { sdk: sdk.to_owned(), contract: version.trim().to_owned() };
                    if !into.contains(&stamp) {
                        into.push(stamp);
                    }
                }
                _ => {}
            }
        }
    }

    /// Why this host cannot run what was built like that.
    pub(crate) fn fault(&self) -> Option<PluginFault> {
        if CONTRACT_VERSIONS.iter().any(|offered| compatible(offered, &self.contract)) {
            return None;
        }
        let newest = CONTRACT_VERSIONS.last().and_then(|it| semver::Version::parse(it).ok());
        let advice = match semver::Version::parse(&self.contract) {
            Err(_) => "build it again with a released SDK",
            Ok(built_for) if Some(&built_for) > newest.as_ref() => {
                "update this program, or build the plugin with an SDK for a version that this host has"
            }
            Ok(_) => "build the plugin again with a current SDK",
        };
        Some(PluginFault::Contract {
            sdk: self.sdk.clone(),
            built_for: self.contract.clone(),
            offered: CONTRACT_VERSIONS.join(", "),
            advice,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    fn stamp(contract: &str) -> Stamp {
        Stamp { sdk: "smartcms-plugin 0.3.0".to_owned(), contract: contract.to_owned() }
    }

    #[test]
    fn a_version_out_of_range_is_told_with_both_versions_and_what_to_do() {
        assert!(stamp("0.1.0").fault().is_none());
        assert!(stamp("0.1.7").fault().is_none());
        for (version, advice) in [
            ("0.3.0", "update this program"),
            ("0.0.1", "build the plugin again"),
            ("x", "released SDK"),
        ] {
            let text = stamp(version).fault().unwrap().to_string();
            for words in ["smartcms-plugin 0.3.0", version, "0.1.0", advice] {
                assert!(text.contains(words), "no {words:?} in {text}");
            }
        }
    }

    #[test]
    fn stamps_that_a_linker_put_together_are_read_one_by_one() {
        let mut found = Vec::new();
        let text = b"sdk=a 1\ncontract=0.1.0\nsdk=b 2\ncontract=0.2.0\nsdk=a 1\ncontract=0.1.0\n";
        Stamp::read(text, &mut found);
        let found: Vec<_> =
            found.iter().map(|it| (it.sdk.as_str(), it.contract.as_str())).collect();
        assert_eq!(found, [("a 1", "0.1.0"), ("b 2", "0.2.0")]);
        let mut found = Vec::new();
        Stamp::read(&[0xff; 100_000], &mut found);
        assert_eq!(found, []);
    }
}
