//! Menus and redirects: remembered while the source is read, stored when what they lead to is.

use std::collections::BTreeMap;

use smartcms_app::Fault;
use smartcms_app::entries::ContentError;
use smartcms_app::menus::{MenuError, import_menu};
use smartcms_app::redirects::{IMPORT_LEN_MAX, RedirectError, RedirectOutcome, offer_redirects};
use smartcms_domain::entries::Slug;
use smartcms_domain::menus::MenuName;
use smartcms_domain::redirects::{RedirectDraft, percent_encoded};

use super::menu_tree::tree;
use super::parts::Import;
use super::survey::path_of;
use crate::error::Place;
use crate::item::{MenuItem, Redirect};
use crate::limits::REMEMBERED_MAX;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// What other systems call the menu at the top of every page, the likeliest first.
const MAIN_NAMES: [&str; 10] = [
    "main",
    "primary",
    "main-menu",
    "primary-menu",
    "main-navigation",
    "navigation",
    "header",
    "header-menu",
    "top",
    "top-menu",
];
/// The same for the one at their end.
const FOOTER_NAMES: [&str; 4] = ["footer", "footer-menu", "secondary", "secondary-navigation"];

/// What arranges the site.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    menu_items: Vec<MenuItem>,
    redirects: Vec<Redirect>,
}

impl Arranged {
    pub(super) fn add_menu_item(&mut self, item: MenuItem) {
        if self.menu_items.len() < REMEMBERED_MAX {
            self.menu_items.push(item);
        }
    }

    pub(super) fn add_redirect(&mut self, redirect: Redirect) {
        if self.redirects.len() < REMEMBERED_MAX {
            self.redirects.push(redirect);
        }
    }
}

impl Import {
    /// Stores the menus and redirects of the source. Those that are there stay as they are.
    pub(super) async fn arrange(&self, report: &mut Report) -> Result<(), ContentError> {
        let Arranged { menu_items, redirects } = self.take_arranged();
        let mut menus: BTreeMap<String, Vec<MenuItem>> = BTreeMap::new();
        for item in menu_items {
            menus.entry(slug_of(&item.menu)).or_default().push(item);
        }
        let names = names_of(menus.keys());
        for (own, items) in menus {
            let name = names.get(&own).unwrap_or(&own);
            self.store_menu(name, items, report).await?;
        }
        self.store_redirects(redirects, report).await
    }

    async fn store_menu(
        &self,
        name: &str,
        items: Vec<MenuItem>,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        let place = items.first().map(|it| it.place.clone()).unwrap_or_default();
        let items = tree(self, items, report);
        let name = match MenuName::parse(name) {
            Ok(name) => name,
            Err(problem) => {
                report.note(Note::new(NoteKind::MenuLeft, &place, name, problem.message));
                return Ok(());
            }
        };
        let ctx = self.site.ctx();
        let stored = if self.site.dry_run {
            let found = ctx.app.menus.find_menus(std::slice::from_ref(&name)).await?;
            Ok(found.is_empty())
        } else {
            import_menu(&ctx, name.clone(), items).await
        };
        match stored {
            Ok(true) => report.count("menus").added += 1,
            Ok(false) => report.count("menus").present += 1,
            Err(MenuError::Store(error)) => return Err(error.into()),
            Err(error) => {
                report.count("menus").failed += 1;
                report.note(Note::new(
                    NoteKind::MenuLeft,
                    &place,
                    name.as_str(),
                    error.to_string(),
                ));
            }
        }
        Ok(())
    }

    async fn store_redirects(
        &self,
        redirects: Vec<Redirect>,
        report: &mut Report,
    ) -> Result<(), ContentError> {
        for chunk in redirects.chunks(IMPORT_LEN_MAX) {
            let drafts: Vec<RedirectDraft> = chunk.iter().map(|it| self.draft(it)).collect();
            if self.site.dry_run {
                report.count("redirects").added += drafts.len() as u64;
                continue;
            }
            let outcomes = match offer_redirects(&self.site.ctx(), drafts).await {
                Ok(outcomes) => outcomes,
                Err(RedirectError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    let place = chunk.first().map(|it| it.place.clone()).unwrap_or_default();
                    let message = format!("{error}; {}", error.hint().unwrap_or_default());
                    report.count("redirects").failed += chunk.len() as u64;
                    report.note(Note::new(NoteKind::RedirectLeft, &place, "redirects", message));
                    continue;
                }
            };
            for (redirect, outcome) in chunk.iter().zip(outcomes) {
                count(&redirect.place, &redirect.from, outcome, report);
            }
        }
        Ok(())
    }

    fn draft(&self, redirect: &Redirect) -> RedirectDraft {
        let base = self.survey.site.base_url.as_deref();
        let wide = redirect.from.strip_suffix("/*");
        let from = path_of(wide.unwrap_or(&redirect.from), base);
        let from = from.map(|it| percent_encoded(&it, |byte| b"%?#".contains(&byte)));
        let from = from.unwrap_or_else(|| redirect.from.clone());
        let from = if wide.is_some() { format!("{from}/*") } else { from };
        let to = self.address(&redirect.to).unwrap_or_else(|| redirect.to.clone());
        let status = if redirect.permanent { 301 } else { 302 };
        RedirectDraft { from, to: Some(to), entry: None, status: Some(status) }
    }

    /// Where an address of the source leads now: a path of the site, or the address itself when it is of another one.
    pub(super) fn address(&self, address: &str) -> Option<String> {
        let address = address.trim();
        let base = self.survey.site.base_url.as_deref();
        let is_relative = !address.is_empty()
            && !address.starts_with(['/', '#', '?'])
            && !address.split(['/', '?', '#']).next().unwrap_or_default().contains(':');
        let rooted = if is_relative { format!("/{address}") } else { address.to_owned() };
        let Some(path) = path_of(&rooted, base) else {
            return rooted.contains(':').then_some(rooted);
        };
        let rest = rooted.find(['?', '#']).and_then(|at| rooted.get(at..)).unwrap_or_default();
        let path = match self.plan.new_path(&path, &self.site) {
            Some(new) => new,
            None => percent_encoded(&path, |byte| b"%?#".contains(&byte)),
        };
        Some(format!("{path}{rest}"))
    }
}

/// Counts what became of a redirect.
pub(crate) fn count(place: &Place, from: &str, outcome: RedirectOutcome, report: &mut Report) {
    match outcome {
        RedirectOutcome::Added => report.count("redirects").added += 1,
        RedirectOutcome::Present => report.count("redirects").present += 1,
        RedirectOutcome::Refused(problem) => {
            report.count("redirects").failed += 1;
            report.note(Note::new(NoteKind::RedirectLeft, place, from, problem.message));
        }
    }
}

fn slug_of(name: &str) -> String {
    Slug::from_title(name).map_or_else(|| name.to_owned(), |it| it.to_string())
}

/// What menus are called here: the theme shows `main` and `footer`.
fn names_of<'a>(own: impl Iterator<Item = &'a String>) -> BTreeMap<String, String> {
    let own: Vec<&str> = own.map(String::as_str).collect();
    let mut names = BTreeMap::new();
    let mut call = |it: &str, name: &str| drop(names.insert(it.to_owned(), name.to_owned()));
    if let Some(main) = MAIN_NAMES.into_iter().find(|it| own.contains(it)) {
        call(main, "main");
    } else if let [only] = own.as_slice()
        && !FOOTER_NAMES.contains(only)
    {
        call(only, "main");
    }
    if let Some(footer) = FOOTER_NAMES.into_iter().find(|it| own.contains(it)) {
        call(footer, "footer");
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn the_menus_that_a_theme_shows_get_their_names() {
        let named = |own: &[&str]| {
            let own: Vec<String> = own.iter().map(|it| (*it).to_owned()).collect();
            let names = names_of(own.iter());
            own.iter().map(|it| names.get(it).unwrap_or(it).clone()).collect::<Vec<_>>()
        };
        assert_eq!(named(&["primary", "social"]), ["main", "social"]);
        assert_eq!(named(&["main", "primary"]), ["main", "primary"]);
        assert_eq!(named(&["menu-1"]), ["main"]);
        assert_eq!(named(&["footer-menu", "menu-1"]), ["footer", "menu-1"]);
        assert_eq!(named(&["footer"]), ["footer"]);
    }
}
