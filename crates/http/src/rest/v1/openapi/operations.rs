//! The table of operations. A test holds that it has every route of the API, and no other.

/// One operation as the reference tells it.
pub(super) struct Operation {
    pub(super) method: &'static str,
    /// With `{collection}` where the operation is there for each collection.
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    /// The parameters after the `?`.
    pub(super) query: &'static [&'static str],
    pub(super) revision: RevisionTag,
    pub(super) body: Body,
    pub(super) status: u16,
    /// The schema of the answer; with `{collection}` in it, one for each.
    pub(super) answer: &'static str,
    /// What a trial answers with 200, by the schema's name; empty where there are no trials.
    pub(super) trial: &'static str,
    /// Whether a token is always needed.
    pub(super) token: bool,
    /// Answers that its form does not tell, beside those that follow from it: see `answers.rs`.
    pub(super) also: &'static [u16],
}

/// What an operation does with `If-Match`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RevisionTag {
    Ignored,
    Optional,
    Required,
}

/// What an operation takes as its body, by the schema's name.
#[derive(Clone, Copy)]
pub(super) enum Body {
    None,
    Optional(&'static str),
    Required(&'static str),
    /// A file of any type, or a form with one.
    File,
}

/// What stands for a page of HTML in the place of a schema.
pub(super) const HTML: &str = "text/html";

const CONTENT: &str = "/api/v1/content/{collection}";
const ENTRY: &str = "/api/v1/content/{collection}/{key}";
const AUTOSAVE: &str = "/api/v1/content/{collection}/{key}/autosave";
const SEARCH: [&str; 7] = ["q", "mode", "collection", "locale", "status", "limit", "cursor"];
const LIST: [&str; 9] =
    ["status", "limit", "cursor", "locale", "fallback", "filter", "sort", "fields", "include"];
const ONE: [&str; 5] = ["status", "locale", "fallback", "fields", "include"];

const MENUS: [&str; 2] = ["locale", "status"];
const PLAN: &str = "collection.plan";
const REDIRECTS: [&str; 4] = ["search", "automatic", "limit", "cursor"];
const AUDIT: [&str; 9] = [
    "actor",
    "operation",
    "target_kind",
    "target_id",
    "outcome",
    "since",
    "until",
    "limit",
    "cursor",
];
const ASSETS: [&str; 4] = ["type", "search", "limit", "cursor"];

/// Every operation of the API.
pub(super) const OPERATIONS: &[Operation] = &[
    read("/api/v1/openapi.json", "This document", &[], "openapi"),
    page("/api/docs", "This document for people"),
    read("/api/v1/search", "Finds entries by their words or their meaning", &SEARCH, "search.page"),
    Operation {
        token: false,
        also: &[404, 502],
        ..post("/api/v1/ask", "Answers a question from what is public, by a model", "ask.question")
            .answers(200, "ask.answer")
    },
    read("/api/v1/collections", "The types of content and their fields", &[], "collections"),
    Operation {
        query: &["dry_run"],
        trial: PLAN,
        ..post("/api/v1/collections", "Makes a collection", "collection.new")
            .answers(201, "collection")
    },
    read("/api/v1/collections/{name}", "One type of content", &[], "collection"),
    Operation {
        revision: RevisionTag::Required,
        query: &["dry_run", "force"],
        body: Body::Required("collection.definition"),
        answer: "collection",
        trial: PLAN,
        ..write(
            "PUT",
            "/api/v1/collections/{name}",
            "Gives it another definition, and takes its entries along",
        )
    },
    Operation {
        revision: RevisionTag::Required,
        query: &["dry_run", "force"],
        trial: PLAN,
        ..write(
            "DELETE",
            "/api/v1/collections/{name}",
            "Takes it away; with its entries by force alone",
        )
        .answers(204, "")
    },
    Operation {
        body: Body::Required("batch"),
        also: &[404, 428, 502, 504],
        ..write("POST", "/api/v1/batch", "Reads and changes of entries, all or none")
            .answers(200, "batch.results")
    },
    read(CONTENT, "One page of entries", &LIST, "{collection}.page"),
    post(CONTENT, "Stores a new draft", "{collection}.new").answers(201, "{collection}.entry"),
    read(ENTRY, "One entry", &ONE, "{collection}.entry"),
    Operation {
        revision: RevisionTag::Required,
        body: Body::Required("{collection}.change"),
        ..write("PATCH", ENTRY, "Saves a new revision")
    },
    Operation { revision: RevisionTag::Required, ..write("DELETE", ENTRY, "Puts it in the trash") },
    step("/api/v1/content/{collection}/{key}/publish", "Makes the newest state public"),
    step("/api/v1/content/{collection}/{key}/unpublish", "Takes it off the site"),
    Operation {
        body: Body::Optional("schedule"),
        ..step("/api/v1/content/{collection}/{key}/schedule", "Sets when it changes by itself")
    },
    step("/api/v1/content/{collection}/{key}/archive", "Puts it in the archive"),
    Operation {
        revision: RevisionTag::Required,
        status: 204,
        answer: "",
        ..step("/api/v1/content/{collection}/{key}/purge", "Deletes it for good, out of the trash")
    },
    Operation {
        body: Body::Optional("restore"),
        ..step("/api/v1/content/{collection}/{key}/restore", "Brings it, or an older state, back")
    },
    read(AUTOSAVE, "What you are writing and have not saved", &[], "working-copy").with_token(),
    Operation {
        body: Body::Required("working-copy.new"),
        ..write("PUT", AUTOSAVE, "Keeps what you are writing").answers(200, "working-copy")
    },
    write("DELETE", AUTOSAVE, "Discards what you have not saved").answers(204, ""),
    read(
        "/api/v1/content/{collection}/{key}/revisions",
        "Its saved states, the newest first",
        &["limit", "cursor"],
        "revisions",
    )
    .with_token(),
    read(
        "/api/v1/content/{collection}/{key}/revisions/{number}",
        "One saved state with its values",
        &[],
        "revision",
    )
    .with_token(),
    read(
        "/api/v1/content/{collection}/{key}/revisions/{number}/diff/{other}",
        "What differs between two saved states",
        &[],
        "diff",
    )
    .with_token(),
    read("/api/v1/assets", "The assets, the newest first", &ASSETS, "assets").with_token(),
    Operation {
        body: Body::File,
        query: &["name", "alt", "title", "caption"],
        also: &[200],
        ..write("POST", "/api/v1/assets", "Stores a file; 200 when it is there already")
            .answers(201, "asset")
    },
    read("/api/v1/assets/{id}", "One asset", &[], "asset"),
    Operation {
        revision: RevisionTag::Required,
        body: Body::Required("asset.change"),
        answer: "asset",
        ..write("PATCH", "/api/v1/assets/{id}", "Changes what is said of a file")
    },
    Operation {
        revision: RevisionTag::Required,
        query: &["force"],
        ..write("DELETE", "/api/v1/assets/{id}", "Deletes a file").answers(204, "")
    },
    read("/api/v1/menus", "The menus by name", &MENUS, "menus"),
    read("/api/v1/menus/{name}", "One menu", &MENUS, "menu"),
    Operation {
        revision: RevisionTag::Optional,
        body: Body::Required("menu.new"),
        also: &[201, 428],
        ..write("PUT", "/api/v1/menus/{name}", "Stores a menu as a whole")
            .answers(200, "menu.written")
    },
    Operation {
        revision: RevisionTag::Required,
        ..write("DELETE", "/api/v1/menus/{name}", "Takes a menu away").answers(204, "")
    },
    read("/api/v1/redirects", "The redirects by their sources", &REDIRECTS, "redirects")
        .with_token(),
    post("/api/v1/redirects", "A new redirect", "redirect.new").answers(201, "redirect"),
    post("/api/v1/redirects/import", "Many redirects, all or none", "redirects.new")
        .answers(200, "redirects.imported"),
    read("/api/v1/redirects/{id}", "One redirect", &[], "redirect").with_token(),
    Operation {
        body: Body::Required("redirect.change"),
        answer: "redirect",
        ..write("PATCH", "/api/v1/redirects/{id}", "Changes a redirect")
    },
    write("DELETE", "/api/v1/redirects/{id}", "Removes a redirect").answers(204, ""),
    read("/api/v1/roles", "The roles: built-in ones, and those of the site", &[], "roles")
        .with_token(),
    read("/api/v1/roles/{name}", "One role", &[], "role").with_token(),
    Operation {
        revision: RevisionTag::Optional,
        body: Body::Required("role.definition"),
        also: &[201, 428],
        ..write("PUT", "/api/v1/roles/{name}", "Stores a role as a whole").answers(200, "role")
    },
    Operation {
        revision: RevisionTag::Required,
        ..write("DELETE", "/api/v1/roles/{name}", "Takes a role away that nobody has")
            .answers(204, "")
    },
    read("/api/v1/tokens", "The tokens that one may see, by name", &[], "tokens").with_token(),
    post("/api/v1/tokens", "A new token; its secret is told once", "token.new")
        .answers(201, "token.made"),
    read("/api/v1/tokens/{name}", "One token", &[], "token").with_token(),
    write("DELETE", "/api/v1/tokens/{name}", "Takes a token away").answers(204, ""),
    read("/api/v1/users", "The people who may sign in, by address", &["limit", "cursor"], "users")
        .with_token(),
    read("/api/v1/users/{id}", "One person", &[], "user").with_token(),
    Operation {
        body: Body::Required("user.change"),
        answer: "user",
        ..write(
            "PATCH",
            "/api/v1/users/{id}",
            "Gives a person another role or name, or disables them",
        )
    },
    read("/api/v1/ai/status", "What writing help you can have", &[], "assist.status").with_token(),
    Operation {
        body: Body::Required("assist.ask"),
        also: &[502],
        ..write("POST", "/api/v1/ai/{task}", "Has a model suggest a text; nothing is saved")
            .answers(200, "assist.suggestion")
    },
    read("/api/v1/audit", "Who did what to what, the newest first", &AUDIT, "audit").with_token(),
    read("/api/v1/webhooks", "The webhooks", &[], "webhooks").with_token(),
    post("/api/v1/webhooks", "A new webhook; its secret is told once", "webhook.new")
        .answers(201, "webhook"),
    read("/api/v1/webhooks/{id}", "One webhook", &[], "webhook").with_token(),
    Operation {
        body: Body::Required("webhook.change"),
        answer: "webhook",
        ..write("PATCH", "/api/v1/webhooks/{id}", "Changes a webhook")
    },
    write("DELETE", "/api/v1/webhooks/{id}", "Removes a webhook").answers(204, ""),
    write("POST", "/api/v1/webhooks/{id}/rotate-secret", "Gives it a new secret")
        .answers(200, "webhook"),
    write("POST", "/api/v1/webhooks/{id}/test", "Sends a test").answers(202, "delivery"),
    read(
        "/api/v1/webhooks/{id}/deliveries",
        "What was sent",
        &["state", "type", "limit", "cursor"],
        "deliveries",
    )
    .with_token(),
    write(
        "POST",
        "/api/v1/webhooks/{id}/deliveries/{delivery}/resend",
        "Sends a delivery once more",
    )
    .answers(202, "delivery"),
];

impl Operation {
    const fn answers(self, status: u16, answer: &'static str) -> Self {
        Self { status, answer, ..self }
    }

    const fn with_token(self) -> Self {
        Self { token: true, ..self }
    }
}

const fn read(
    path: &'static str,
    summary: &'static str,
    query: &'static [&'static str],
    answer: &'static str,
) -> Operation {
    let body = Body::None;
    let revision = RevisionTag::Ignored;
    Operation {
        method: "GET",
        path,
        summary,
        query,
        revision,
        body,
        status: 200,
        answer,
        trial: "",
        token: false,
        also: &[],
    }
}

const fn page(path: &'static str, summary: &'static str) -> Operation {
    read(path, summary, &[], HTML)
}

const fn write(method: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation { method, token: true, ..read(path, summary, &[], "{collection}.entry") }
}

const fn post(path: &'static str, summary: &'static str, body: &'static str) -> Operation {
    Operation { body: Body::Required(body), ..write("POST", path, summary) }
}

const fn step(path: &'static str, summary: &'static str) -> Operation {
    Operation { revision: RevisionTag::Optional, ..write("POST", path, summary) }
}
