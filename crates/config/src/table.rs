//! The table of all settings.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key: `table.name`.
    pub key: &'static str,
    /// Its value when nothing is said.
    pub default: &'static str,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

impl Setting {
    /// The environment variable that sets it.
    pub fn variable(&self) -> String {
        format!("SMARTCMS_{}", self.key.replace('.', "_").to_uppercase())
    }

    /// Whether what it is set to is told to nobody: the last word of its key says so.
    pub fn is_secret(&self) -> bool {
        let last = self.key.rsplit(['.', '_']).next().unwrap_or_default();
        ["password", "secret", "token", "key"].contains(&last)
    }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    // Before all tables, as TOML wants it.
    setting(
        "stories",
        "false",
        "true: /api/create, /api/retrieve and /api/generate keep stories for whoever asks",
    ),
    setting("site.title", "A SmartCMS site", "the name of the site in titles and feeds"),
    setting("site.description", "", "a sentence about the site, for feeds and search engines"),
    setting(
        "site.base_url",
        "",
        "the public address, like https://example.com; empty: http:// and the listen address",
    ),
    setting("site.language", "en", "the language of the content, a BCP 47 tag"),
    setting(
        "site.locales",
        "",
        "other languages of the content, with commas between: de, fr, fr-CA",
    ),
    setting(
        "content.trash_days",
        "30",
        "after how many days the trash is emptied by itself; 0: never",
    ),
    setting(
        "content.revisions_max",
        "1000",
        "the most revisions kept of one entry, 100 or more; the public one stays; 0: all",
    ),
    setting(
        "content.working_copy_days",
        "14",
        "for how many days a working copy is kept that nobody goes on with; 0: for ever",
    ),
    setting(
        "content.event_days",
        "30",
        "for how many days events are kept that plugins and webhooks have heard; 0: for ever",
    ),
    setting("content.audit_days", "730", "for how many days the audit log is kept; 0: for ever"),
    setting("server.listen", "127.0.0.1:8080", "the address and port to listen on"),
    setting("server.connections_max", "4096", "connections that are served at once; others wait"),
    setting(
        "server.header_timeout_ms",
        "10000",
        "how long a client may take to send a request's head, in milliseconds",
    ),
    setting(
        "server.drain_timeout_ms",
        "30000",
        "how long requests may take to finish when the server stops, in milliseconds",
    ),
    setting(
        "server.trusted_proxies",
        "127.0.0.1, ::1",
        "addresses of proxies whose X-Forwarded-For says who really asks",
    ),
    setting(
        "api.cors_origins",
        "",
        "origins whose pages may read answers of the API, like https://example.com; * for every one",
    ),
    setting(
        "api.address_requests_per_minute",
        "600",
        "requests to the API from one address without a token, a minute; 0 for no limit",
    ),
    setting(
        "api.token_requests_per_minute",
        "6000",
        "requests to the API with one token, a minute; 0 for no limit",
    ),
    setting(
        "people.session_idle_hours",
        "72",
        "after how many hours without a request somebody who signed in has to do it again",
    ),
    setting(
        "people.session_days",
        "30",
        "after how many days somebody who signed in has to do it again whatever happens",
    ),
    setting(
        "people.reset_minutes",
        "60",
        "for how many minutes the link of a forgotten password is good",
    ),
    setting("people.invitation_days", "7", "for how many days an invitation is good"),
    setting(
        "people.address_attempts",
        "30",
        "how often signing in may be tried from one address in a row; then once every 4 seconds",
    ),
    setting(
        "people.account_attempts",
        "10",
        "how often signing in to one account may be tried in a row; then once every 30 seconds",
    ),
    setting(
        "people.owner_token",
        "",
        "a token that may do everything, for sites without a command line; better as a variable: smc_ and 32 characters or more",
    ),
    setting(
        "people.hashes_max",
        "2",
        "passwords that are checked at once; each takes 19 MiB and a good part of a core",
    ),
    setting(
        "people.hash_queue_max",
        "32",
        "passwords that wait to be checked; further people are told to come again",
    ),
    setting("mail.transport", "off", "how mail is sent: off, log, file, smtp or http"),
    setting(
        "mail.from",
        "",
        "the address that mail comes from; empty: smartcms@ and the host of site.base_url",
    ),
    setting("mail.folder", "mail", "where mail is written as files, in the data folder"),
    setting("mail.smtp_host", "", "the mail server"),
    setting("mail.smtp_port", "587", "the port of the mail server"),
    setting(
        "mail.smtp_tls",
        "starttls",
        "how the connection to the mail server is protected: starttls, tls, or none",
    ),
    setting("mail.smtp_user", "", "who the site is at the mail server; empty: nobody"),
    setting("mail.smtp_password", "", "the site's password there; better as a variable"),
    setting(
        "mail.http_address",
        "",
        "where each mail is posted as JSON, like https://mail.example.com/emails",
    ),
    setting("mail.http_key", "", "what says there who asks; better as a variable"),
    setting(
        "oidc.issuer",
        "",
        "the address of an identity provider (OpenID Connect) that people sign in by; empty: none",
    ),
    setting("oidc.client_id", "", "who the site is at the identity provider"),
    setting("oidc.client_secret", "", "the site's secret there; better as a variable"),
    setting("oidc.name", "", "what people know the identity provider as; empty: its address"),
    setting(
        "keys.listen",
        "",
        "an address and a port, like 127.0.0.1:8601, where sites elsewhere may keep their keys here; empty: nowhere",
    ),
    setting(
        "keys.token",
        "",
        "the token that opens these keys; better as a variable: smc_ and 32 characters or more",
    ),
    setting("cache.pages_bytes_max", "67108864", "memory for rendered pages, in bytes"),
    setting(
        "outbound.allow",
        "",
        "hosts with their ports, like 127.0.0.1:9000, that webhooks, imports and mail over HTTP may reach though they are not public",
    ),
    setting("media.upload_bytes_max", "209715200", "the largest file that is taken, in bytes"),
    setting("media.image_bytes_max", "52428800", "the largest image that is taken, in bytes"),
    setting("media.pixels_max", "50000000", "the most pixels of an image: width × height"),
    setting(
        "media.decoders_max",
        "2",
        "images that are decoded at once; each may take eight bytes of memory for each pixel",
    ),
    setting(
        "models.text",
        "",
        "the model that writes text: a plugin and its model, like local/tiny",
    ),
    setting("models.embeddings", "", "the model that measures meaning, like local/tiny"),
    setting(
        "models.images",
        "",
        "the model that says what images show: openai/NAME or ollama/NAME, of the server at ai.address; \
         classify/NAME; or a plugin's, like local/tiny",
    ),
    setting(
        "ai.provider",
        "",
        "whose models serve: openai or ollama, a server; empty: models.text, or else the storyteller",
    ),
    setting(
        "ai.address",
        "",
        "where the server is: http://127.0.0.1:8080/v1, or http://127.0.0.1:11434 for Ollama",
    ),
    setting("ai.model", "", "the server's model that writes"),
    setting("ai.embedding_model", "", "the server's model that measures meaning"),
    setting("ai.key", "", "what says to the server who asks; better as a variable"),
    setting("ai.timeout_ms", "120000", "how long one answer of the server may take"),
    setting(
        "ai.fallback",
        "",
        "models that are asked where those before do not answer: [\"local/tiny\", \"storyteller\"]",
    ),
    setting(
        "ai.help",
        "",
        "roles that get writing help, with the tokens a day of each person: [\"editor=50000\"]; empty: none",
    ),
    setting(
        "ai.help_site_tokens",
        "1000000",
        "the tokens of writing help a day of all people together",
    ),
    setting(
        "ask.tokens_per_day",
        "0",
        "the tokens a day of answers to readers, at /ask and by /api/v1/ask; 0: readers cannot ask the site",
    ),
    setting("ask.questions_per_minute", "6", "questions of one client a minute; 0 for no limit"),
    setting("plugins.memory_bytes_max", "67108864", "memory of one call of a plugin, in bytes"),
    setting("plugins.hook_timeout_ms", "500", "how long a hook may take, in milliseconds"),
    setting("plugins.filter_timeout_ms", "200", "how long a filter may take, in milliseconds"),
    setting("plugins.function_timeout_ms", "50", "how long a function may take, in milliseconds"),
    setting(
        "plugins.event_timeout_ms",
        "10000",
        "how long the handling of an event may take, in milliseconds",
    ),
    setting(
        "plugins.request_timeout_ms",
        "10000",
        "how long a route of a plugin may take, its body included, in milliseconds",
    ),
    setting(
        "plugins.task_timeout_ms",
        "600000",
        "how long one stretch of a task may take, in milliseconds",
    ),
    setting(
        "plugins.model_timeout_ms",
        "120000",
        "how long one answer of a model may take, in milliseconds",
    ),
    setting(
        "plugins.request_total_time_ms",
        "15000",
        "how long all calls of plugins for one request may take together, in milliseconds",
    ),
    setting(
        "plugins.request_total_host_calls",
        "100000",
        "functions of the host that all calls of plugins for one request may call together",
    ),
    setting(
        "plugins.request_total_bytes",
        "67108864",
        "HTML that filters may return for one request together, in bytes",
    ),
    setting("plugins.calls_max", "8", "calls of one plugin at once; others wait"),
    setting("plugins.output_bytes_max", "4194304", "what one call may return, in bytes"),
];

const fn setting(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { key, default, meaning }
}
