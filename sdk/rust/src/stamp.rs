//! Leaves in each plugin's file what it was built with: a host that does not have that version of the contract says
//! so, with both versions, before it runs anything.

/// The SDK, and the version of the contract in `wit/` that it was written for.
#[cfg(any(test, target_arch = "wasm32"))]
const TEXT: &str =
    concat!("sdk=", env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\ncontract=0.1.0\n");

// The linker copies what is in such a section into the file as it is.
#[cfg(target_arch = "wasm32")]
#[used]
#[unsafe(link_section = "smartcms:contract")]
static STAMP: [u8; TEXT.len()] = {
    let mut bytes = [0; TEXT.len()];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = TEXT.as_bytes()[at];
        at += 1;
    }
    bytes
};

#[cfg(test)]
mod tests {
    use super::TEXT;

    #[test]
    fn the_stamp_names_the_contract_that_the_bindings_are_made_from() {
        let contract = TEXT.trim_end().rsplit('=').next().unwrap_or_default();
        let wit = include_str!("../../../wit/plugin/plugin.wit");
        assert!(wit.contains(&format!("package smartcms:plugin@{contract};")), "{TEXT}");
    }
}
