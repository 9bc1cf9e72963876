//! What a drawing may consist of: everything that draws, nothing that runs or reaches out.

/// Elements that draw, and those that hold them. Without scripts, foreign objects, links, animations (they can change
/// addresses after the fact), and everything with a prefix.
pub(super) const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// Attributes that say how something is drawn. `style` and whatever can hold `url(…)` are looked into.
pub(super) const ATTRIBUTES: &[&str] = &[
    "alignment-baseline",
    "amplitude",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "azimuth",
    "baseFrequency",
    "baseline-shift",
    "bias",
    "class",
    "clip",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "cx",
    "cy",
    "d",
    "diffuseConstant",
    "direction",
    "display",
    "divisor",
    "dominant-baseline",
    "dx",
    "dy",
    "edgeMode",
    "elevation",
    "enable-background",
    "exponent",
    "fill",
    "fill-opacity",
    "fill-rule",
    "filter",
    "filterUnits",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-size-adjust",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "fr",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "id",
    "image-rendering",
    "in",
    "in2",
    "intercept",
    "k1",
    "k2",
    "k3",
    "k4",
    "kernelMatrix",
    "kernelUnitLength",
    "lang",
    "lengthAdjust",
    "letter-spacing",
    "lighting-color",
    "limitingConeAngle",
    "marker-end",
    "marker-mid",
    "marker-start",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "mask",
    "mask-type",
    "maskContentUnits",
    "maskUnits",
    "mix-blend-mode",
    "mode",
    "numOctaves",
    "offset",
    "opacity",
    "operator",
    "order",
    "orient",
    "overflow",
    "paint-order",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "pointer-events",
    "points",
    "pointsAtX",
    "pointsAtY",
    "pointsAtZ",
    "preserveAlpha",
    "preserveAspectRatio",
    "primitiveUnits",
    "r",
    "radius",
    "refX",
    "refY",
    "result",
    "role",
    "rotate",
    "rx",
    "ry",
    "scale",
    "seed",
    "shape-rendering",
    "side",
    "slope",
    "spacing",
    "specularConstant",
    "specularExponent",
    "spreadMethod",
    "startOffset",
    "stdDeviation",
    "stitchTiles",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "style",
    "surfaceScale",
    "tableValues",
    "targetX",
    "targetY",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "textLength",
    "transform",
    "transform-origin",
    "type",
    "unicode-bidi",
    "values",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "width",
    "word-spacing",
    "writing-mode",
    "x",
    "x1",
    "x2",
    "xChannelSelector",
    "xml:space",
    "y",
    "y1",
    "y2",
    "yChannelSelector",
    "z",
];

/// The largest picture inside a drawing, as it is written there.
const EMBEDDED_BYTES_MAX: usize = 512 * 1024;
/// Pictures that may be inside a drawing: only pixels, never another drawing.
const EMBEDDED: [&str; 4] = [
    "data:image/png;base64,",
    "data:image/jpeg;base64,",
    "data:image/webp;base64,",
    "data:image/gif;base64,",
];
/// What a style sheet of a drawing has no use for.
const NOT_IN_STYLES: [&str; 8] = [
    "@import",
    "@font-face",
    "@charset",
    "expression(",
    "javascript:",
    "-moz-binding",
    "behavior:",
    "image-set(",
];

/// Whether an address leads nowhere but into the drawing itself.
pub(super) fn is_inner_address(element: &str, address: &str) -> bool {
    let address = address.trim();
    if address.starts_with('#') {
        return true;
    }
    element == "image"
        && address.len() <= EMBEDDED_BYTES_MAX
        && EMBEDDED.iter().any(|start| {
            address.strip_prefix(start).is_some_and(|data| {
                let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"+/=\n\r \t".contains(&it);
                data.bytes().all(is_plain)
            })
        })
}

/// Whether a value or a style sheet reaches for nothing outside the drawing.
pub(super) fn is_harmless(value: &str) -> bool {
    // An escape or a comment can hide any of the words that are looked for.
    if value.contains('\\') || value.contains("/*") || value.contains('<') {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    if NOT_IN_STYLES.iter().any(|it| lower.contains(it)) {
        return false;
    }
    lower.split("url").skip(1).all(|rest| match rest.trim_start().strip_prefix('(') {
        Some(inner) => inner.trim_start().trim_start_matches(['"', '\'']).starts_with('#'),
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, ELEMENTS, is_harmless, is_inner_address};

    #[test]
    fn nothing_on_the_lists_runs_or_reaches_out() {
        for name in ["script", "foreignObject", "a", "animate", "set", "iframe", "handler"] {
            assert!(!ELEMENTS.contains(&name), "{name}");
        }
        assert!(ATTRIBUTES.iter().all(|it| !it.starts_with("on") && !it.contains("href")));
    }

    #[test]
    fn styles_may_only_point_into_the_drawing() {
        for value in
            ["fill: url(#a)", "url( '#a' )", "fill:red;stroke:#fff", "curl", ".a{fill:red}"]
        {
            assert!(is_harmless(value), "{value}");
        }
        for value in [
            "url(http://x)",
            "URL( \"//x\")",
            "url(data:image/png;base64,)",
            "@import 'x'",
            "u\\72l(http://x)",
            "url/**/(http://x)",
            "x: expression(1)",
            "url (http://x)",
            "</style><script>",
            "fill:url(#a);stroke:url(x)",
        ] {
            assert!(!is_harmless(value), "{value}");
        }
    }

    #[test]
    fn addresses_stay_inside() {
        assert!(is_inner_address("use", "#a"));
        assert!(is_inner_address("image", "data:image/png;base64,iVBO\nRw0="));
        for (element, address) in [
            ("use", "data:image/png;base64,iVBORw0="),
            ("image", "data:image/svg+xml;base64,PHN2Zz4="),
            ("image", "data:image/png;base64,<svg"),
            ("image", "https://example.com/a.png"),
            ("use", "other.svg#a"),
            ("use", "javascript:alert(1)"),
            ("use", ""),
        ] {
            assert!(!is_inner_address(element, address), "{element} {address}");
        }
    }
}
