//! The document as a page: without scripts, and with nothing from other hosts.

use serde_json::{Map, Value};

/// Writes the page. It is told from the document alone, so the two never differ.
pub(super) fn page(document: &Value) -> String {
    let title = escaped(text(document, "/info/title"));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n\
         <body><main><h1>{title}</h1>\n\
         <p>The same for programs: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>\n\
         <h2>Operations</h2>\n"
    );
    for (path, methods) in members(document.pointer("/paths")) {
        for (method, operation) in members(Some(methods)) {
            add_operation(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2>Schemas</h2>\n");
    for (name, schema) in members(document.pointer("/components/schemas")) {
        let name = escaped(name);
        let schema = escaped(&format!("{schema:#}"));
        html.push_str(&format!(
            "<details id=\"{name}\"><summary>{name}</summary><pre>{schema}</pre></details>\n"
        ));
    }
    html.push_str("</main></body></html>\n");
    html
}

fn add_operation(html: &mut String, path: &str, method: &str, operation: &Value) {
    let token = operation.pointer("/security/1").is_none();
    html.push_str(&format!(
        "<section><h3><code>{} {}</code></h3><p>{}.{}</p>\n",
        method.to_ascii_uppercase(),
        escaped(path),
        escaped(text(operation, "/summary")),
        if token { " Needs a token." } else { "" },
    ));
    let parameters = operation.get("parameters").and_then(Value::as_array);
    if let Some(parameters) = parameters {
        html.push_str("<dl>\n");
        for parameter in parameters {
            let name = escaped(text(parameter, "/name"));
            let told = escaped(text(parameter, "/description"));
            let place = escaped(text(parameter, "/in"));
            html.push_str(&format!("<dt><code>{name}</code> ({place})</dt><dd>{told}</dd>\n"));
        }
        html.push_str("</dl>\n");
    }
    const BODY: &str = "/requestBody/content/application~1json/schema/$ref";
    add_schema(html, "Takes", text(operation, BODY));
    for (status, answer) in members(operation.get("responses")) {
        let answered = text(answer, "/content/application~1json/schema/$ref");
        add_schema(html, &format!("Answers {}", escaped(status)), answered);
    }
    html.push_str("</section>\n");
}

fn add_schema(html: &mut String, what: &str, reference: &str) {
    if let Some((_, name)) = reference.rsplit_once('/') {
        let name = escaped(name);
        html.push_str(&format!("<p>{what} <a href=\"#{name}\">{name}</a></p>\n"));
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
