//! What an ONNX file says of the numbers of its outputs: the engine computes 64-bit numbers as 32-bit ones, and whoever
//! asked wants what the file promises.
//!
//! The file is a protocol buffer; only the way to the outputs' types is read: `ModelProto.graph` (7), `GraphProto.output`
//! (12), `ValueInfoProto.name` (1) and `.type` (2), `TypeProto.tensor_type` (1), `Tensor.elem_type` (1).

use std::collections::BTreeMap;

/// The number of a type in ONNX.
pub(crate) const INT64: u64 = 7;

/// The types of the outputs, by name, as far as the file says them.
pub(crate) fn outputs(file: &[u8]) -> BTreeMap<String, u64> {
    let graphs = Fields(file).filter_map(|it| it.bytes_of(7));
    let outputs = graphs.flat_map(|graph| Fields(graph).filter_map(|it| it.bytes_of(12)));
    outputs.filter_map(output).collect()
}

fn output(value: &[u8]) -> Option<(String, u64)> {
    let name = Fields(value).find_map(|it| it.bytes_of(1))?;
    let of_type = Fields(value).find_map(|it| it.bytes_of(2))?;
    let tensor = Fields(of_type).find_map(|it| it.bytes_of(1))?;
    let element = Fields(tensor).find_map(|it| it.number_of(1))?;
    Some((String::from_utf8(name.to_vec()).ok()?, element))
}

/// The fields of a message; ends where the bytes make no sense.
struct Fields<'a>(&'a [u8]);

struct Field<'a> {
    number: u64,
    value: Value<'a>,
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

impl<'a> Field<'a> {
    fn bytes_of(&self, number: u64) -> Option<&'a [u8]> {
        match self.value {
            Value::Bytes(bytes) if self.number == number => Some(bytes),
            _ => None,
        }
    }

    fn number_of(&self, number: u64) -> Option<u64> {
        match self.value {
            Value::Number(value) if self.number == number => Some(value),
            _ => None,
        }
    }
}

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for at in 0..10 {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << (7 * at);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let len = usize::try_from(self.number()?).ok()?;
                Value::Bytes(self.take(len)?)
            }
            5 => self.take(4).map(|_| Value::Other)?,
            _ => return None,
        };
        Some(Field { number: key >> 3, value })
    }
}

#[cfg(test)]
mod tests {
    use super::outputs;

    /// `{ graph: { output: { name: "n", type: { tensor_type: { elem_type: 7 } } } } }`
    const FILE: &[u8] = b"\x3a\x0d\x62\x0b\x0a\x01n\x12\x06\x0a\x04\x08\x07\x12\x00";

    #[test]
    fn the_types_of_outputs_are_found() {
        assert_eq!(outputs(FILE).into_iter().collect::<Vec<_>>(), [("n".to_owned(), 7)]);
    }

    #[test]
    fn what_is_no_message_has_no_outputs() {
        for file in [b"".as_slice(), b"\xff\xff\xff", b"\x3a\xff\x01", b"no model at all"] {
            assert!(outputs(file).is_empty());
        }
        for cut in 0..FILE.len() {
            let _ = outputs(&FILE[..cut]);
        }
    }
}
