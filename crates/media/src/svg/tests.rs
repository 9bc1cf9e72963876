use super::sanitise;
use crate::limits::SVG_DEPTH_MAX;

#[track_caller]
fn check(inner: &str, expected: &str) {
    let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
    let drawing = sanitise(&text).unwrap();
    let expected = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{expected}</svg>");
    assert_eq!(drawing.text, expected);
    assert_eq!(sanitise(&drawing.text).unwrap().text, drawing.text, "once more changes nothing");
}

#[track_caller]
fn refuses(text: &str, reason: &str) {
    let error = sanitise(text).err().unwrap().to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn what_draws_stays() {
    check(
        r##"<g id="a" fill="url(#b)"><path d="M0 0L1 1"/></g><use xlink:href="#a"/>"##,
        r##"<g id="a" fill="url(#b)"><path d="M0 0L1 1"/></g><use href="#a"/>"##,
    );
    check("<style><![CDATA[.a{fill:red}]]></style>", "<style>.a{fill:red}</style>");
    check("<text>a &lt; b &amp; &#x63;</text>", "<text>a &lt; b &amp; c</text>");
}

#[test]
fn what_runs_goes_with_all_that_is_in_it() {
    check("<script>alert(1)</script>", "");
    check("<script href='https://x/a.js'/><g/>", "<g/>");
    check(
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body></foreignObject>",
        "",
    );
    check("<g onclick='x()' onload='y()' ONLOAD='z()'/>", "<g/>");
    check("<a href='javascript:alert(1)'><g/></a>", "");
    check("<animate attributeName='href' to='javascript:x'/>", "");
    check("<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>", "");
    check("<g xmlns='http://www.w3.org/1999/xhtml'/>", "<g/>");
    check("<!-- <script>x</script> --><?xml-stylesheet href='x'?>", "");
}

#[test]
fn what_reaches_out_goes() {
    check("<image href='https://x/a.png'/>", "<image/>");
    check("<use href='other.svg#a'/>", "<use/>");
    check("<g fill='url(https://x)' stroke='red'/>", "<g stroke=\"red\"/>");
    check("<g style='background:url(//x)'/>", "<g/>");
    check("<style>@import 'https://x';</style>", "");
    check("<style>a{b:url&#40;https://x)}</style>", "");
    check("<style>.a{}<g/></style>", "<style>.a{}</style>");
}

#[test]
fn entities_are_refused() {
    let bomb =
        r#"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg><text>&b;</text></svg>"#;
    refuses(bomb, "declares entities");
    refuses(
        r#"<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>"#,
        "declares",
    );
    refuses("<svg><text>&secret;</text></svg>", "entity `secret`");
    refuses("<svg id='&secret;'/>", "unknown entity");
    refuses("<svg><text>&nbsp;</text></svg>", "entity `nbsp`");
    let plain = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://x/svg11.dtd\"><svg/>";
    assert_eq!(sanitise(plain).unwrap().text, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
}

#[test]
fn what_is_no_drawing_is_refused() {
    refuses("<html/>", "not `svg`");
    refuses("<svg/><svg/>", "not the only one");
    refuses("<svg xmlns='http://www.w3.org/1999/xhtml'/>", "not of SVG");
    refuses("<svg><g></svg>", "not XML");
    refuses("<svg><g>", "ends before");
    refuses("", "ends before");
    refuses("<svg/>text", "outside");
    refuses("<svg a='1' a='2'/>", "attribute");
    let deep = "<g>".repeat(SVG_DEPTH_MAX);
    refuses(&format!("<svg>{deep}"), "nested deeper");
    let skipped = "<x>".repeat(SVG_DEPTH_MAX);
    refuses(&format!("<svg>{skipped}"), "nested deeper");
}

#[test]
fn a_drawing_says_its_size_or_its_form() {
    let size = |attributes: &str| {
        let drawing = sanitise(&format!("<svg {attributes}/>")).unwrap();
        drawing.dimensions.map(|it| (it.width, it.height))
    };
    assert_eq!(size("width='40' height='30px'"), Some((40, 30)));
    assert_eq!(size("viewBox='0 0 64,32'"), Some((64, 32)));
    assert_eq!(size("width='100%' height='100%' viewBox='0 0 8 9'"), Some((8, 9)));
    assert_eq!(size("width='-1' height='1'"), None);
    assert_eq!(size("width='1e300' height='1'"), None);
    assert_eq!(size(""), None);
}
