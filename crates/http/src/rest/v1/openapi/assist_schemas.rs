//! Writing help, as JSON Schema.

use serde_json::Value;
use smartcms_app::App;
use smartcms_app::ask::QUESTION_CHARS_MAX;
use smartcms_app::assist::{INSTRUCTION_CHARS_MAX, Length, Task, Tone};

use super::schemas::{Named, id, maybe, reference, text, time, whole};
use crate::json::json;

/// The schemas.
pub(super) fn of_assist(app: &App) -> Vec<Named> {
    let tasks: Vec<&str> = Task::ALL.iter().map(|it| it.name()).collect();
    let help =
        json!({ "task": { "enum": tasks }, "model": text(), "prompt": text(), "person": text() });
    vec![
        ("assist.ask", ask(app)),
        ("assist.suggestion", suggestion(&tasks)),
        ("assist.help", whole(help, &["task", "model", "prompt", "person"])),
        ("assist.status", status(&tasks)),
        ("assist.budget", budget()),
        ("ask.question", question(app)),
        ("ask.answer", answer()),
    ]
}

fn ask(app: &App) -> Value {
    let tones = Tone::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]);
    let lengths = Length::ALL.iter().map(|it| json!(it.name())).chain([Value::Null]);
    let locales = app.site.locales.iter().map(|it| json!(it.as_str())).chain([Value::Null]);
    whole(
        json!({ "collection": maybe("string"), "entry": maybe("string"), "field": maybe("string"),
            "text": maybe("string"), "asset": maybe("string"),
            "instruction": { "type": ["string", "null"], "maxLength": INSTRUCTION_CHARS_MAX },
            "tone": { "enum": tones.collect::<Vec<_>>() },
            "length": { "enum": lengths.collect::<Vec<_>>() },
            "locale": { "enum": locales.collect::<Vec<_>>() } }),
        &[],
    )
}

fn question(app: &App) -> Value {
    let locales = app.site.locales.iter().map(|it| json!(it.as_str())).chain([Value::Null]);
    whole(
        json!({ "question": { "type": "string", "maxLength": QUESTION_CHARS_MAX },
            "locale": { "enum": locales.collect::<Vec<_>>() } }),
        &["question"],
    )
}

fn answer() -> Value {
    let source = json!({ "id": id(), "collection": text(), "title": text(), "url": text() });
    let source = whole(source, &["id", "collection", "title", "url"]);
    whole(
        json!({ "answer": maybe("string"), "model": maybe("string"),
            "sources": { "type": "array", "items": source } }),
        &["answer", "sources", "model"],
    )
}

fn suggestion(tasks: &[&str]) -> Value {
    let term = json!({ "id": id(), "slug": text(), "title": text() });
    let tokens =
        json!({ "read": number(), "written": number(), "estimated": { "type": "boolean" } });
    whole(
        json!({ "id": id(), "task": { "enum": tasks }, "text": text(), "model": text(),
            "reason": text(), "tokens": whole(tokens, &["read", "written", "estimated"]),
            "terms": { "type": "array", "items": whole(term, &["id", "slug", "title"]) },
            "proposals": { "type": "array", "items": text() }, "expires_at": time() }),
        &["id", "task", "text", "model", "reason", "tokens", "expires_at"],
    )
}

fn status(tasks: &[&str]) -> Value {
    let names = || json!({ "type": "array", "items": text() });
    let task = json!({ "task": { "enum": tasks }, "available": { "type": "boolean" },
        "detail": maybe("string"), "hint": maybe("string") });
    let budgets = json!({ "person": reference("assist.budget"), "site": reference("assist.budget"),
        "renewed_at": time() });
    let budgets = whole(budgets, &["person", "site", "renewed_at"]);
    let models = whole(json!({ "text": names(), "images": names() }), &["text", "images"]);
    let task = whole(task, &["task", "available", "detail", "hint"]);
    whole(
        json!({ "allowed": { "type": "boolean" }, "detail": maybe("string"),
            "hint": maybe("string"), "models": models,
            "tasks": { "type": "array", "items": task },
            "budget": { "anyOf": [budgets, { "type": "null" }] } }),
        &["allowed", "detail", "hint", "models", "tasks", "budget"],
    )
}

fn budget() -> Value {
    let budget = json!({ "limit": number(), "used": number(), "left": number() });
    whole(budget, &["limit", "used", "left"])
}

fn number() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
