//! What a closed function answers, laid out in memory as the canonical ABI wants it.

use std::collections::BTreeSet;
use std::fmt;

use wit_parser::{Handle, Int, Resolve, SizeAlign, Type, TypeDefKind, TypeId, Variant};

use crate::limits::{ANSWER_BYTES_MAX, ANSWER_DEPTH_MAX};

/// Where answers begin: the first bytes stay free, so that no answer is at the address 0.
pub(super) const ANSWERS_AT: u32 = 16;

/// Cases that say "denied", the best first.
const DENIALS: &[&str] = &[
    "access",
    "access-denied",
    "HTTP-request-denied",
    "denied",
    "permission-denied",
    "not-permitted",
    "forbidden",
    "unauthorized",
];

/// Cases that are true too, where none says "denied".
const FAILURES: &[&str] = &[
    "unsupported",
    "not-supported",
    "unavailable",
    "closed",
    "other",
    "unknown",
    "internal",
    "internal-error",
    "upstream",
    "io",
    "error",
    "failed",
];

/// What goes where an error holds a text.
const MESSAGE: &str = "denied: this import was closed with `smartcms component restrict`";

/// The folder that stands for all others where folders are closed.
const FOLDER: &str = "/";

/// What a closed function answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// The error of its own type that says it best.
    Denied(String),
    /// Nothing, or an empty list.
    Empty,
    /// An object, whose methods are closed like this function.
    Object,
    /// One folder, `/`, in which everything is denied.
    DeniedFolder,
    /// Its type leaves no honest answer: the call ends with a trap that names the function.
    Trap,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(case) => write!(f, "the error {case}"),
            Self::Empty => f.write_str("nothing"),
            Self::Object => f.write_str("an object that is closed too"),
            Self::DeniedFolder => f.write_str("the folder /, in which everything is denied"),
            Self::Trap => f.write_str("a trap"),
        }
    }
}

/// A place in an answer that needs a new object at each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) at: u32,
    pub(super) resource: TypeId,
}

/// An answer that stands in memory.
pub(super) struct Written {
    pub(super) at: u32,
    pub(super) holes: Vec<Hole>,
    pub(super) answer: Answer,
}

/// Writes answers one behind the other.
pub(super) struct Answers<'a> {
    pub(super) resolve: &'a Resolve,
    pub(super) sizes: &'a SizeAlign,
    /// The resources of closed interfaces: objects of these can be made.
    pub(super) own: &'a BTreeSet<TypeId>,
    /// What stands from [`ANSWERS_AT`] on.
    pub(super) bytes: Vec<u8>,
    holes: Vec<Hole>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(
        resolve: &'a Resolve,
        sizes: &'a SizeAlign,
        own: &'a BTreeSet<TypeId>,
    ) -> Self {
        Self { resolve, sizes, own, bytes: Vec::new(), holes: Vec::new() }
    }

    /// The answer of a function with this result; none where its type leaves no honest one.
    pub(super) fn refusal(&mut self, ty: &Type) -> Option<Written> {
        self.attempt(ty, |answers, at| answers.value(at, ty, 0))
    }

    /// `get-directories`: one folder.
    pub(super) fn folder(&mut self, ty: &Type) -> Option<Written> {
        self.attempt(ty, |answers, at| {
            let TypeDefKind::List(element) = answers.kind(ty)? else { return None };
            let (place, _) = answers.take(element)?;
            answers.fill(place, element, 0)?;
            answers.folder_name(place, element)?;
            answers.write(at, &place.to_le_bytes());
            answers.write(at + 4, &1_u32.to_le_bytes());
            Some(Answer::DeniedFolder)
        })
    }

    /// `get-type` of that folder.
    pub(super) fn folder_type(&mut self, ty: &Type) -> Option<Written> {
        self.attempt(ty, |answers, at| {
            let TypeDefKind::Result(result) = answers.kind(ty)? else { return None };
            let (ok, err) = (result.ok, result.err);
            let payload = at + answers.payload(Int::U8, [ok.as_ref(), err.as_ref()]);
            answers.case(payload, &ok?, &["directory"], 0)?;
            Some(Answer::DeniedFolder)
        })
    }

    /// Writes an answer, or nothing at all.
    fn attempt(
        &mut self,
        ty: &Type,
        write: impl FnOnce(&mut Self, u32) -> Option<Answer>,
    ) -> Option<Written> {
        let length = self.bytes.len();
        self.holes.clear();
        let written = self.take(ty).and_then(|(at, _)| Some((at, write(self, at)?)));
        if written.is_none() {
            self.bytes.truncate(length);
        }
        let (at, answer) = written?;
        Some(Written { at, holes: std::mem::take(&mut self.holes), answer })
    }

    fn value(&mut self, at: u32, ty: &Type, depth: usize) -> Option<Answer> {
        let depth = deeper(depth)?;
        match self.kind(ty)? {
            TypeDefKind::Result(result) => {
                let (ok, err) = (result.ok, result.err);
                self.write(at, &[1]);
                let payload = at + self.payload(Int::U8, [ok.as_ref(), err.as_ref()]);
                let case = match &err {
                    Some(err) => self.error(payload, err, depth)?,
                    None => "without a text".to_owned(),
                };
                Some(Answer::Denied(case))
            }
            TypeDefKind::Option(_) | TypeDefKind::List(_) | TypeDefKind::Map(..) => {
                Some(Answer::Empty)
            }
            TypeDefKind::Handle(Handle::Own(resource)) => self.object(at, *resource),
            TypeDefKind::Tuple(_) | TypeDefKind::Record(_) => {
                let mut answers = Vec::new();
                for (offset, ty) in self.parts(ty)? {
                    answers.push(self.value(at + offset, &ty, depth)?);
                }
                answers.into_iter().min()
            }
            _ => None,
        }
    }

    /// An error that says "denied", by the name of its case.
    fn error(&mut self, at: u32, ty: &Type, depth: usize) -> Option<String> {
        if let Some(TypeDefKind::Enum(_) | TypeDefKind::Variant(_)) = self.kind(ty) {
            return self
                .case(at, ty, DENIALS, depth)
                .or_else(|| self.case(at, ty, FAILURES, depth));
        }
        match self.kind(ty) {
            None if *ty == Type::String => {}
            Some(TypeDefKind::Record(_) | TypeDefKind::Tuple(_) | TypeDefKind::Handle(_)) => {}
            _ => return None,
        }
        self.fill(at, ty, depth)?;
        Some("with a text".to_owned())
    }

    /// Chooses the first of the cases that there is and that can be filled.
    fn case(&mut self, at: u32, ty: &Type, names: &[&str], depth: usize) -> Option<String> {
        let depth = deeper(depth)?;
        match self.kind(ty)? {
            TypeDefKind::Enum(cases) => {
                let tag = cases.tag();
                let found = names.iter().find_map(|name| {
                    let index = cases.cases.iter().position(|it| it.name == *name)?;
                    Some((index, (*name).to_owned()))
                });
                let (index, name) = found?;
                self.tag(at, tag, index);
                Some(name)
            }
            TypeDefKind::Variant(cases) => {
                let cases: Variant = cases.clone();
                let payload =
                    at + self.payload(cases.tag(), cases.cases.iter().map(|it| it.ty.as_ref()));
                names.iter().find_map(|name| {
                    let index = cases.cases.iter().position(|it| it.name == *name)?;
                    let holes = self.holes.len();
                    if let Some(ty) = cases.cases.get(index).and_then(|it| it.ty)
                        && self.fill(payload, &ty, depth).is_none()
                    {
                        self.holes.truncate(holes);
                        return None;
                    }
                    self.tag(at, cases.tag(), index);
                    Some((*name).to_owned())
                })
            }
            _ => None,
        }
    }

    /// Fills a place inside an error: with the message where there is room for one, else with as little as can be.
    fn fill(&mut self, at: u32, ty: &Type, depth: usize) -> Option<()> {
        let depth = deeper(depth)?;
        if *ty == Type::String {
            return self.text(at, MESSAGE);
        }
        let Type::Id(_) = ty else {
            return (*ty != Type::ErrorContext).then_some(());
        };
        match self.kind(ty) {
            // An alias of a plain type.
            None => match self.plain(ty) {
                Type::String => self.text(at, MESSAGE),
                Type::ErrorContext => None,
                _ => Some(()),
            },
            Some(TypeDefKind::Option(inner)) => {
                let inner = *inner;
                if self.plain(&inner) == Type::String {
                    self.write(at, &[1]);
                    let payload = at + self.payload(Int::U8, [None, Some(&inner)]);
                    self.text(payload, MESSAGE)?;
                }
                Some(())
            }
            Some(TypeDefKind::List(_) | TypeDefKind::Map(..) | TypeDefKind::Flags(_)) => Some(()),
            Some(TypeDefKind::Handle(Handle::Own(resource))) => {
                let resource = *resource;
                self.object(at, resource).map(drop)
            }
            Some(TypeDefKind::Tuple(_) | TypeDefKind::Record(_)) => {
                for (offset, ty) in self.parts(ty)? {
                    self.fill(at + offset, &ty, depth)?;
                }
                Some(())
            }
            Some(TypeDefKind::Enum(_) | TypeDefKind::Variant(_)) => {
                self.error(at, ty, depth).map(drop)
            }
            Some(TypeDefKind::Result(_)) => self.value(at, ty, depth).map(drop),
            Some(_) => None,
        }
    }

    /// The name in a pair of a folder and its name.
    fn folder_name(&mut self, at: u32, ty: &Type) -> Option<()> {
        let parts = self.parts(ty)?;
        let (offset, _) = parts.into_iter().find(|(_, ty)| self.plain(ty) == Type::String)?;
        self.text(at + offset, FOLDER)
    }

    fn object(&mut self, at: u32, resource: TypeId) -> Option<Answer> {
        let resource = base(self.resolve, resource);
        if !self.own.contains(&resource) {
            return None;
        }
        self.holes.push(Hole { at, resource });
        Some(Answer::Object)
    }

    /// The fields of a record or tuple with their places in it.
    fn parts(&self, ty: &Type) -> Option<Vec<(u32, Type)>> {
        let types: Vec<Type> = match self.kind(ty)? {
            TypeDefKind::Tuple(it) => it.types.clone(),
            TypeDefKind::Record(it) => it.fields.iter().map(|it| it.ty).collect(),
            _ => return None,
        };
        let offsets = self.sizes.field_offsets(&types);
        offsets
            .into_iter()
            .map(|(offset, ty)| Some((u32::try_from(offset.size_wasm32()).ok()?, *ty)))
            .collect()
    }

    fn payload<'b>(&self, tag: Int, cases: impl IntoIterator<Item = Option<&'b Type>>) -> u32 {
        u32::try_from(self.sizes.payload_offset(tag, cases).size_wasm32()).unwrap_or(u32::MAX)
    }

    fn text(&mut self, at: u32, text: &str) -> Option<()> {
        let place = self.reserve(text.len(), 1)?;
        self.write(place, text.as_bytes());
        self.write(at, &place.to_le_bytes());
        self.write(at + 4, &u32::try_from(text.len()).ok()?.to_le_bytes());
        Some(())
    }

    fn tag(&mut self, at: u32, tag: Int, index: usize) {
        let bytes = u64::try_from(index).unwrap_or_default().to_le_bytes();
        let width = match tag {
            Int::U8 => 1,
            Int::U16 => 2,
            Int::U32 => 4,
            Int::U64 => 8,
        };
        self.write(at, bytes.get(..width).unwrap_or_default());
    }

    /// Room for a value, with its size.
    fn take(&mut self, ty: &Type) -> Option<(u32, usize)> {
        let size = self.sizes.size(ty).size_wasm32();
        let at = self.reserve(size, self.sizes.align(ty).align_wasm32())?;
        Some((at, size))
    }

    fn reserve(&mut self, size: usize, align: usize) -> Option<u32> {
        let begin = ANSWERS_AT as usize;
        let at = (begin + self.bytes.len()).next_multiple_of(align.max(1));
        let end = at.checked_add(size)?.checked_sub(begin)?;
        if end > ANSWER_BYTES_MAX {
            return None;
        }
        self.bytes.resize(end, 0);
        u32::try_from(at).ok()
    }

    fn write(&mut self, at: u32, bytes: &[u8]) {
        let at = at.saturating_sub(ANSWERS_AT) as usize;
        if let Some(place) = self.bytes.get_mut(at..at.saturating_add(bytes.len())) {
            place.copy_from_slice(bytes);
        }
    }

    /// What a type is behind its names; none for a plain one.
    pub(super) fn kind(&self, ty: &Type) -> Option<&'a TypeDefKind> {
        match self.plain(ty) {
            Type::Id(id) => self.resolve.types.get(id).map(|it| &it.kind),
            _ => None,
        }
    }

    fn plain(&self, ty: &Type) -> Type {
        let mut ty = *ty;
        while let Type::Id(id) = ty
            && let Some(TypeDefKind::Type(next)) = self.resolve.types.get(id).map(|it| &it.kind)
        {
            ty = *next;
        }
        ty
    }
}

/// The resource behind the names that other interfaces use it by.
pub(super) fn base(resolve: &Resolve, mut id: TypeId) -> TypeId {
    while let Some(TypeDefKind::Type(Type::Id(next))) = resolve.types.get(id).map(|it| &it.kind) {
        id = *next;
    }
    id
}

fn deeper(depth: usize) -> Option<usize> {
    (depth < ANSWER_DEPTH_MAX).then_some(depth + 1)
}
