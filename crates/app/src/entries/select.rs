//! From what a client asks for by name to conditions and orders that a store can hold to.
//!
//! A field that the actor does not see is refused like one that is not there, before anything is read: the answer
//! tells nothing of what it holds.

use std::sync::Arc;

use serde_json::{Number, Value};
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind,
};
use smartcms_domain::entries::EntryId;
use smartcms_domain::queries::{
    CONDITIONS_MAX, Condition, Filter, Path, SORT_KEYS_MAX, SortKey, SystemField, Test,
};
use smartcms_domain::{Problem, Timestamp};

use super::error::ContentError;
use super::served::{Kept, Served, Unserved, in_order_of_saving};
use crate::OpContext;
use crate::ports::{Listing, Side};

/// The longest value of a condition, in bytes.
const VALUE_LEN_MAX: usize = 1_000;

/// A condition by names: `filter[author.slug][eq]=ada`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedCondition {
    /// `slug`, `rating`, `seo.title`, or `author.slug` through a relation.
    pub path: String,
    /// One of [`OPERATORS`].
    pub operator: String,
    /// What to compare with. `in`, `nin` and `between` split it at its commas.
    pub value: String,
}

/// The operators of conditions.
pub const OPERATORS: [&str; 12] = [
    "eq",
    "ne",
    "lt",
    "lte",
    "gt",
    "gte",
    "in",
    "nin",
    "contains",
    "starts_with",
    "between",
    "null",
];

/// A value that a path leads to.
struct Place<'a> {
    path: Path,
    kind: PlaceKind<'a>,
    kept: Kept,
}

enum PlaceKind<'a> {
    Id,
    Instant,
    Text,
    Field(&'a FieldDefinition),
}

/// Conditions and orders that were checked.
pub(super) struct Selected {
    pub(super) filter: Option<Filter>,
    pub(super) sort: Vec<SortKey>,
    /// What no index serves; empty where one leads to what is asked for all the same.
    pub(super) unserved: Vec<Unserved>,
}

/// A condition that was checked, and how an index serves it.
struct Checked {
    condition: Condition,
    served: Served,
    unserved: Option<Unserved>,
}

/// Checks conditions and an order against what the actor may see.
pub(super) fn select(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    listing: Listing,
    asked: &[AskedCondition],
    sort: &[String],
) -> Result<Selected, ContentError> {
    let mut problems = Vec::new();
    let mut unserved = Vec::new();
    let mut exactly = false;
    let mut conditions = Vec::new();
    let too_many = |what: &str, len: usize, most: usize| {
        Problem::field(
            what,
            "too-many",
            format!("there are {len} keys in `{what}`; {most} is the limit"),
        )
    };
    if asked.len() > CONDITIONS_MAX {
        problems.push(too_many("filter", asked.len(), CONDITIONS_MAX));
    }
    if sort.len() > SORT_KEYS_MAX {
        problems.push(too_many("sort", sort.len(), SORT_KEYS_MAX));
    }
    for one in asked.iter().take(CONDITIONS_MAX) {
        let field = format!("filter[{}][{}]", one.path, one.operator);
        match condition(ctx, definition, listing, one) {
            Ok(checked) => {
                exactly |= checked.served == Served::Exactly;
                unserved.extend(checked.unserved);
                conditions.push(Filter::Is(checked.condition));
            }
            Err((code, message)) => problems.push(Problem::field(&field, code, message)),
        }
    }
    let mut keys = Vec::new();
    for text in sort.iter().take(SORT_KEYS_MAX) {
        match sort_key(ctx, definition, listing, text) {
            Ok((key, not)) => {
                unserved.extend(not);
                keys.push(key);
            }
            Err((code, message)) => problems.push(Problem::field("sort", code, message)),
        }
    }
    if !problems.is_empty() {
        return Err(ContentError::BadQuery(problems));
    }
    // What passes one condition is looked through for the others, and sorted.
    if exactly {
        unserved.clear();
    }
    smartcms_domain::sorting::sort(&mut unserved);
    unserved.dedup();
    let filter = (!conditions.is_empty()).then_some(Filter::All(conditions));
    Ok(Selected { filter, sort: keys, unserved })
}

pub(super) type Refused = (&'static str, String);

fn sort_key(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    listing: Listing,
    text: &str,
) -> Result<(SortKey, Option<Unserved>), Refused> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |it| (it, true));
    let place = own_place(ctx, definition, listing, name)?;
    let sortable = match &place.kind {
        PlaceKind::Field(field) => field.kind.is_scalar(),
        PlaceKind::Id | PlaceKind::Instant | PlaceKind::Text => true,
    };
    if !sortable || matches!(place.path, Path::List(_)) {
        return Err(("not-sortable", format!("`{name}` holds no single value to sort by")));
    }
    let kept = match (&place.path, &place.kind) {
        (Path::Relation(_), PlaceKind::Field(field)) => Kept::of_field(field, listing),
        // Every public entry is among those of the newest states, which are kept in this order.
        (Path::System(SystemField::CreatedAt), _) => Kept::InOrder,
        (Path::System(SystemField::UpdatedAt), _) if in_order_of_saving(listing) => Kept::InOrder,
        _ => place.kept,
    };
    let unserved = (kept != Kept::InOrder).then(|| Unserved::key(name, kept, definition));
    let path = match place.path {
        Path::Relation(name) => Path::Field(vec![name]),
        path => path,
    };
    Ok((SortKey { path, descending }, unserved))
}

fn condition(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    listing: Listing,
    asked: &AskedCondition,
) -> Result<Checked, Refused> {
    if asked.value.len() > VALUE_LEN_MAX {
        let message =
            format!("the value has {} bytes; {VALUE_LEN_MAX} is the limit", asked.value.len());
        return Err(("too-long", message));
    }
    let through = relation_of(ctx, definition, listing, &asked.path)?;
    let Some((field, other, rest)) = through else {
        let place = own_place(ctx, definition, listing, &asked.path)?;
        let test = test(&place, asked)?;
        return Ok(checked(asked, place.path, test, place.kept, definition));
    };
    let there = match listing.side() {
        Side::Live => Listing::Published,
        Side::Newest => Listing::Newest(None),
    };
    let place = own_place(ctx, &other, there, rest)?;
    let test = test(&place, asked)?;
    let path = Path::Through {
        relation: field.name.to_string(),
        to: other.name.clone(),
        then: Box::new(place.path),
    };
    let mut checked = checked(asked, path, test, place.kept, &other);
    // What it leads to there leads here by the references.
    if checked.served == Served::Range {
        checked.served = Served::Exactly;
    }
    Ok(checked)
}

fn checked(
    asked: &AskedCondition,
    path: Path,
    test: Test,
    kept: Kept,
    over: &CollectionDefinition,
) -> Checked {
    let served = kept.serves(&test);
    let not = served == Served::Not;
    let unserved = not.then(|| Unserved::condition(&asked.path, kept, &test, over));
    Checked { condition: Condition { path, test }, served, unserved }
}

type Through<'a, 'b> = (&'a FieldDefinition, Arc<CollectionDefinition>, &'b str);

/// The relation that a path goes through, where it leads, and the rest of the path.
fn relation_of<'a, 'b>(
    ctx: &OpContext<'_>,
    definition: &'a CollectionDefinition,
    listing: Listing,
    path: &'b str,
) -> Result<Option<Through<'a, 'b>>, Refused> {
    let Some((first, rest)) = path.split_once('.') else { return Ok(None) };
    let sees = |it: &&FieldDefinition| ctx.actor.sees(listing.subject(&definition.name), it);
    let field = definition.field(first).filter(sees);
    let Some((field, FieldKind::Relation(relation))) = field.map(|it| (it, &it.kind)) else {
        return Ok(None);
    };
    let other = ctx.app.collections.get(&relation.to);
    let other = other.filter(|it| super::read::may_read(ctx.actor, it));
    // Outside the published list a condition looks at the newest state of the other collection too.
    let may_look = |name: &CollectionName| {
        listing == Listing::Published || ctx.actor.may(Permission::ReadDrafts, name)
    };
    let other = other.filter(|it| may_look(&it.name));
    let other = other.ok_or_else(|| unknown(definition, path))?;
    Ok(Some((field, other, rest)))
}

fn own_place<'a>(
    ctx: &OpContext<'_>,
    definition: &'a CollectionDefinition,
    listing: Listing,
    path: &str,
) -> Result<Place<'a>, Refused> {
    let mut names = path.split('.');
    let first = names.next().unwrap_or_default();
    let sees = |it: &&FieldDefinition| ctx.actor.sees(listing.subject(&definition.name), it);
    let field = definition.field(first).filter(sees);
    let Some(mut field) = field else {
        let system = SystemField::from_name(path).ok_or_else(|| unknown(definition, path))?;
        let kind = match system {
            SystemField::Id => PlaceKind::Id,
            SystemField::Slug => PlaceKind::Text,
            _ => PlaceKind::Instant,
        };
        let kept = Kept::of_system(system, listing);
        return Ok(Place { path: Path::System(system), kind, kept });
    };
    let mut way = vec![first.to_owned()];
    for name in names {
        let inside = match &field.kind {
            FieldKind::Group(fields) => fields.iter().find(|it| it.name.as_str() == name),
            _ => None,
        };
        field = inside.ok_or_else(|| unknown(definition, path))?;
        way.push(name.to_owned());
    }
    let top = way.len() == 1;
    let (path, kept) = match &field.kind {
        FieldKind::Relation(_) | FieldKind::Asset | FieldKind::Assets if top => {
            (Path::Relation(first.to_owned()), Kept::ByValue)
        }
        FieldKind::MultiSelect(_) | FieldKind::Assets | FieldKind::Relation(_) => {
            (Path::List(way), Kept::Never)
        }
        FieldKind::Group(_)
        | FieldKind::Repeater(_)
        | FieldKind::Json
        | FieldKind::GeoPoint
        | FieldKind::RichText => {
            let message = format!("`{path}` holds {} and cannot be compared", field.kind.name());
            return Err(("not-comparable", message));
        }
        _ if top => (Path::Field(way), Kept::of_field(field, listing)),
        _ => (Path::Field(way), Kept::Never),
    };
    Ok(Place { path, kind: PlaceKind::Field(field), kept })
}

fn test(place: &Place<'_>, asked: &AskedCondition) -> Result<Test, Refused> {
    let text = asked.value.as_str();
    let one = || value(place, text);
    let list = || -> Result<Vec<Value>, Refused> {
        let items: Vec<&str> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        if items.is_empty() || items.len() > CONDITIONS_MAX {
            let message =
                format!("there are {} values; it takes 1 to {CONDITIONS_MAX}", items.len());
            return Err(("too-many", message));
        }
        items.into_iter().map(|it| value(place, it)).collect()
    };
    let is_list = matches!(place.path, Path::List(_) | Path::Relation(_));
    let test = match asked.operator.as_str() {
        "eq" => Test::Eq(one()?),
        "ne" => Test::Ne(one()?),
        "in" => Test::In(list()?),
        "nin" => Test::NotIn(list()?),
        "null" => Test::Null(match text {
            "true" => true,
            "false" => false,
            _ => return Err(("value", "`null` is true or false".to_owned())),
        }),
        "contains" if is_list => Test::Contains(one()?),
        operator @ ("lt" | "lte" | "gt" | "gte" | "between" | "contains" | "starts_with")
            if is_list || matches!(place.kind, PlaceKind::Id) =>
        {
            let message = format!("`{}` has no order and no text for `{operator}`", asked.path);
            return Err(("operator", message));
        }
        "lt" => Test::Lt(one()?),
        "lte" => Test::Lte(one()?),
        "gt" => Test::Gt(one()?),
        "gte" => Test::Gte(one()?),
        "between" => match list()?.as_slice() {
            [least, most] => Test::Between(least.clone(), most.clone()),
            _ => {
                return Err((
                    "value",
                    "`between` takes two values with a comma between".to_owned(),
                ));
            }
        },
        "contains" | "starts_with" if !is_text(place) => {
            return Err((
                "operator",
                format!("`{}` is no text for `{}`", asked.path, asked.operator),
            ));
        }
        "contains" => Test::Contains(Value::String(text.to_owned())),
        "starts_with" => Test::StartsWith(text.to_owned()),
        other => {
            let message =
                format!("there is no operator `{other}`; there are {}", OPERATORS.join(", "));
            return Err(("operator", message));
        }
    };
    Ok(test)
}

fn is_text(place: &Place<'_>) -> bool {
    match &place.kind {
        PlaceKind::Text => true,
        PlaceKind::Id | PlaceKind::Instant => false,
        PlaceKind::Field(field) => {
            !matches!(field.kind, FieldKind::Integer | FieldKind::Number | FieldKind::Boolean)
        }
    }
}

/// A text as a value of the kind that a place holds.
fn value(place: &Place<'_>, text: &str) -> Result<Value, Refused> {
    let wrong = |wanted: &str| ("value", format!("`{text}` has to be {wanted}"));
    let instant = || Timestamp::parse(text).map_err(|_| wrong("a time like 2026-11-22T10:00:00Z"));
    let id = || EntryId::parse(text).map_err(|_| wrong("an id")).map(|it| it.to_string().into());
    let field = match &place.kind {
        PlaceKind::Id => return id(),
        PlaceKind::Text => return Ok(text.into()),
        PlaceKind::Instant => return Ok(instant()?.as_millis().into()),
        PlaceKind::Field(field) => field,
    };
    match &field.kind {
        FieldKind::Relation(_) | FieldKind::Asset | FieldKind::Assets => id(),
        FieldKind::DateTime => Ok(instant()?.sortable().into()),
        FieldKind::Boolean => match text {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(wrong("true or false")),
        },
        FieldKind::Integer | FieldKind::Number => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            let number = || text.parse::<f64>().ok().and_then(Number::from_f64);
            whole.or_else(number).map(Value::Number).ok_or_else(|| wrong("a number"))
        }
        _ => Ok(text.into()),
    }
}

pub(super) fn unknown(definition: &CollectionDefinition, path: &str) -> Refused {
    let path: String = path.chars().take(100).collect();
    ("unknown-field", format!("{} has no field `{path}` that you see", definition.label))
}
