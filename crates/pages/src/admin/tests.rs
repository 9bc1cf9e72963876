use std::collections::BTreeSet;

use super::{Admin, Language, Texts, Zone, files::TEMPLATES, texts::filled};

/// The parts of a text in braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|it| it.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let english = Texts::of(Language::English);
    for language in Language::ALL {
        let texts = Texts::of(language);
        assert_eq!(texts.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        for key in english.keys() {
            let (text, model) = (texts.get(key).unwrap(), english.get(key).unwrap());
            assert!(!text.is_empty(), "{key} in {language:?}");
            assert_eq!(places(text), places(model), "{key} in {language:?}");
        }
    }
}

#[test]
fn every_text_of_a_template_is_in_the_catalogue() {
    let texts = Texts::of(Language::English);
    for (name, template) in TEMPLATES.texts() {
        for part in template.split("t(\"").skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(key.ends_with('.') || texts.get(key).is_some(), "{name} says {key}");
        }
    }
}

#[test]
fn every_template_is_understood() {
    let admin = Admin::new();
    for (name, template) in TEMPLATES.texts() {
        assert!(admin.templates().get_template(name).is_ok(), "{name}: {:?}", {
            minijinja::Environment::new().add_template(name, template).err()
        });
    }
    assert!(TEMPLATES.texts().count() > 60);
}

#[test]
fn only_the_macro_writes_forms_that_change_something() {
    for (name, template) in TEMPLATES.texts() {
        let posts = template.matches("method=\"post\"").count();
        assert_eq!(posts, usize::from(name == "macros.html"), "{name}: use the macro `form`");
        assert!(!template.contains("<script>") && !template.contains(" style="), "{name}");
        assert!(!template.contains(" onclick") && !template.contains("hx-on"), "{name}");
    }
}

#[test]
fn styles_turn_with_the_language() {
    let css = include_str!("files/admin.css");
    for physical in
        ["margin-left", "margin-right", "padding-left", "padding-right", " left:", " right:"]
    {
        assert!(!css.contains(physical), "{physical}");
    }
}

#[test]
fn the_first_load_has_little_script() {
    let admin = Admin::new();
    let len = |name: &str| admin.file(name).unwrap().gzip.len();
    // As they are sent.
    assert!(len("htmx.min.js") + len("admin.js") < 60_000);
}

#[test]
fn a_browser_gets_the_language_it_likes_best() {
    let preferred = |header: &str| Language::preferred(header).map(Language::tag);
    assert_eq!(preferred("fr, de-AT;q=0.8, en;q=0.9"), Some("en"));
    assert_eq!(preferred("ar-EG"), Some("ar"));
    assert_eq!(preferred("de;q=0"), None);
    assert_eq!(preferred("fr"), None);
}

#[test]
fn times_are_those_of_the_zone() {
    let vienna = Zone::parse("Europe/Vienna").unwrap();
    let at = 1_795_528_800_000; // 2026-11-24T14:00:00Z
    assert_eq!(vienna.local(at), "2026-11-24T15:00");
    assert_eq!(vienna.parse_local("2026-11-24T15:00"), Some(at));
    assert_eq!(vienna.machine(at), "2026-11-24T15:00:00+01:00");
    let day = 24 * 3_600_000;
    assert_eq!(vienna.human(at, at + 3_600_000, Language::English), "Today, 15:00");
    assert_eq!(vienna.human(at, at + day, Language::German), "Gestern, 15:00");
    assert_eq!(vienna.human(at, at + 9 * day, Language::German), "24. Nov. 2026, 15:00");
    assert!(Zone::parse("Nowhere/City").is_none() && Zone::parse("").is_none());
    for name in Zone::names() {
        assert!(Zone::parse(&name).is_some(), "{name}");
        assert!(Zone::parse(&name.to_lowercase()).is_some(), "{name}");
    }
    assert!(Zone::names().len() > 500);
}

#[test]
fn values_stand_in_the_places_of_their_names() {
    assert_eq!(filled("{a} of {b}", [("a", "1"), ("b", "2")].into_iter()), "1 of 2");
}

#[test]
fn the_navigation_leads_to_every_page_once() {
    let mut addresses: Vec<_> = super::NAV.iter().map(|it| it.url).collect();
    addresses.sort_unstable();
    let all = addresses.len();
    addresses.dedup();
    assert_eq!(addresses.len(), all, "{addresses:?}");
}
