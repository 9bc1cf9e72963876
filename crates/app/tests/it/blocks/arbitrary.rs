//! Documents of every shape, small ones.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use smartcms_domain::blocks::{
    Alignment, Block, BlockKind, Code, Document, Image, ImageSource, Inline, InlineKind, List,
    ListItem, ListStyle, Mark, PluginBlockName, Table, Tone,
};

/// Text with the signs that Markdown and HTML read as more than text.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b c",
        "ä",
        " ",
        "*",
        "**",
        "_",
        "`",
        "``",
        "[",
        "](",
        ")",
        "<",
        ">",
        "<b>",
        "&amp;",
        "&",
        "#",
        "1.",
        "- ",
        "+",
        "~~",
        "|",
        "\\",
        "!",
        "![",
        "http://x.y",
        "a@b.cd",
        "www.x.y",
        "-->",
        "[^a]",
        "[x] ",
        "\"",
        "=",
        "--",
        ":",
        "\u{a0}",
        "e",
        "$",
        "^",
        "x_y_z",
    ]);
    vec(pieces, 1..5).prop_map(|it| it.concat())
}

/// Text whose spaces HTML keeps.
fn html_text() -> impl Strategy<Value = String> {
    any_text().prop_map(|it| {
        format!("x{}x", it.split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" "))
    })
}

fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        Just(Mark::Bold),
        Just(Mark::Italic),
        Just(Mark::Strike),
        Just(Mark::Code),
        Just(Mark::Underline),
        Just(Mark::Highlight),
        Just(Mark::Superscript),
        Just(Mark::Subscript),
        ("[a-z/#?&=() *_]{0,8}", option::of(any_text())).prop_map(|(href, title)| Mark::Link {
            href: format!("https://example.com/{href}"),
            title
        }),
    ]
}

fn image() -> impl Strategy<Value = Image> {
    let source = prop_oneof![
        "[a-z]{1,5}".prop_map(ImageSource::Asset),
        "[a-z()&_ ]{0,5}".prop_map(|it| ImageSource::Url(format!("/{it}.png"))),
    ];
    (source, any_text(), option::of(any_text())).prop_map(|(source, alt, title)| Image {
        source,
        alt,
        title,
    })
}

fn run(text: BoxedStrategy<String>, len_min: usize) -> impl Strategy<Value = Vec<Inline>> {
    let kind = prop_oneof![
        8 => text.prop_map(InlineKind::Text),
        1 => Just(InlineKind::Break),
        1 => image().prop_map(InlineKind::Image),
    ];
    let inline = (kind, vec(mark(), 0..3)).prop_map(|(kind, marks)| Inline { kind, marks });
    vec(inline, len_min..4)
}

fn leaf(text: BoxedStrategy<String>, len_min: usize) -> BoxedStrategy<BlockKind> {
    let cells = table(text.clone());
    let content = || run(text.clone(), len_min);
    prop_oneof![
        4 => content().prop_map(BlockKind::Paragraph),
        2 => (1..=6_u8, content()).prop_map(|(level, content)| BlockKind::Heading { level, content }),
        1 => (option::of("[a-z+]{1,6}"), "[a-z`~ \n<&]{0,12}").prop_map(|(language, text)| {
            BlockKind::Code(Code { language, info: None, text })
        }),
        1 => Just(BlockKind::Divider),
        1 => (image(), content()).prop_map(|(image, caption)| BlockKind::Image { image, caption }),
        1 => cells,
        1 => "[a-z]{1,5}".prop_map(|it| BlockKind::Embed { url: format!("https://{it}.example/?a=1&b=2") }),
    ]
    .boxed()
}

fn table(text: BoxedStrategy<String>) -> impl Strategy<Value = BlockKind> {
    let alignment = prop::sample::select(vec![
        Alignment::Default,
        Alignment::Left,
        Alignment::Center,
        Alignment::Right,
    ]);
    (1..4_usize).prop_flat_map(move |columns| {
        let row = || vec(run(text.clone(), 0), columns);
        (vec(alignment.clone(), columns), row(), vec(row(), 0..3)).prop_map(
            |(alignments, header, rows)| BlockKind::Table(Table { alignments, header, rows }),
        )
    })
}

fn nested(leaf: BoxedStrategy<BlockKind>) -> BoxedStrategy<BlockKind> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        let blocks = vec(inner.prop_map(Block::new), 1..3);
        let item = (option::of(any::<bool>()), blocks.clone())
            .prop_map(|(checked, blocks)| ListItem { checked, blocks });
        let style = prop_oneof![
            Just(ListStyle::Bulleted),
            (0..12_u32).prop_map(|start| ListStyle::Numbered { start }),
        ];
        prop_oneof![
            (style, any::<bool>(), vec(item, 1..3))
                .prop_map(|(style, tight, items)| BlockKind::List(List { style, tight, items })),
            blocks.clone().prop_map(BlockKind::Quote),
            (prop::sample::select(Tone::ALL.to_vec()), option::of("[a-z]{1,5}"), blocks)
                .prop_map(|(tone, title, blocks)| BlockKind::Callout { tone, title, blocks }),
        ]
    })
    .boxed()
}

/// Every kind of block, those of plugins, raw and unknown ones included.
pub(super) fn document() -> impl Strategy<Value = Document> {
    let rare = prop_oneof![
        any_text().prop_map(|text| BlockKind::Plugin {
            name: PluginBlockName::parse("forms/contact").unwrap(),
            data: json!({ "title": text, "steps": [1, null, { "a--b": "-->" }] }),
        }),
        any_text().prop_map(|text| match json!({ "type": "poll", "question": text }) {
            serde_json::Value::Object(map) => BlockKind::Unknown(map),
            _ => BlockKind::Divider,
        }),
        any_text().prop_map(|text| BlockKind::Html(format!("<div>{text}</div>"))),
    ];
    let kind = prop_oneof![6 => nested(leaf(any_text().boxed(), 0)), 1 => rare];
    vec(kind.prop_map(Block::new), 0..5).prop_map(Document::new)
}

/// Only what HTML says too: no empty pieces, no space that browsers collapse.
pub(super) fn html_document() -> impl Strategy<Value = Document> {
    vec(nested(leaf(html_text().boxed(), 1)).prop_map(Block::new), 0..4).prop_map(Document::new)
}
