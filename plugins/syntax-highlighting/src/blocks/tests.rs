use smartcms_plugin::html::{Tags, escape, unescape};

use super::{CODE_BYTES_MAX, marked, with_markup};

#[track_caller]
fn check(language: &str, code: &str, expected: &str) {
    assert_eq!(marked(language, code).as_deref(), Some(expected), "{language}");
}

#[test]
fn only_code_of_a_known_language_is_touched() {
    let html = "<p>a <code>let</code></p><pre><code class=\"language-rust\">let a = &amp;b;\n</code></pre><pre><code>let</code></pre>";
    let out = with_markup(html).unwrap();
    assert!(out.contains("<code class=\"language-rust\"><b>let</b> a = &amp;b;\n</code>"), "{out}");
    assert!(out.starts_with("<p>a <code>let</code></p>"), "{out}");
    assert!(out.ends_with("<code>let</code></pre>"), "{out}");
    assert_eq!(with_markup("<p>a</p>"), None);
    assert_eq!(with_markup("<code class=\"language-rust\">let"), None);
    assert_eq!((marked("klingon", "a"), marked("text", "a")), (None, None));
}

#[test]
fn what_is_marked_up_stays() {
    assert_eq!(with_markup("<pre><code class=\"language-rust\">let <b>a</b></code></pre>"), None);
}

#[test]
fn rust_is_marked_up() {
    check(
        "rust",
        "// Adds.\npub fn add<'a>(a: u8) -> Option<&'a str> { if a == b'x' { Some(r#\"a\"b\"#) } else { None } }",
        "<i>// Adds.</i>\n<b>pub</b> <b>fn</b> <dfn>add</dfn>&lt;&#39;a&gt;(a: <b>u8</b>) -&gt; Option&lt;&amp;&#39;a <b>str</b>&gt; { <b>if</b> a == b<bdi>&#39;x&#39;</bdi> { <data>Some</data>(<bdi>r#&quot;a&quot;b&quot;#</bdi>) } <b>else</b> { <data>None</data> } }",
    );
    check(
        "rs",
        "0..10 1.5e-3 0xff_u8 x.0",
        "<data>0</data>..<data>10</data> <data>1.5e-3</data> <data>0xff_u8</data> x.<data>0</data>",
    );
}

#[test]
fn other_languages_of_words_are_marked_up() {
    check(
        "js",
        "const a = `x ${b}`; // é",
        "<b>const</b> <dfn>a</dfn> = <bdi>`x ${b}`</bdi>; <i>// é</i>",
    );
    check("TS", "export class A {}", "<b>export</b> <b>class</b> <dfn>A</dfn> {}");
    check(
        "python",
        "@a\ndef f():\n    \"\"\"x\n'y'\"\"\"",
        "<b>@a</b>\n<b>def</b> <dfn>f</dfn>():\n    <bdi>&quot;&quot;&quot;x\n&#39;y&#39;&quot;&quot;&quot;</bdi>",
    );
    check(
        "c",
        "#include <a.h>\nstruct b { int c; };",
        "<b>#include</b> &lt;a.h&gt;\n<b>struct</b> <dfn>b</dfn> { <b>int</b> c; };",
    );
    check(
        "sql",
        "SELECT 'it''s' FROM a -- x",
        "<b>SELECT</b> <bdi>&#39;it&#39;</bdi><bdi>&#39;s&#39;</bdi> <b>FROM</b> a <i>-- x</i>",
    );
    check("bash", "echo \"a#b\" c#d # e", "<b>echo</b> <bdi>&quot;a#b&quot;</bdi> c#d <i># e</i>");
}

#[test]
fn names_of_values_are_marked_up() {
    check(
        "json",
        "{\"a\": [1, \"b\", true]}",
        "{<dfn>&quot;a&quot;</dfn>: [<data>1</data>, <bdi>&quot;b&quot;</bdi>, <data>true</data>]}",
    );
    check("yaml", "url: http://a # b", "<dfn>url</dfn>: http://a <i># b</i>");
    check(
        "toml",
        "[a]\nb-c = 'd' # e",
        "<b>[a]</b>\n<dfn>b-c</dfn> = <bdi>&#39;d&#39;</bdi> <i># e</i>",
    );
    check(
        "css",
        "@media x { a:hover { color: #fff; inset: 1px } }",
        "<b>@media</b> x { a:hover { <dfn>color</dfn>: #fff; <dfn>inset</dfn>: <data>1px</data> } }",
    );
}

#[test]
fn tags_changes_and_terminals_are_marked_up() {
    check(
        "html",
        "<!-- a --><p class=\"b>c\">&amp; d & e</p>",
        "<i>&lt;!-- a --&gt;</i>&lt;<b>p</b> class=<bdi>&quot;b&gt;c&quot;</bdi>&gt;<data>&amp;amp;</data> d &amp; e&lt;/<b>p</b>&gt;",
    );
    check(
        "diff",
        "--- a\n+++ b\n@@ 1 @@\n-c\n+d\n e",
        "<b>--- a</b>\n<b>+++ b</b>\n<i>@@ 1 @@</i>\n<del>-c</del>\n<ins>+d</ins>\n e",
    );
    check(
        "console",
        "$ echo 'a' \\\n  if\nif a",
        "$ <b>echo</b> <bdi>&#39;a&#39;</bdi> \\\n  <b>if</b>\nif a",
    );
}

#[test]
fn the_code_itself_is_never_changed() {
    let samples = [
        include_str!("tests.rs"),
        include_str!("../languages.rs"),
        "\"never closed\n'nor this",
        "/* nor this",
        "r###\"nor this\"##",
        "'\\",
        "`\\",
        "<a href=\"x",
        "<!-- <",
        "& && &; &#",
        "é'ß\"漢\\",
        "\r\n\t\u{a0}\u{2028}",
        "@",
        "#",
        "0x 1e+ 1..2 1.",
        "$ \\",
        "",
    ];
    let languages = [
        "rust", "js", "ts", "python", "go", "c", "cs", "java", "kotlin", "swift", "php", "ruby",
        "perl", "elixir", "r", "julia", "ps1", "lua", "haskell", "clojure", "sql", "css", "json",
        "yaml", "toml", "docker", "make", "nginx", "nix", "graphql", "proto", "wit", "wat", "bash",
        "html", "diff", "console", "scala", "dart", "zig",
    ];
    for language in languages {
        for code in samples {
            let html = marked(language, code).unwrap();
            assert_eq!(text_of(&html), code, "{language}");
        }
    }
}

fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut from = 0;
    for tag in Tags::of(html) {
        text.push_str(&html[from..tag.start]);
        from = tag.end;
    }
    text.push_str(&html[from..]);
    unescape(&text)
}

#[test]
fn past_the_limit_code_is_shown_plain() {
    let long = "let a;\n".repeat(CODE_BYTES_MAX / 7 + 1);
    let html = format!(
        "<code class=\"language-rust\">{long}</code><code class=\"language-rust\">let b;</code>"
    );
    let out = with_markup(&html).unwrap();
    assert!(out.contains(&long) && out.contains("<b>let</b> b;"));
}

#[test]
fn hostile_code_takes_time_in_proportion() {
    for piece in
        ["'", "\"", "/*", "r#\"", "`", "<", "&", "<a ", "#", "\\", "'''", "(;", "r########"]
    {
        let code = escape(&piece.repeat(CODE_BYTES_MAX / piece.len()));
        for language in ["rust", "js", "python", "html", "wat", "toml"] {
            let html = format!("<code class=\"language-{language}\">{code}</code>");
            assert!(with_markup(&html).is_some(), "{language} {piece}");
        }
    }
}
