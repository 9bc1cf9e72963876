//! Addresses inside HTML that is read away from the site.

/// Attributes that hold one address.
const SINGLE: [&str; 2] = ["href=\"", "src=\""];
/// The attribute that holds several.
const SEVERAL: &str = "srcset=\"";

/// Sanitised HTML in which every address that began at the root of the site has its scheme and host.
pub(super) fn whole_addresses(html: &str, base_url: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        out.push_str(text);
        out.push('<');
        write_tag(&mut out, tag, base_url);
        if tag.len() < after.len() {
            out.push('>');
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The values of attributes stand in quotes, and hold neither `"` nor `<` nor `>` as they are.
fn write_tag(out: &mut String, tag: &str, base_url: &str) {
    for (number, part) in tag.split_inclusive('"').enumerate() {
        // Names and values take turns.
        let name = out.rsplit(' ').next().filter(|_| number % 2 == 1).unwrap_or_default();
        let (is_one, are_several) = (SINGLE.contains(&name), name == SEVERAL);
        if is_one {
            write_address(out, part, base_url);
        } else if are_several {
            for (at, one) in part.split(", ").enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_address(out, one, base_url);
            }
        } else {
            out.push_str(part);
        }
    }
}

fn write_address(out: &mut String, address: &str, base_url: &str) {
    if address.starts_with('/') && !address.starts_with("//") {
        out.push_str(base_url);
    }
    out.push_str(address);
}
