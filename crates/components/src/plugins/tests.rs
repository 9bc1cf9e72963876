use wit_parser::{Resolve, Type, TypeDefKind};

use super::points::{CONFIGURE, PLUGIN_POINTS};
use super::world::Contract;
use super::{PluginPart, plugins};
use crate::{ComponentFile, exports, imports, wit};

/// A type in one text, whatever its parts are called by and wherever they are defined.
fn shape(resolve: &Resolve, ty: &Type) -> String {
    let Type::Id(id) = ty else { return format!("{ty:?}") };
    let of = |ty: &Type| shape(resolve, ty);
    let maybe = |ty: &Option<Type>| ty.as_ref().map_or_else(String::new, of);
    match &resolve.types[*id].kind {
        TypeDefKind::Type(it) => of(it),
        TypeDefKind::Option(it) => format!("option<{}>", of(it)),
        TypeDefKind::List(it) => format!("list<{}>", of(it)),
        TypeDefKind::Result(it) => format!("result<{}, {}>", maybe(&it.ok), maybe(&it.err)),
        TypeDefKind::Record(it) => {
            it.fields.iter().map(|it| format!("{}: {}; ", it.name, of(&it.ty))).collect()
        }
        TypeDefKind::Variant(it) => {
            it.cases.iter().map(|it| format!("{}({}) ", it.name, maybe(&it.ty))).collect()
        }
        TypeDefKind::Enum(it) => it.cases.iter().map(|it| format!("{} ", it.name)).collect(),
        other => panic!("{} is not expected here", other.as_str()),
    }
}

#[test]
fn what_the_site_calls_has_the_types_of_what_plugins_export() {
    let contract = Contract::read().unwrap();
    let resolve = &contract.resolve;
    let site = &resolve.interfaces[contract.plugins().unwrap()].functions;
    let mut seen = 0;
    for point in &PLUGIN_POINTS {
        let theirs = &resolve.interfaces[contract.point(point.interface).unwrap()].functions;
        assert_eq!(theirs.len(), point.functions.len(), "{}", point.name);
        for (own, their) in point.functions {
            let (own, their) = (&site[*own], &theirs[*their]);
            let of = |it: &wit_parser::Param| (it.name.clone(), shape(resolve, &it.ty));
            assert_eq!(of(&own.params[0]), ("plugin".to_owned(), "U32".to_owned()));
            let own_params: Vec<_> = own.params.iter().skip(1).map(of).collect();
            assert_eq!(own_params, their.params.iter().map(of).collect::<Vec<_>>());
            let result = |it: &Option<Type>| it.as_ref().map(|it| shape(resolve, it));
            assert_eq!(result(&own.result), result(&their.result), "{}", own.name);
            seen += 1;
        }
    }
    assert_eq!(site.len(), seen + ["list", CONFIGURE.0].len());
}

#[test]
fn without_plugins_it_exports_the_interface_and_imports_nothing() {
    let made = plugins(&[], None).unwrap();
    let file = ComponentFile { name: "none".to_owned(), bytes: made.wasm };
    assert_eq!(imports(&file).unwrap(), [""; 0]);
    assert_eq!(exports(&file).unwrap(), ["smartcms:portable/plugins@0.1.0"]);
    assert!(wit(&file).unwrap().contains("export smartcms:portable/plugins@0.1.0;"));
}

fn part(id: &str, text: &str) -> PluginPart {
    PluginPart {
        file: ComponentFile { name: format!("{id}.wasm"), bytes: wat::parse_str(text).unwrap() },
        id: id.to_owned(),
        name: id.to_owned(),
        version: "1.0.0".to_owned(),
        description: String::new(),
        digest: String::new(),
        grants: Vec::new(),
    }
}

#[test]
fn what_takes_part_nowhere_is_refused_by_its_name() {
    let refused = plugins(&[part("empty", "(component)")], None).unwrap_err();
    assert!(refused.to_string().contains("empty.wasm"), "{refused}");
}
