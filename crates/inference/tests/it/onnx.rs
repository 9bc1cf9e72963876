//! A little of what writes ONNX files, which are protocol buffers.

/// The numbers of types in ONNX.
pub(crate) const FLOAT: u8 = 1;
pub(crate) const UINT8: u8 = 2;
pub(crate) const INT64: u8 = 7;

/// A model that gives `x`, two numbers of this type, as `y`.
pub(crate) fn identity(element: u8) -> Vec<u8> {
    let node = [text(1, "x"), text(2, "y"), text(4, "Identity")].concat();
    let graph = [
        bytes(1, &node),
        text(2, "g"),
        bytes(11, &value("x", element)),
        bytes(12, &value("y", element)),
    ];
    let opset = [text(1, ""), number(2, 17)].concat();
    [number(1, 8), bytes(8, &opset), bytes(7, &graph.concat())].concat()
}

fn value(name: &str, element: u8) -> Vec<u8> {
    let shape = bytes(1, &number(1, 2));
    let tensor = [number(1, element), bytes(2, &shape)].concat();
    [text(1, name), bytes(2, &bytes(1, &tensor))].concat()
}

fn text(field: u8, value: &str) -> Vec<u8> {
    bytes(field, value.as_bytes())
}

/// Everything here is shorter than 128 bytes, so that a length is one byte.
fn bytes(field: u8, value: &[u8]) -> Vec<u8> {
    let len = u8::try_from(value.len()).unwrap();
    assert!(len < 128);
    [&[field << 3 | 2, len], value].concat()
}

fn number(field: u8, value: u8) -> Vec<u8> {
    vec![field << 3, value]
}
