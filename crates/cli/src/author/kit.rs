//! What every project of a plugin needs and nobody should have to look for: the contract, the SDK of its language,
//! and a template to begin with. All of it is in this executable.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use super::args::{Language, Point};
use super::files::write_if_changed;

include!(concat!(env!("OUT_DIR"), "/kit_files.rs"));

/// The folder of a project that is written by this program and by nobody else.
pub(super) const KIT_FOLDER: &str = ".smartcms";

/// The name that templates have where a project has its own.
const TEMPLATE_NAME: &str = "my-plugin";

/// The version of the SDKs, which built plugins carry.
pub(super) const SDK_VERSION: &str = "0.1.0";

/// Which version of this program wrote the kit.
const VERSION_FILE: &str = "version";

/// Writes the contract and the SDK of a language into a project, where they are not the same already.
pub(super) fn write(project: &Path, language: Language) -> anyhow::Result<()> {
    let kit = project.join(KIT_FOLDER);
    let version = kit.join(VERSION_FILE);
    let own = env!("CARGO_PKG_VERSION");
    if std::fs::read_to_string(&version).is_ok_and(|it| it != own) {
        // Of another version's kit nothing should stay: what is no longer part of it could still be found.
        for folder in ["sdk", "wit"] {
            let old = kit.join(folder);
            if old.exists() {
                std::fs::remove_dir_all(&old)
                    .with_context(|| format!("could not remove {}", old.display()))?;
            }
        }
    }
    let sdk = format!("sdk/{}/", sdk_of(language));
    // What was released before is for those who change the contract.
    let contract = |name: &str| name.starts_with("wit/") && !name.starts_with("wit/released/");
    for (name, text) in FILES.iter().filter(|it| contract(it.0) || it.0.starts_with(&sdk)) {
        write_if_changed(&kit.join(name), &standalone(name, text))?;
    }
    // The folder hides itself: it is made again by every build.
    write_if_changed(&kit.join(".gitignore"), "*\n")?;
    write_if_changed(&version, own)
}

/// The files of a new project by their paths in it.
pub(super) fn template(language: Language, point: Point, name: &str) -> BTreeMap<String, String> {
    // In Rust the macros of the SDK say what a plugin takes part in, elsewhere a file does.
    let describes_world = language != Language::Rust;
    let (language, point) = (language.folder(), point.name());
    let mut folders = vec![format!("sdk/templates/points/{point}/")];
    if describes_world {
        folders.push(format!("sdk/templates/worlds/{point}/"));
    }
    folders.push(format!("sdk/templates/{language}/common/"));
    // The narrowest comes last: it may have a file in another form.
    folders.push(format!("sdk/templates/{language}/{point}/"));
    let mut files = BTreeMap::new();
    for folder in folders {
        for (path, text) in FILES {
            if let Some(inside) = path.strip_prefix(folder.as_str()) {
                files.insert(named(inside, name), named(text, name));
            }
        }
    }
    files
}

/// Whether there is a template for this place in this language.
pub(super) fn has_template(language: Language, point: Point) -> bool {
    let folder = format!("sdk/templates/{}/{}/", language.folder(), point.name());
    FILES.iter().any(|it| it.0.starts_with(&folder))
}

/// The packages of the contract, each in its folder, and what they stand on. What was released before is not among them.
pub(super) fn contract() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|(path, text)| {
        let inside = path.strip_prefix("wit/")?;
        let inside = inside.strip_prefix("deps/").unwrap_or(inside);
        let in_folder = inside.contains('/') && !inside.starts_with("released/");
        (in_folder && inside.ends_with(".wit")).then_some((inside, *text))
    })
}

/// One embedded file.
pub(super) fn file(path: &str) -> anyhow::Result<&'static str> {
    let found = FILES.iter().find(|it| it.0 == path).map(|it| it.1);
    found.with_context(|| format!("{path} is missing in this program"))
}

/// The same SDK serves both.
fn sdk_of(language: Language) -> &'static str {
    if language == Language::Ts { Language::Js.folder() } else { language.folder() }
}

/// A template's text with the project's name in all its spellings.
fn named(text: &str, name: &str) -> String {
    text.replace(TEMPLATE_NAME, name)
        .replace("my_plugin", &name.replace('-', "_"))
        .replace("My plugin", &title(name))
}

/// `reading-time` as people write it: `Reading time`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A file as it is outside the repository, where the Rust SDK is in no workspace.
fn standalone(name: &str, text: &str) -> String {
    if name != "sdk/rust/Cargo.toml" {
        return text.to_owned();
    }
    let lines = text.lines().filter(|line| !line.starts_with("workspace ="));
    let lines = lines.filter(|line| !line.starts_with('#') && *line != "[lints]");
    let mut text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.push_str("[workspace]\n");
    text
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::{FILES, Language, Point, SDK_VERSION, has_template, standalone, template};

    const LANGUAGES: [Language; 6] =
        [Language::Rust, Language::Js, Language::Ts, Language::Python, Language::C, Language::Go];

    #[test]
    fn every_language_has_a_template_for_every_point() {
        for language in LANGUAGES {
            for point in Point::value_variants() {
                // Requests need `wasi:http`, which the others have no bindings for.
                let is_left_out = *point == Point::Route && language != Language::Rust;
                assert_eq!(has_template(language, *point), !is_left_out, "{language:?} {point:?}");
                if is_left_out {
                    continue;
                }
                let files = template(language, *point, "late-pictures");
                let names: Vec<&str> = files.keys().map(String::as_str).collect();
                for wanted in ["plugin.toml", "README.md", ".gitignore"] {
                    assert!(names.contains(&wanted), "{language:?} {point:?}: no {wanted}");
                }
                let cases =
                    names.iter().filter(|it| it.starts_with("tests/") && it.ends_with(".toml"));
                assert!(cases.count() >= 2, "{language:?} {point:?}: {names:?}");
                for (name, text) in &files {
                    assert!(!text.contains("my-plugin") && !text.contains("my_plugin"), "{name}");
                }
            }
        }
    }

    #[test]
    fn every_sdk_is_of_the_version_that_plugins_carry() {
        for (path, version) in [
            ("sdk/rust/Cargo.toml", format!("\nversion = \"{SDK_VERSION}\"\n")),
            ("sdk/js/package.json", format!("\n  \"version\": \"{SDK_VERSION}\",\n")),
        ] {
            let text = FILES.iter().find(|it| it.0 == path).unwrap().1;
            assert!(text.contains(&version), "{path}");
        }
    }

    #[test]
    fn the_rust_sdk_stands_alone() {
        let text = FILES.iter().find(|it| it.0 == "sdk/rust/Cargo.toml").unwrap().1;
        let alone: toml::Table = toml::from_str(&standalone("sdk/rust/Cargo.toml", text)).unwrap();
        assert!(alone["package"].get("workspace").is_none());
        assert!(!alone.contains_key("lints") && alone["workspace"].as_table().unwrap().is_empty());
        assert!(!text.contains("workspace = true\n\n["), "inherits from the examples");
    }
}
