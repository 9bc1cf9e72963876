//! Components that are one core module, and what describes it.

use std::ops::Range;

use wasmparser::{
    CanonicalFunction, CanonicalOption, ComponentAlias, ComponentExternalKind, ExternalKind,
    Instance, Parser, Payload,
};

/// A core module that is all of a component that runs.
#[derive(Debug)]
pub(crate) struct SoleModule<'a> {
    pub(crate) wasm: &'a [u8],
    pub(crate) exports: Exports,
}

/// What one function of the component is made of, by the module's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exports {
    pub(crate) function: String,
    pub(crate) memory: String,
    /// Makes room for arguments.
    pub(crate) realloc: String,
    /// Takes back what the function gave, where it wants to.
    pub(crate) post_return: Option<String>,
}

/// What was seen of the outermost component so far; its lists are the index spaces of the component model.
#[derive(Default)]
struct Outline {
    module: Option<Range<usize>>,
    is_instantiated: bool,
    functions: Vec<String>,
    memories: Vec<String>,
    lifts: Vec<Lift>,
}

struct Lift {
    function: u32,
    options: Box<[CanonicalOption]>,
}

/// The core module of a component whose function has this name in it, as `wit-component` names functions:
/// `INTERFACE#FUNCTION`. `None` where the component is anything more than one instance of a module that imports
/// nothing, or where that function is made of anything else, or of less. The component must be valid.
pub(crate) fn sole_module<'a>(component: &'a [u8], function: &str) -> Option<SoleModule<'a>> {
    let mut outline = Outline::default();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload.ok()? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.checked_sub(1)?,
            own if depth == 1 => outline.take(own)?,
            _ => {}
        }
    }
    let wasm = component.get(outline.module.clone().filter(|_| outline.is_instantiated)?)?;
    Some(SoleModule { wasm, exports: outline.exports(function)? })
}

impl Outline {
    /// Takes in a section; `None` where it makes the component more than a module.
    fn take(&mut self, payload: Payload<'_>) -> Option<()> {
        match payload {
            Payload::ModuleSection { unchecked_range: range, .. } => {
                let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
                self.module.replace(range).is_none().then_some(())
            }
            Payload::InstanceSection(section) => {
                section.into_iter().try_for_each(|it| self.take_instance(&it.ok()?))
            }
            Payload::ComponentAliasSection(section) => {
                section.into_iter().try_for_each(|it| self.take_alias(&it.ok()?))
            }
            Payload::ComponentCanonicalSection(section) => {
                section.into_iter().try_for_each(|it| self.take_canonical(it.ok()?))
            }
            Payload::ComponentImportSection(_) | Payload::ComponentStartSection { .. } => None,
            _ => Some(()),
        }
    }

    fn take_instance(&mut self, instance: &Instance<'_>) -> Option<()> {
        match instance {
            Instance::Instantiate { args, .. } if args.is_empty() && !self.is_instantiated => {
                self.is_instantiated = true;
                Some(())
            }
            _ => None,
        }
    }

    fn take_alias(&mut self, alias: &ComponentAlias<'_>) -> Option<()> {
        match alias {
            ComponentAlias::CoreInstanceExport { kind, name, .. } => {
                match kind {
                    ExternalKind::Func | ExternalKind::FuncExact => {
                        self.functions.push((*name).to_owned());
                    }
                    ExternalKind::Memory => self.memories.push((*name).to_owned()),
                    _ => {}
                }
                Some(())
            }
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Module, .. }
            | ComponentAlias::Outer { .. } => None,
            ComponentAlias::InstanceExport { .. } => Some(()),
        }
    }

    fn take_canonical(&mut self, made: CanonicalFunction) -> Option<()> {
        let CanonicalFunction::Lift { core_func_index: function, options, .. } = made else {
            return None;
        };
        self.lifts.push(Lift { function, options });
        Some(())
    }

    fn exports(&self, function: &str) -> Option<Exports> {
        let named = |names: &[String], at: u32| names.get(usize::try_from(at).ok()?).cloned();
        let is_it = |it: &&Lift| named(&self.functions, it.function).as_deref() == Some(function);
        let mut lifts = self.lifts.iter().filter(is_it);
        let (Some(lift), None) = (lifts.next(), lifts.next()) else { return None };
        let (mut memory, mut realloc, mut post_return) = (None, None, None);
        for option in &lift.options {
            match *option {
                CanonicalOption::UTF8 => {}
                CanonicalOption::Memory(at) => memory = Some(named(&self.memories, at)?),
                CanonicalOption::Realloc(at) => realloc = Some(named(&self.functions, at)?),
                CanonicalOption::PostReturn(at) => post_return = Some(named(&self.functions, at)?),
                _ => return None,
            }
        }
        Some(Exports {
            function: function.to_owned(),
            memory: memory?,
            realloc: realloc?,
            post_return,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Exports, sole_module};

    const MODULE: &str = r#"
        (core module $m
          (memory (export "memory") 1)
          (func (export "room") (param i32 i32 i32 i32) (result i32) unreachable)
          (func (export "back") (param i32))
          (func (export "a#f") (param i32 i32) (result i32) unreachable))"#;
    const INSTANCE: &str = r#"(core instance $i (instantiate $m))
        (alias core export $i "room" (core func $room))
        (alias core export $i "back" (core func $back))
        (alias core export $i "a#f" (core func $f))
        (alias core export $i "memory" (core memory $memory))"#;
    const LIFT: &str = r#"(func $lifted (param "text" string) (result string)
        (canon lift (core func $f) (memory $memory) (realloc $room) (post-return $back)))"#;
    const EXPORT: &str = r#"(export "f" (func $lifted))"#;

    fn found(parts: &[&str]) -> Option<Exports> {
        let component = wat::parse_str(format!("(component {})", parts.concat())).unwrap();
        sole_module(&component, "a#f").map(|it| {
            assert!(it.wasm.starts_with(b"\0asm\x01\0\0\0"));
            it.exports
        })
    }

    #[test]
    fn a_module_and_what_describes_it_are_found() {
        let exports = Exports {
            function: "a#f".to_owned(),
            memory: "memory".to_owned(),
            realloc: "room".to_owned(),
            post_return: Some("back".to_owned()),
        };
        assert_eq!(found(&[MODULE, INSTANCE, LIFT, EXPORT]), Some(exports.clone()));
        let nested = r#"(component (import "f" (func)) (export "g" (func 0)))"#;
        assert_eq!(found(&[MODULE, INSTANCE, LIFT, nested, EXPORT]), Some(exports));
    }

    #[test]
    fn a_component_that_is_more_than_a_module_is_none() {
        let import = r#"(import "clock" (func))"#;
        let other = "(core module)";
        let twice = "(core instance (instantiate $m))";
        let again = LIFT.replace("$lifted", "$again");
        let utf16 = LIFT.replace("(memory $memory)", "(memory $memory) string-encoding=utf16");
        for parts in [
            &[import, MODULE, INSTANCE, LIFT, EXPORT][..],
            &[MODULE, other, INSTANCE, LIFT, EXPORT],
            &[MODULE, INSTANCE, twice, LIFT, EXPORT],
            &[MODULE, INSTANCE, LIFT, &again, EXPORT],
            &[MODULE, INSTANCE, &utf16, EXPORT],
            &[MODULE, INSTANCE],
            &[MODULE],
            &[],
        ] {
            assert_eq!(found(parts), None, "{parts:?}");
        }
        assert!(sole_module(b"no component", "a#f").is_none());
    }
}
