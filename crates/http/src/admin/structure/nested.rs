//! Buttons that change the order and the number of items in a form. They send the whole form, which comes back changed:
//! so they work without scripts, and nothing is stored by them.

/// The most items of one list.
pub(super) const ITEMS_MAX: usize = 200;

/// An item with items below it.
pub(super) trait Nested: Default {
    /// What is below it.
    fn below(&mut self) -> &mut Vec<Self>;
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    Add,
    Remove,
    Up,
    Down,
    /// Below the item before it.
    In,
    /// Out of the item around it, and after that.
    Out,
    /// To another place of its list.
    To(usize),
}

impl Arrangement {
    /// What `verb place` says, with the place: `up fields.2`, `move fields.2.fields.1 0`.
    pub(super) fn parse(verb: &str, rest: &str) -> Option<(Self, Vec<usize>)> {
        let (place, to) = rest.split_once(' ').unwrap_or((rest, ""));
        let arrangement = match verb {
            "add" => Self::Add,
            "remove" => Self::Remove,
            "up" => Self::Up,
            "down" => Self::Down,
            "in" => Self::In,
            "out" => Self::Out,
            "move" => Self::To(to.parse().ok()?),
            _ => return None,
        };
        Some((arrangement, place_of(place)))
    }

    /// Does it; where the item is afterwards. A place that is not there leaves the list as it is.
    pub(super) fn apply<T: Nested>(self, items: &mut Vec<T>, place: &[usize]) -> Vec<usize> {
        let done = match self {
            Self::Add => add(items, place),
            Self::In => nest(items, place),
            Self::Out => lift(items, place),
            _ => self.within(items, place),
        };
        done.unwrap_or_else(|| place.to_vec())
    }

    fn within<T: Nested>(self, items: &mut Vec<T>, place: &[usize]) -> Option<Vec<usize>> {
        let (at, above) = place.split_last()?;
        let list = list_at(items, above)?;
        let to = match self {
            Self::Up => at.checked_sub(1)?,
            Self::Down => at + 1,
            Self::To(to) => to,
            _ => {
                let is_there = *at < list.len();
                is_there.then(|| drop(list.remove(*at)))?;
                return Some(above.to_vec());
            }
        };
        if (*at).max(to) >= list.len() {
            return None;
        }
        let item = list.remove(*at);
        list.insert(to, item);
        Some([above, &[to]].concat())
    }
}

/// The numbers of a place: `items.0.items.2`.
pub(super) fn place_of(text: &str) -> Vec<usize> {
    text.split('.').filter_map(|it| it.parse().ok()).collect()
}

/// The list at a place: that of the items themselves, or the one below an item.
fn list_at<'a, T: Nested>(items: &'a mut Vec<T>, place: &[usize]) -> Option<&'a mut Vec<T>> {
    match place {
        [] => Some(items),
        [first, rest @ ..] => list_at(items.get_mut(*first)?.below(), rest),
    }
}

fn add<T: Nested>(items: &mut Vec<T>, place: &[usize]) -> Option<Vec<usize>> {
    let list = list_at(items, place)?;
    if list.len() >= ITEMS_MAX {
        return None;
    }
    list.push(T::default());
    Some([place, &[list.len() - 1]].concat())
}

fn nest<T: Nested>(items: &mut Vec<T>, place: &[usize]) -> Option<Vec<usize>> {
    let (at, above) = place.split_last()?;
    let list = list_at(items, above)?;
    let before = at.checked_sub(1)?;
    if *at >= list.len() {
        return None;
    }
    let item = list.remove(*at);
    let below = list.get_mut(before)?.below();
    below.push(item);
    let last = below.len() - 1;
    Some([above, &[before, last]].concat())
}

fn lift<T: Nested>(items: &mut Vec<T>, place: &[usize]) -> Option<Vec<usize>> {
    let (at, around) = place.split_last()?;
    let (parent, above) = around.split_last()?;
    let list = list_at(items, around)?;
    if *at >= list.len() {
        return None;
    }
    let item = list.remove(*at);
    list_at(items, above)?.insert(parent + 1, item);
    Some([above, &[parent + 1]].concat())
}

#[cfg(test)]
mod tests {
    use super::{Arrangement, Nested};

    #[derive(Default)]
    struct Item(&'static str, Vec<Self>);

    impl Nested for Item {
        fn below(&mut self) -> &mut Vec<Self> {
            &mut self.1
        }
    }

    fn told(items: &[Item]) -> String {
        let item = |it: &Item| match it.1.as_slice() {
            [] => it.0.to_owned(),
            below => format!("{}({})", it.0, told(below)),
        };
        items.iter().map(item).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check(button: &str, expected: &str, place: &[usize]) {
        let leaf = |name| Item(name, Vec::new());
        let mut items = vec![leaf("a"), Item("b", vec![leaf("c"), leaf("d")]), leaf("e")];
        let (verb, rest) = button.split_once(' ').unwrap();
        let (arrangement, at) = Arrangement::parse(verb, rest).unwrap();
        assert_eq!(arrangement.apply(&mut items, &at), place, "{button}");
        assert_eq!(told(&items), expected, "{button}");
    }

    #[test]
    fn buttons_arrange_items_at_their_place() {
        check("add items", "a b(c d) e ", &[3]);
        check("add items.0.items", "a() b(c d) e", &[0, 0]);
        check("remove items.1", "a e", &[]);
        check("up items.1.items.1", "a b(d c) e", &[1, 0]);
        check("down items.0", "b(c d) a e", &[1]);
        check("in items.2", "a b(c d e)", &[1, 2]);
        check("out items.1.items.0", "a b(d) c e", &[2]);
        check("move items.2 0", "e a b(c d)", &[0]);
    }

    #[test]
    fn a_place_that_is_not_there_changes_nothing() {
        for (button, place) in [
            ("up items.0", [0].as_slice()),
            ("down items.2", &[2]),
            ("remove items.9", &[9]),
            ("in items.0", &[0]),
            ("out items.1", &[1]),
            ("move items.1 7", &[1]),
            ("up items.5.items.1", &[5, 1]),
        ] {
            check(button, "a b(c d) e", place);
        }
        assert!(Arrangement::parse("save", "").is_none());
        assert!(Arrangement::parse("move", "items.0 x").is_none());
    }
}
