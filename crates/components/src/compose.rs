//! Joins components: what one imports, another exports.

use wac_graph::types::{ItemKind, Package, SubtypeChecker, are_semver_compatible};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId, Processor};

use crate::error::ComponentError;
use crate::guard::guarded;
use crate::limits::{FILES_BYTES_MAX, PLUGS_MAX};
use crate::{ComponentFile, sections, validate};

/// Custom sections that belong to the socket's author, and stay outermost in what is made of it.
const CARRIED: &[&str] = &["plugin.toml", "smartcms:contract"];

/// The most names that a message lists.
const NAMED_MAX: usize = 12;

/// What became of the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The component.
    pub wasm: Vec<u8>,
    /// Which import is answered by whom.
    pub joints: Vec<Joint>,
}

/// An import that another part answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// Who imports.
    pub socket: String,
    /// What.
    pub import: String,
    /// Who answers.
    pub plug: String,
}

/// Joins a socket and plugs to one component that exports what the socket exports.
///
/// An import of the socket is answered by the first plug that exports it, an import of a plug by the first plug
/// behind it; what nobody answers stays an import. A plug that answers nothing is an error.
pub fn compose(
    socket: &ComponentFile,
    plugs: &[ComponentFile],
) -> Result<Composed, ComponentError> {
    if plugs.len() > PLUGS_MAX {
        return Err(ComponentError::TooManyPlugs(plugs.len()));
    }
    let files: Vec<&ComponentFile> = std::iter::once(socket).chain(plugs).collect();
    if files.iter().map(|it| it.bytes.len()).sum::<usize>() > FILES_BYTES_MAX {
        return Err(ComponentError::TooLargeTogether);
    }
    for file in &files {
        validate::component(file)?;
    }
    let composed = guarded(|| Composition::of(&files)?.joined());
    composed.unwrap_or_else(|| {
        let reason = "their types cannot be brought together".to_owned();
        Err(ComponentError::Composition { file: socket.name.clone(), reason })
    })
}

/// One component of a composition.
struct Part<'a> {
    file: &'a ComponentFile,
    package: PackageId,
    instance: NodeId,
}

pub(crate) struct Composition<'a> {
    graph: CompositionGraph,
    parts: Vec<Part<'a>>,
    joints: Vec<Joint>,
}

/// An import and the export that answers it, by their names.
pub(crate) struct Match {
    pub(crate) import: String,
    pub(crate) plug: usize,
    pub(crate) export: String,
}

impl<'a> Composition<'a> {
    /// Parts that are not joined yet, in the order of their files. A file that is there several times becomes several
    /// instances of one component.
    pub(crate) fn of(files: &[&'a ComponentFile]) -> Result<Self, ComponentError> {
        let mut graph = CompositionGraph::new();
        let mut parts: Vec<Part<'a>> = Vec::new();
        for (at, &file) in files.iter().enumerate() {
            let package = match parts.iter().find(|it| std::ptr::eq(it.file, file)) {
                Some(same) => same.package,
                None => package(&mut graph, &format!("smartcms:part{at}"), file)?,
            };
            let instance = graph.instantiate(package);
            parts.push(Part { file, package, instance });
        }
        Ok(Self { graph, parts, joints: Vec::new() })
    }

    fn joined(mut self) -> Result<Composed, ComponentError> {
        let mut used = vec![false; self.parts.len()];
        for at in 0..self.parts.len() {
            for found in self.matches(at)? {
                self.join(at, &found)?;
                if let Some(used) = used.get_mut(found.plug) {
                    *used = true;
                }
            }
        }
        let unused = self.parts.iter().zip(used).skip(1).find(|(_, used)| !used);
        if let Some((part, _)) = unused {
            return Err(self.unused(part));
        }
        self.finished()
    }

    /// The component of what was joined, which exports what the first part exports.
    pub(crate) fn finished(mut self) -> Result<Composed, ComponentError> {
        self.export()?;
        let wasm = self.encode()?;
        Ok(Composed { wasm, joints: self.joints })
    }

    /// The imports of a part that parts behind it answer.
    fn matches(&self, at: usize) -> Result<Vec<Match>, ComponentError> {
        let Some(part) = self.parts.get(at) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (import, wanted) in self.imports(part) {
            for (plug, offering) in self.parts.iter().enumerate().skip(at + 1) {
                let Some((export, offered)) = self.offer(offering, import) else { continue };
                let (types, mut seen) = (self.graph.types(), Default::default());
                let mut checker = SubtypeChecker::new(&mut seen);
                if let Err(error) = checker.is_subtype(offered, types, wanted, types) {
                    return Err(ComponentError::Misfit {
                        plug: offering.file.name.clone(),
                        export: export.to_owned(),
                        socket: part.file.name.clone(),
                        import: import.to_owned(),
                        reason: format!("{error:#}"),
                    });
                }
                found.push(Match { import: import.to_owned(), plug, export: export.to_owned() });
                break;
            }
        }
        Ok(found)
    }

    fn imports(&self, part: &Part<'_>) -> impl Iterator<Item = (&str, ItemKind)> {
        let world = &self.graph.types()[self.graph[part.package].ty()];
        world.imports.iter().map(|(name, kind)| (name.as_str(), *kind))
    }

    fn exports(&self, part: &Part<'_>) -> impl Iterator<Item = (&str, ItemKind)> {
        let world = &self.graph.types()[self.graph[part.package].ty()];
        world.exports.iter().map(|(name, kind)| (name.as_str(), *kind))
    }

    /// The export that is called like an import, or that differs in the last numbers of its version only.
    fn offer(&self, part: &Part<'_>, import: &str) -> Option<(&str, ItemKind)> {
        let world = &self.graph.types()[self.graph[part.package].ty()];
        if let Some((name, kind)) = world.exports.get_key_value(import) {
            return Some((name, *kind));
        }
        // Names without a version fit exactly or not at all.
        let compatible = |it: &(&str, ItemKind)| are_semver_compatible(it.0, import);
        self.exports(part).find(|it| import.contains('@') && compatible(it))
    }

    /// Lets a part answer an import of another one.
    pub(crate) fn join(&mut self, at: usize, found: &Match) -> Result<(), ComponentError> {
        let (Some(part), Some(plug)) = (self.parts.get(at), self.parts.get(found.plug)) else {
            return Ok(());
        };
        let export = self
            .graph
            .alias_instance_export(plug.instance, &found.export)
            .map_err(|error| failed(plug.file, error.to_string()))?;
        self.graph
            .set_instantiation_argument(part.instance, &found.import, export)
            .map_err(|error| failed(part.file, chain(&error)))?;
        self.joints.push(Joint {
            socket: part.file.name.clone(),
            import: found.import.clone(),
            plug: plug.file.name.clone(),
        });
        Ok(())
    }

    fn export(&mut self) -> Result<(), ComponentError> {
        let Some(socket) = self.parts.first() else { return Ok(()) };
        let names: Vec<String> = self.exports(socket).map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let alias = self
                .graph
                .alias_instance_export(socket.instance, &name)
                .map_err(|error| failed(socket.file, error.to_string()))?;
            self.graph.export(alias, &name).map_err(|error| failed(socket.file, chain(&error)))?;
        }
        Ok(())
    }

    fn encode(&self) -> Result<Vec<u8>, ComponentError> {
        let Some(socket) = self.parts.first() else { return Ok(Vec::new()) };
        let processor = Processor { name: "smartcms", version: env!("CARGO_PKG_VERSION") };
        let options = EncodeOptions { processor: Some(processor), ..EncodeOptions::default() };
        let mut wasm =
            self.graph.encode(options).map_err(|error| failed(socket.file, chain(&error)))?;
        for name in CARRIED {
            let carried = sections::custom(&socket.file.bytes, name)
                .map_err(|error| failed(socket.file, error.to_string()))?;
            carried.iter().for_each(|data| sections::append(&mut wasm, name, data));
        }
        Ok(wasm)
    }

    fn unused(&self, plug: &Part<'_>) -> ComponentError {
        let joined = |part: &Part<'_>, import: &str| {
            self.joints.iter().any(|it| it.socket == part.file.name && it.import == import)
        };
        let before = self.parts.iter().take_while(|it| it.package != plug.package);
        let open = before.flat_map(|part| {
            self.imports(part).map(|(name, _)| name).filter(|it| !joined(part, it))
        });
        ComponentError::Unused {
            plug: plug.file.name.clone(),
            exports: listed(self.exports(plug).map(|(name, _)| name)),
            open: listed(open),
        }
    }
}

fn package(
    graph: &mut CompositionGraph,
    name: &str,
    file: &ComponentFile,
) -> Result<PackageId, ComponentError> {
    let package = Package::from_bytes(name, None, file.bytes.as_slice(), graph.types_mut())
        .map_err(|error| failed(file, format!("{error:#}")))?;
    graph.register_package(package).map_err(|error| failed(file, error.to_string()))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED_MAX);
    names.truncate(NAMED_MAX);
    match (names.is_empty(), more) {
        (true, _) => "nothing".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more", names.join(", ")),
    }
}

fn failed(file: &ComponentFile, reason: String) -> ComponentError {
    ComponentError::Composition { file: file.name.clone(), reason }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
