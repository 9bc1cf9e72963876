//! `/admin/menus`: named lists of links, arranged with buttons.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use smartcms_app::entries::entries_by_id;
use smartcms_app::menus::{
    MenuError, SaveMenu, SeenMenu, get_menu, list_menus, remove_menu, save_menu,
};
use smartcms_domain::entries::Revision;
use smartcms_domain::menus::{MENU_DEPTH_MAX, Menu, items_of_json};
use smartcms_pages::admin::{
    ChoiceContext, MenuFormPage, MenuItemForm, MenuLabel, MenuListPage, MenuRow, Mistake,
    PickOption, PickerPart,
};

use super::super::answer::{self, Answer, query};
use super::super::entry::{ANYWHERE, Picking};
use super::super::form::Form;
use super::super::person::Person;
use super::super::visit::Visit;
use super::menu_draft::{ItemDraft, documents, of_form};
use super::mistakes::{mistakes_of, status};
use super::nested::{Arrangement, place_of};
use crate::state::AppState;

const URL: &str = "/admin/menus";
const NEW_URL: &str = "/admin/menus/-/new";

/// Shows every menu.
pub(in super::super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    let menus = list_menus(&person.context(&state.app)).await?;
    let row = |it: &Menu| MenuRow {
        name: it.name.to_string(),
        url: format!("{URL}/{}", it.name),
        shown: place_on_site(&visit, it.name.as_str()),
        items: it.all_items().len(),
        updated_at: it.updated_at.as_millis(),
    };
    let missing = ["main", "footer"].into_iter();
    let missing = missing.filter(|name| menus.iter().all(|it| it.name.as_str() != *name));
    let missing = missing.map(|name| ChoiceContext {
        value: format!("{NEW_URL}{}", query(&[("name", name)])),
        label: place_on_site(&visit, name),
        selected: false,
    });
    let page = MenuListPage {
        frame: visit.frame(&state, visit.say("menus.title", &[])),
        rows: menus.iter().map(row).collect(),
        missing: missing.collect(),
    };
    answer::page(&state, &page)
}

/// Where a theme shows a menu; empty where it does not by itself.
fn place_on_site(visit: &Visit, name: &str) -> String {
    match name {
        "main" | "footer" => visit.say(&format!("menus.{name}"), &[]),
        _ => String::new(),
    }
}

/// Shows the form of a new one.
pub(in super::super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    axum::extract::Query(pairs): super::super::list::Pairs,
) -> Answer {
    list_menus(&person.context(&state.app)).await?;
    let name = pairs.into_iter().find(|(it, _)| it == "name").map(|(_, it)| it);
    let desk = Desk { state, visit, person, stored: None };
    desk.page(StatusCode::OK, &name.unwrap_or_default(), &[], Shown::default()).await
}

/// Makes a menu, or changes the form.
pub(in super::super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    list_menus(&person.context(&state.app)).await?;
    let desk = Desk { state, visit, person, stored: None };
    desk.act(form.get("name").trim(), &form).await
}

/// Shows the form of one.
pub(in super::super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
) -> Answer {
    let stored = get_menu(&person.context(&state.app), &name).await?;
    let items: Vec<ItemDraft> = stored.items.iter().map(ItemDraft::of).collect();
    let desk = Desk { state, visit, person, stored: Some(stored) };
    desk.page(StatusCode::OK, &name, &items, Shown::default()).await
}

/// Does what the button of the form says.
pub(in super::super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
    form: Form,
) -> Answer {
    let stored = get_menu(&person.context(&state.app), &name).await?;
    let desk = Desk { state, visit, person, stored: Some(stored) };
    if form.action().0 == "delete" {
        let seen = form.get("revision").parse().ok().map(Revision::new);
        remove_menu(&desk.person.context(&desk.state.app), &name, seen).await?;
        return Ok(desk.visit.done(&desk.state, URL, "menus.removed"));
    }
    desk.act(&name, &form).await
}

/// What a form shows beside its items.
#[derive(Default)]
struct Shown {
    focused: Option<Vec<usize>>,
    opens: bool,
    /// The picker in which somebody looked, and the words.
    look: (String, String),
    mistakes: Vec<Mistake>,
}

/// Somebody at a menu.
struct Desk {
    state: AppState,
    visit: Visit,
    person: Person,
    stored: Option<Menu>,
}

impl Desk {
    async fn act(&self, name: &str, form: &Form) -> Answer {
        let mut items = of_form(form);
        let (verb, rest) = form.action();
        let mut shown = Shown::default();
        if verb == "look" {
            shown.look = (rest.to_owned(), form.get(&format!("look.{rest}")).trim().to_owned());
        }
        if let Some((arrangement, place)) = Arrangement::parse(verb, rest) {
            shown.focused = Some(arrangement.apply(&mut items, &place));
            shown.opens = arrangement == Arrangement::Add;
        } else if matches!(verb, "shape" | "look") {
            shown.focused = Some(place_of(rest));
            shown.opens = true;
        } else {
            return self.save(name, &items, form).await;
        }
        self.page(StatusCode::OK, name, &items, shown).await
    }

    async fn save(&self, name: &str, items: &[ItemDraft], form: &Form) -> Answer {
        let seen = match (&self.stored, form.get("revision").parse()) {
            (None, _) => SeenMenu::Nothing,
            (Some(_), Ok(number)) => SeenMenu::State(Revision::new(number)),
            (Some(menu), Err(_)) => SeenMenu::State(menu.revision),
        };
        let read = items_of_json(&documents(items)).map_err(MenuError::Invalid);
        let saved = match read {
            Ok(items) => {
                let command = SaveMenu { name: name.to_owned(), items, seen };
                save_menu(&self.person.context(&self.state.app), command).await
            }
            Err(error) => Err(error),
        };
        let error = match saved {
            Ok((_, menu)) => {
                let to = format!("{URL}/{}", menu.name);
                return Ok(self.visit.done(&self.state, &to, "menus.saved"));
            }
            Err(error @ (MenuError::Denied(_) | MenuError::Store(_))) => return Err(error.into()),
            Err(error) => error,
        };
        let label = |place: &str| self.label_of(items, place);
        let mut mistakes = mistakes_of(&self.visit, &error, label);
        if matches!(error, MenuError::Stale { .. }) {
            let text = self.visit.say("menus.stale", &[]);
            mistakes = vec![Mistake { input: String::new(), label: String::new(), text }];
        }
        let shown = Shown { mistakes, ..Shown::default() };
        self.page(status(&error), name, items, shown).await
    }

    fn label_of(&self, items: &[ItemDraft], place: &str) -> String {
        let key = place.rsplit('.').find(|it| it.parse::<usize>().is_err()).unwrap_or(place);
        let said = self.visit.say(&format!("menus.item_{key}"), &[]);
        let own = if said.starts_with("menus.item_") { key.to_owned() } else { said };
        let mut items = items;
        let mut names = Vec::new();
        for number in place_of(place) {
            let Some(item) = items.get(number) else { break };
            let label = Some(item.label.clone()).filter(|it| !it.is_empty());
            names.push(label.unwrap_or_else(|| (number + 1).to_string()));
            items = &item.items;
        }
        names.push(own);
        names.join(" › ")
    }

    async fn page(
        &self,
        status: StatusCode,
        name: &str,
        items: &[ItemDraft],
        shown: Shown,
    ) -> Answer {
        let stored = self.stored.as_ref();
        let picking = Picking { state: &self.state, visit: &self.visit, person: &self.person };
        let ids: Vec<_> = items.iter().flat_map(ItemDraft::entries).collect();
        let found = entries_by_id(&self.person.context(&self.state.app), &ids).await;
        let found = found.map_err(MenuError::Store)?;
        let options =
            found.iter().filter_map(|it| Some((it.id.to_string(), picking.option_of_any(it)?)));
        let found = if shown.look.0.is_empty() {
            Vec::new()
        } else {
            picking.find(ANYWHERE, &shown.look.1).await
        };
        let writer = Writer { desk: self, shown: &shown, entries: options.collect(), found };
        let items = writer.items(items, "items", &[]);
        let crumbs = self.visit.say("menus.title", &[]);
        let title = match stored {
            Some(menu) => menu.name.to_string(),
            None => self.visit.say("menus.new_title", &[]),
        };
        let page = MenuFormPage {
            frame: self.visit.frame_below(&self.state, title, &[(crumbs.as_str(), URL)]),
            action: stored.map_or(NEW_URL.to_owned(), |it| format!("{URL}/{}", it.name)),
            is_new: stored.is_none(),
            name: name.to_owned(),
            shown: place_on_site(&self.visit, name),
            revision: stored.map_or(0, |it| it.revision.number()),
            items,
            targets: self.targets(),
            collections: self.collections(),
            mistakes: shown.mistakes,
        };
        answer::page_with(&self.state, status, &page)
    }

    fn targets(&self) -> Vec<ChoiceContext> {
        let choice = |it: &str| ChoiceContext {
            value: it.to_owned(),
            label: self.visit.say(&format!("menus.to_{it}"), &[]),
            selected: false,
        };
        ["entry", "collection", "to", "nothing"].map(choice).to_vec()
    }

    fn collections(&self) -> Vec<ChoiceContext> {
        let all = self.state.app.collections.all();
        let listed = all.iter().filter(|it| it.url.is_some());
        let choice = listed.map(|it| ChoiceContext {
            value: it.name.to_string(),
            label: it.label.clone(),
            selected: false,
        });
        choice.collect()
    }
}

/// Writes items for the page.
struct Writer<'a> {
    desk: &'a Desk,
    shown: &'a Shown,
    entries: BTreeMap<String, PickOption>,
    found: Vec<PickOption>,
}

impl Writer<'_> {
    fn items(&self, items: &[ItemDraft], place: &str, above: &[usize]) -> Vec<MenuItemForm> {
        let len = items.len();
        let item = |(at, it): (usize, &ItemDraft)| MenuItemForm {
            number: at + 1,
            is_last: at + 1 == len,
            ..self.item(it, &format!("{place}.{at}"), &[above, &[at]].concat())
        };
        items.iter().enumerate().map(item).collect()
    }

    fn item(&self, item: &ItemDraft, place: &str, numbers: &[usize]) -> MenuItemForm {
        let own = |it: &Mistake| {
            let rest = it.input.strip_prefix(place).and_then(|it| it.strip_prefix('.'));
            rest.is_some_and(|it| !it.starts_with("items."))
        };
        let is_focused = self.shown.focused.as_deref() == Some(numbers);
        let (visit, kind) = (&self.desk.visit, item.kind());
        MenuItemForm {
            depth: numbers.len(),
            can_nest: numbers.len() < MENU_DEPTH_MAX,
            is_open: self.shown.mistakes.iter().any(own) || (is_focused && self.shown.opens),
            is_focused,
            shown: self.shown_as(item),
            kind_label: visit.say(&format!("menus.to_{kind}"), &[]),
            label: item.label.clone(),
            labels: self.labels(item),
            target: kind.to_owned(),
            picker: (kind == "entry").then(|| self.picker(item, &format!("{place}.entry"))),
            collection: item.collection.clone(),
            to: item.to.clone(),
            new_tab: item.new_tab,
            items: self.items(&item.items, &format!("{place}.items"), numbers),
            place: place.to_owned(),
            number: 0,
            is_last: false,
        }
    }

    /// What an item says on the site, as far as it is known.
    fn shown_as(&self, item: &ItemDraft) -> String {
        if !item.label.is_empty() {
            return item.label.clone();
        }
        let app = &self.desk.state.app;
        let found = match item.kind() {
            "entry" => self.entries.get(&item.entry).map(|it| it.label.clone()),
            "collection" => app.collections.find(&item.collection).map(|it| it.label.clone()),
            _ => Some(item.to.clone()),
        };
        found.unwrap_or_default()
    }

    fn labels(&self, item: &ItemDraft) -> Vec<MenuLabel> {
        let others = self.desk.state.app.site.locales.iter().skip(1);
        let label = others.map(|it| MenuLabel {
            locale: it.to_string(),
            name: smartcms_pages::language_name(it.as_str()),
            value: item.labels.get(it.as_str()).cloned().unwrap_or_default(),
        });
        label.collect()
    }

    fn picker(&self, item: &ItemDraft, name: &str) -> PickerPart {
        let gone = || PickOption {
            value: item.entry.clone(),
            label: self.desk.visit.say("pick.gone", &[]),
            ..PickOption::default()
        };
        let chosen = (!item.entry.is_empty()).then(|| {
            let option = self.entries.get(&item.entry).cloned().unwrap_or_else(gone);
            PickOption { selected: true, ..option }
        });
        let asked = self.shown.look.0 == name;
        let is_new = |it: &&PickOption| it.value != item.entry;
        let options: Vec<PickOption> = match asked {
            true => self.found.iter().filter(is_new).cloned().collect(),
            false => Vec::new(),
        };
        PickerPart {
            name: name.to_owned(),
            many: false,
            is_media: false,
            chosen: chosen.into_iter().collect(),
            query: if asked { self.shown.look.1.clone() } else { String::new() },
            found_nothing: asked && options.is_empty(),
            options,
            search_url: format!("/admin/pick/{ANYWHERE}{}", query(&[("name", name)])),
        }
    }
}
