//! HTML as a tree. Its depth is the author's choice: nothing here or around it may recurse without a limit.

use html5ever::interface::QuirksMode;
use html5ever::tendril::TendrilSink as _;
use html5ever::{LocalName, ParseOpts, QualName, local_name, ns, parse_fragment, serialize};

// Where the sanitiser shows its own tree, the parser is there once for both: that is a tenth of a megabyte.
#[cfg(ammonia_unstable)]
pub(super) use ammonia::rcdom::{Handle, NodeData, RcDom, SerializableHandle};
#[cfg(not(ammonia_unstable))]
pub(super) use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};

/// The element around the children of a fragment.
pub(super) fn fragment(html: &str) -> Option<(RcDom, Handle)> {
    let mut options = ParseOpts::default();
    options.tree_builder.quirks_mode = QuirksMode::NoQuirks;
    let name = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), options, name, Vec::new(), false).one(html);
    let root = dom.document.children.borrow().first().cloned()?;
    Some((dom, root))
}

/// One element's name and attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn only_has(&self, names: &[&str]) -> bool {
        self.attributes.iter().all(|(name, _)| names.contains(&name.as_str()))
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|it| it.split_whitespace().any(|it| it == class))
    }
}

/// The name and attributes of an element; `None` for text, comments and the like.
pub(super) fn tag(node: &Handle) -> Option<Tag> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return None };
    let attributes = attrs.borrow();
    let attributes =
        attributes.iter().map(|it| (local(&it.name.local), it.value.to_string())).collect();
    Some(Tag { name: local(&name.local), attributes })
}

fn local(name: &LocalName) -> String {
    name.to_string()
}

/// The one tag that a text is, such as `<a href="/x">`.
pub(super) fn single_tag(html: &str) -> Option<Tag> {
    let (_dom, root) = fragment(html)?;
    let children = root.children.borrow();
    let [only] = children.as_slice() else { return None };
    tag(only)
}

/// All text below a node.
pub(super) fn text(node: &Handle) -> String {
    let mut text = String::new();
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { .. } => {
                let name = tag(&node).map(|it| it.name).unwrap_or_default();
                if matches!(name.as_str(), "script" | "style" | "template" | "noscript") {
                    continue;
                }
                if name == "br" {
                    text.push('\n');
                }
                open.extend(node.children.borrow().iter().rev().cloned());
            }
            _ => open.extend(node.children.borrow().iter().rev().cloned()),
        }
    }
    text
}

/// A node and what is below it, as HTML.
pub(super) fn html(node: &Handle) -> String {
    let mut bytes = Vec::new();
    let options = html5ever::serialize::SerializeOpts {
        traversal_scope: html5ever::serialize::TraversalScope::IncludeNode,
        ..Default::default()
    };
    // Writing into memory cannot fail.
    let _ = serialize(&mut bytes, &SerializableHandle::from(node.clone()), options);
    String::from_utf8_lossy(&bytes).into_owned()
}
