//! The export that is called. The shapes that nearly all functions have are called with types that were compared once;
//! others with a list of values, whose types are compared for each call.

use smartcms_app::ports::Scalar;
use wasmtime::{Func, Store, TypedFunc, Val};

use super::check::Shape;
use super::heap::{Heap, Taken};
use crate::limits::StoreLimits;

/// An export by its shape.
pub(super) enum Entry {
    Pointer(TypedFunc<i32, i32>),
    Pointers(TypedFunc<(i32, i32), i32>),
    Integer(TypedFunc<i64, i64>),
    Number(TypedFunc<f64, f64>),
    Any(Func),
}

impl Entry {
    pub(super) fn of(function: Func, store: &Store<StoreLimits>) -> Self {
        if let Ok(typed) = function.typed(store) {
            Self::Pointer(typed)
        } else if let Ok(typed) = function.typed(store) {
            Self::Pointers(typed)
        } else if let Ok(typed) = function.typed(store) {
            Self::Integer(typed)
        } else if let Ok(typed) = function.typed(store) {
            Self::Number(typed)
        } else {
            Self::Any(function)
        }
    }

    /// Calls it with arguments that fit its shape.
    pub(super) fn call(
        &self,
        store: &mut Store<StoreLimits>,
        heap: &Heap,
        shape: &Shape,
        arguments: &[Scalar],
        bytes_max: usize,
    ) -> wasmtime::Result<Scalar> {
        let mut taken = Taken::default();
        let value = match (self, arguments) {
            (Self::Pointer(function), [argument]) => {
                let address = heap.place(store, argument, &mut taken)?;
                let result = function.call(&mut *store, address)?;
                heap.lift(store, result, bytes_max)?
            }
            (Self::Pointers(function), [first, second]) => {
                let first = heap.place(store, first, &mut taken)?;
                let second = heap.place(store, second, &mut taken)?;
                let result = function.call(&mut *store, (first, second))?;
                heap.lift(store, result, bytes_max)?
            }
            (Self::Integer(function), [Scalar::Integer(whole)]) => {
                return function.call(store, *whole).map(Scalar::Integer);
            }
            (Self::Number(function), [Scalar::Number(number)]) => {
                return function.call(store, *number).map(Scalar::Number);
            }
            _ => {
                let function = self.untyped();
                any(&function, store, heap, shape, arguments, bytes_max, &mut taken)?
            }
        };
        heap.give_back(store, &taken)?;
        Ok(value)
    }

    fn untyped(&self) -> Func {
        match self {
            Self::Pointer(typed) => *typed.func(),
            Self::Pointers(typed) => *typed.func(),
            Self::Integer(typed) => *typed.func(),
            Self::Number(typed) => *typed.func(),
            Self::Any(function) => *function,
        }
    }
}

fn any(
    function: &Func,
    store: &mut Store<StoreLimits>,
    heap: &Heap,
    shape: &Shape,
    arguments: &[Scalar],
    bytes_max: usize,
    taken: &mut Taken,
) -> wasmtime::Result<Scalar> {
    let mut values = Vec::with_capacity(arguments.len());
    for (at, argument) in arguments.iter().enumerate() {
        values.push(match shape.plain(argument, at) {
            Some(plain) => plain,
            None => Val::I32(heap.place(store, argument, taken)?),
        });
    }
    let mut results = [Val::I32(0)];
    let results = results.get_mut(..usize::from(shape.result.is_some())).unwrap_or_default();
    function.call(&mut *store, &values, results)?;
    Ok(match results.first() {
        None => Scalar::Null,
        Some(Val::I64(whole)) => Scalar::Integer(*whole),
        Some(Val::F64(bits)) => Scalar::Number(f64::from_bits(*bits)),
        Some(Val::I32(address)) => heap.lift(store, *address, bytes_max)?,
        Some(_) => wasmtime::bail!("it gave a value of another type than it declares"),
    })
}
