//! What an instance gives: places in its memory, read without believing one of them.

use crate::error::LimitReached;

/// The memory of an instance, and how much may still be taken out of it.
pub(crate) struct Given<'a> {
    memory: &'a [u8],
    bytes_left: usize,
}

impl<'a> Given<'a> {
    pub(crate) fn new(memory: &'a [u8], bytes_max: usize) -> Self {
        Self { memory, bytes_left: bytes_max }
    }

    /// So many bytes at an address that `align` must divide.
    pub(crate) fn record<const LENGTH: usize>(
        &self,
        address: u32,
        align: u32,
    ) -> wasmtime::Result<[u8; LENGTH]> {
        if !address.is_multiple_of(align) {
            wasmtime::bail!("it gave the address {address}, which {align} does not divide");
        }
        let begin = usize::try_from(address)?;
        let found = self.memory.get(begin..).and_then(|it| it.first_chunk());
        found.copied().ok_or_else(|| self.outside(address, LENGTH))
    }

    /// A list of bytes.
    pub(crate) fn bytes(&mut self, (address, length): (u32, u32)) -> wasmtime::Result<&'a [u8]> {
        let (begin, length) = (usize::try_from(address)?, usize::try_from(length)?);
        self.bytes_left = self.bytes_left.checked_sub(length).ok_or(LimitReached::Transfer)?;
        let end = begin.checked_add(length);
        let found = end.and_then(|end| self.memory.get(begin..end));
        found.ok_or_else(|| self.outside(address, length))
    }

    /// A text.
    pub(crate) fn text(&mut self, place: (u32, u32)) -> wasmtime::Result<String> {
        let text = std::str::from_utf8(self.bytes(place)?)
            .map_err(|error| wasmtime::format_err!("it gave a text that is none: {error}"))?;
        Ok(text.to_owned())
    }

    fn outside(&self, address: u32, length: usize) -> wasmtime::Error {
        let size = self.memory.len();
        wasmtime::format_err!(
            "it gave {length} bytes at the address {address}, which its memory of {size} bytes does not have"
        )
    }
}

/// The address and the length of a list, as they lie in memory.
pub(crate) fn pair(bytes: [u8; 8]) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = bytes;
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

#[cfg(test)]
mod tests {
    use super::{Given, pair};

    #[test]
    fn what_lies_in_the_memory_is_given() {
        let memory = [0, 0, 0, 0, 0, 0, 0, 0, b'a', b'b', 0xff];
        let mut given = Given::new(&memory, 3);
        assert_eq!(given.record::<3>(8, 8).unwrap(), [b'a', b'b', 0xff]);
        assert_eq!(given.text((8, 2)).unwrap(), "ab");
        assert_eq!(given.bytes((11, 0)).unwrap(), b"");
        assert_eq!(given.bytes((10, 1)).unwrap(), [0xff]);
        assert_eq!(pair([8, 0, 0, 0, 2, 1, 0, 0]), (8, 258));
    }

    #[test]
    fn no_address_no_length_and_no_text_is_believed() {
        let memory = [0, 0, 0, 0, 0, 0, 0, 0, b'a', b'b', 0xff];
        let given = || Given::new(&memory, 100);
        assert!(given().record::<3>(4, 8).is_err(), "not aligned");
        assert!(given().record::<4>(8, 8).is_err(), "beyond the end");
        assert!(given().record::<1>(u32::MAX - 7, 8).is_err());
        for place in [(11, 1), (12, 0), (u32::MAX, 1), (8, 4), (0, u32::MAX), (u32::MAX, u32::MAX)]
        {
            assert!(given().bytes(place).is_err(), "{place:?}");
        }
        assert!(given().text((10, 1)).is_err(), "no UTF-8");
    }

    #[test]
    fn no_more_is_taken_than_the_limit() {
        let memory = [b'a'; 20];
        let mut given = Given::new(&memory, 10);
        given.text((0, 6)).unwrap();
        let error = given.text((0, 5)).unwrap_err();
        assert!(error.to_string().contains("its limit output"), "{error}");
    }
}
