//! The smallest host: it passes a text to a core module through linear memory, and takes one back.

use anyhow::{Context as _, Result, bail};
use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

const GUEST: &str = include_str!("../guest.wat");

#[expect(clippy::print_stdout, reason = "this is where the program speaks")]
fn main() -> Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "world".to_owned());
    let mut guest = Guest::load(GUEST)?;
    println!("{}", guest.greet(&name)?);
    Ok(())
}

/// An instance of the module, and what this host uses of it.
struct Guest {
    store: Store<()>,
    memory: Memory,
    allocate: TypedFunc<u32, u32>,
    greet: TypedFunc<(u32, u32), u64>,
}

impl Guest {
    /// Compiles a module and starts it. It is handed no imports, so it can reach nothing of this machine.
    fn load(source: &str) -> Result<Self> {
        let engine = Engine::default();
        let module = Module::new(&engine, wat::parse_str(source)?)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let memory =
            instance.get_memory(&mut store, "memory").context("the module exports no memory")?;
        let allocate = instance.get_typed_func(&mut store, "allocate")?;
        let greet = instance.get_typed_func(&mut store, "greet")?;
        Ok(Self { store, memory, allocate, greet })
    }

    fn greet(&mut self, name: &str) -> Result<String> {
        // The host writes into memory that the guest set aside: only the guest knows what is free.
        let length =
            u32::try_from(name.len()).context("the name is longer than a module's memory")?;
        let start = self.allocate.call(&mut self.store, length)?;
        self.memory.write(&mut self.store, usize::try_from(start)?, name.as_bytes())?;

        let answer = self.greet.call(&mut self.store, (start, length))?;
        self.read(answer)
    }

    /// Reads the text at `(start << 32) | length`.
    ///
    /// Both numbers come from the guest and are worth nothing until they are checked: the bytes have to lie
    /// in its memory, and have to be UTF-8.
    fn read(&self, text: u64) -> Result<String> {
        let (start, length) = (usize::try_from(text >> 32)?, usize::try_from(text & 0xffff_ffff)?);
        let memory = self.memory.data(&self.store);
        let Some(bytes) = start.checked_add(length).and_then(|end| memory.get(start..end)) else {
            bail!(
                "the guest answered {length} bytes at {start}, outside its {} bytes",
                memory.len()
            );
        };
        Ok(str::from_utf8(bytes).context("the guest answered text that is not UTF-8")?.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_in_and_another_comes_out() {
        let mut guest = Guest::load(GUEST).unwrap();
        assert_eq!(guest.greet("Ada").unwrap(), "Hello, Ada!");
        assert_eq!(guest.greet("").unwrap(), "Hello, !");
        assert_eq!(guest.greet("Zoë").unwrap(), "Hello, Zoë!");
    }

    #[test]
    fn a_name_too_long_for_the_page_ends_the_call() {
        let mut guest = Guest::load(GUEST).unwrap();
        assert!(guest.greet(&"x".repeat(70_000)).is_err());
    }

    #[test]
    fn an_answer_outside_the_memory_is_refused() {
        let guest = Guest::load(GUEST).unwrap();
        for answer in [u64::MAX, (65_536 << 32) | 1, 65_537] {
            let error = guest.read(answer).unwrap_err().to_string();
            assert!(error.contains("outside its 65536 bytes"), "{error}");
        }
        assert_eq!(guest.read(65_536 << 32).unwrap(), "");
    }

    #[test]
    fn an_answer_that_is_no_text_is_refused() {
        let mut guest = Guest::load(GUEST).unwrap();
        guest.memory.write(&mut guest.store, 100, &[0xff, 0xfe]).unwrap();
        assert!(guest.read((100 << 32) | 2).is_err());
    }
}
