//! `smartcms:plugin/functions` 0.1.0 in the core module of a component: what `call` takes and gives as it lies in memory.

use std::sync::Arc;

use smartcms_app::ports::Scalar;
use wasmtime::{Memory, Store, TypedFunc};

use crate::contract::{LibraryAtOnce, LibraryModule};
use crate::lowered::{Given, ModulePre, pair, sole_module};
use crate::state::GuestState;

/// The function `call` by its name in a module.
const CALL: &str = "smartcms:plugin/functions@0.1.0#call";
/// What stands beside the module.
const BESIDE: &str = include_str!("call.wat");

const PAGE_BYTES: usize = 64 * 1024;

/// A `scalar` begins with its case; eight bytes further is its value.
const SCALAR_BYTES: usize = 16;
const SCALAR_ALIGN: u32 = 8;
const NULL: u8 = 0;
const BOOLEAN: u8 = 1;
const INTEGER: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const BYTES: u8 = 5;

/// A `result` begins with its case; eight bytes further is a `scalar`, or a text.
const ANSWER_BYTES: usize = 24;
const OK: u8 = 0;
const ERR: u8 = 1;

/// The function `call` of one instance.
pub(super) struct InModule {
    /// Takes the place and the length of a name and the number of arguments, gives the address of an answer.
    call: TypedFunc<(u32, u32, u32), u32>,
    /// Where name and arguments are given.
    given: Memory,
    /// Where the answer is.
    memory: Memory,
}

/// Arguments as they are given: their list, and behind it what it leads to.
struct Packet<'a> {
    bytes: &'a mut [u8],
    end: usize,
}

/// The module of a component, where that is all of it that runs.
pub(super) fn module(component: &[u8]) -> Option<LibraryModule<'_>> {
    let sole = sole_module(component, CALL)?;
    Some(LibraryModule { sole, beside: wat::parse_str(BESIDE).ok()? })
}

impl InModule {
    pub(super) fn new(module: &ModulePre, store: &mut Store<GuestState>) -> wasmtime::Result<Self> {
        let bridged = module.instance(store)?;
        let call = bridged.beside.get_typed_func(&mut *store, "call")?;
        let given = bridged.beside.get_memory(store, "given");
        let given = given.ok_or_else(|| wasmtime::format_err!("there is no room for arguments"))?;
        Ok(Self { call, given, memory: bridged.memory })
    }

    /// Where a name and arguments of so many bytes are given.
    fn room<'a>(
        &self,
        store: &'a mut Store<GuestState>,
        length: usize,
    ) -> wasmtime::Result<&'a mut [u8]> {
        let size = self.given.data_size(&mut *store);
        if length > size {
            let pages = (length - size).div_ceil(PAGE_BYTES);
            self.given.grow(&mut *store, u64::try_from(pages)?)?;
        }
        Ok(self.given.data_mut(store))
    }
}

impl LibraryAtOnce for InModule {
    fn call(
        &self,
        store: &mut Store<GuestState>,
        function: Arc<str>,
        arguments: Vec<Scalar>,
    ) -> wasmtime::Result<Result<Scalar, String>> {
        let length = arguments.iter().map(length).fold(function.len(), usize::saturating_add);
        let mut packet = Packet::new(self.room(store, length)?, arguments.len());
        arguments.iter().enumerate().try_for_each(|(at, it)| packet.put_scalar(at, it))?;
        let (name, length) = packet.put(function.as_bytes())?;
        let count = u32::try_from(arguments.len())?;
        let address = self.call.call(&mut *store, (name, length, count))?;
        let bytes_max = store.data().profile().limits.call.output_bytes_max;
        lift(&mut Given::new(self.memory.data(store), bytes_max), address)
    }
}

impl<'a> Packet<'a> {
    fn new(bytes: &'a mut [u8], count: usize) -> Self {
        Self { bytes, end: count.saturating_mul(SCALAR_BYTES) }
    }

    fn put_scalar(&mut self, at: usize, scalar: &Scalar) -> wasmtime::Result<()> {
        let (case, value) = match scalar {
            Scalar::Null => (NULL, 0),
            Scalar::Boolean(it) => (BOOLEAN, u64::from(*it)),
            Scalar::Integer(it) => (INTEGER, it.cast_unsigned()),
            Scalar::Number(it) => (NUMBER, it.to_bits()),
            Scalar::Text(it) => (TEXT, joined(self.put(it.as_bytes())?)),
            Scalar::Bytes(it) => (BYTES, joined(self.put(it)?)),
        };
        let scalar = u128::from(value) << 64 | u128::from(case);
        let places = self.bytes.as_chunks_mut::<SCALAR_BYTES>().0;
        *places.get_mut(at).ok_or_else(full)? = scalar.to_le_bytes();
        Ok(())
    }

    /// Puts bytes behind all others: where they are, and how many.
    fn put(&mut self, bytes: &[u8]) -> wasmtime::Result<(u32, u32)> {
        let (begin, end) = (self.end, self.end.saturating_add(bytes.len()));
        self.bytes.get_mut(begin..end).ok_or_else(full)?.copy_from_slice(bytes);
        self.end = end;
        Ok((u32::try_from(begin)?, u32::try_from(bytes.len())?))
    }
}

/// How many bytes an argument takes.
fn length(argument: &Scalar) -> usize {
    let more = match argument {
        Scalar::Text(it) => it.len(),
        Scalar::Bytes(it) => it.len(),
        _ => 0,
    };
    more.saturating_add(SCALAR_BYTES)
}

fn full() -> wasmtime::Error {
    wasmtime::format_err!("there is no room for the arguments")
}

fn joined((place, length): (u32, u32)) -> u64 {
    u64::from(place) | u64::from(length) << 32
}

/// The answer that lies at an address.
fn lift(given: &mut Given<'_>, address: u32) -> wasmtime::Result<Result<Scalar, String>> {
    let [case, _, _, _, _, _, _, _, rest @ ..] =
        given.record::<ANSWER_BYTES>(address, SCALAR_ALIGN)?;
    match case {
        OK => scalar(given, rest).map(Ok),
        ERR => {
            let [place @ .., _, _, _, _, _, _, _, _] = rest;
            given.text(pair(place)).map(Err)
        }
        other => wasmtime::bail!("it gave the case {other} of a result, which has two"),
    }
}

fn scalar(given: &mut Given<'_>, bytes: [u8; SCALAR_BYTES]) -> wasmtime::Result<Scalar> {
    let [case, _, _, _, _, _, _, _, value @ ..] = bytes;
    Ok(match case {
        NULL => Scalar::Null,
        BOOLEAN => Scalar::Boolean(!value.starts_with(&[0])),
        INTEGER => Scalar::Integer(i64::from_le_bytes(value)),
        NUMBER => Scalar::Number(f64::from_le_bytes(value)),
        TEXT => Scalar::Text(given.text(pair(value))?),
        BYTES => Scalar::Bytes(given.bytes(pair(value))?.to_vec()),
        other => wasmtime::bail!("it gave the case {other} of a scalar, which has six"),
    })
}
