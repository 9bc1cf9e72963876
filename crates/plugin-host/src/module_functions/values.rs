//! Values in the memory of a module: a byte that says the type, then the value.
//!
//! The numbers of the types are SQLite's. A text ends with a zero; a blob has its length before it, four bytes, the most
//! significant first. Every address comes from the module, so none is believed.

use smartcms_app::ports::Scalar;

use crate::error::LimitReached;

const TEXT: u8 = 3;
const BLOB: u8 = 4;
const NULL: u8 = 5;

/// How many bytes an argument takes.
pub(super) fn length(value: &Scalar) -> usize {
    match value {
        Scalar::Text(text) => text.len().saturating_add(2),
        Scalar::Bytes(bytes) => bytes.len().saturating_add(5),
        _ => 1,
    }
}

/// Writes a value to where the module made room for it.
pub(super) fn write(memory: &mut [u8], address: i32, value: &Scalar) -> wasmtime::Result<()> {
    let size = memory.len();
    let begin = usize::try_from(address.cast_unsigned()).ok().filter(|it| *it != 0);
    let range = begin.and_then(|it| Some(it..it.checked_add(length(value))?));
    let place = range
        .and_then(|it| memory.get_mut(it))
        .ok_or_else(|| {
            wasmtime::format_err!(
                "its libsql_malloc gave the address {}, where its memory of {size} bytes has no room for an argument",
                address.cast_unsigned()
            )
        })?;
    let (kind, rest) = place
        .split_first_mut()
        .ok_or_else(|| wasmtime::format_err!("there is no room for an argument"))?;
    match value {
        Scalar::Text(text) => {
            *kind = TEXT;
            let (content, end) = rest.split_at_mut(text.len());
            content.copy_from_slice(text.as_bytes());
            end.fill(0);
        }
        Scalar::Bytes(bytes) => {
            *kind = BLOB;
            let count = u32::try_from(bytes.len())?;
            let (head, content) = rest.split_at_mut(4);
            head.copy_from_slice(&count.to_be_bytes());
            content.copy_from_slice(bytes);
        }
        _ => *kind = NULL,
    }
    Ok(())
}

/// Reads what the module says is its result.
pub(super) fn read(memory: &[u8], address: i32, bytes_max: usize) -> wasmtime::Result<Scalar> {
    let begin = address.cast_unsigned();
    let outside = || {
        let size = memory.len();
        wasmtime::format_err!(
            "its result is at the address {begin}, which does not lie in its memory of {size} bytes to its end"
        )
    };
    let found = usize::try_from(begin).ok().and_then(|it| memory.get(it..)).ok_or_else(outside)?;
    let (kind, rest) = found.split_first().ok_or_else(outside)?;
    match *kind {
        NULL => Ok(Scalar::Null),
        TEXT => {
            let looked_at = rest.get(..=bytes_max).unwrap_or(rest);
            let end = looked_at.iter().position(|it| *it == 0);
            let Some(end) = end else {
                return Err(if looked_at.len() > bytes_max {
                    too_large(bytes_max)
                } else {
                    outside()
                });
            };
            let text = std::str::from_utf8(looked_at.get(..end).unwrap_or_default())?;
            Ok(Scalar::Text(text.to_owned()))
        }
        BLOB => {
            let (head, rest) = rest.split_first_chunk::<4>().ok_or_else(outside)?;
            let length = usize::try_from(u32::from_be_bytes(*head))?;
            if length > bytes_max {
                return Err(too_large(bytes_max));
            }
            Ok(Scalar::Bytes(rest.get(..length).ok_or_else(outside)?.to_vec()))
        }
        other => Err(wasmtime::format_err!(
            "its result begins with {other}, where 3 says text, 4 a blob and 5 NULL"
        )),
    }
}

fn too_large(bytes_max: usize) -> wasmtime::Error {
    LimitReached::Output { limit_bytes: bytes_max as u64 }.into()
}

#[cfg(test)]
mod tests {
    use smartcms_app::ports::Scalar;

    use super::{length, read, write};

    #[test]
    fn what_is_written_is_read() {
        for value in [
            Scalar::Null,
            Scalar::Text(String::new()),
            Scalar::Text("Grüße".to_owned()),
            Scalar::Bytes(vec![]),
            Scalar::Bytes(vec![0, 1, 255]),
        ] {
            let mut memory = vec![7; 4 + length(&value)];
            write(&mut memory, 4, &value).unwrap();
            assert_eq!(read(&memory, 4, 100).unwrap(), value);
            assert!(write(&mut memory, 5, &value).is_err(), "beyond the end");
            assert!(write(&mut memory, 0, &value).is_err(), "where nothing is given");
            assert!(write(&mut memory, -1, &value).is_err());
        }
    }

    #[test]
    fn no_address_and_no_length_is_believed() {
        for (memory, address) in [
            (&[][..], 0),
            (&[5], 1),
            (&[5], -1),
            (&[5], i32::MIN),
            (&[3, b'a'], 0),
            (&[4, 0, 0], 0),
            (&[4, 0, 0, 0, 2, 1], 0),
            (&[9, 0], 0),
            (&[3, 0xff, 0], 0),
        ] {
            assert!(read(memory, address, 100).is_err(), "{memory:?} at {address}");
        }
        let long = |kind: u8| [&[kind, 0xff, 0xff, 0xff, 0xff][..], &[1; 100]].concat();
        for kind in [3, 4] {
            let error = read(&long(kind), 0, 10).unwrap_err().to_string();
            assert!(error.contains("output=10"), "{error}");
        }
    }
}
