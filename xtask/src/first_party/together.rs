//! All first-party plugins on one site: each works beside the others, with no more than it asks for.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{Tools, project::Project};
use crate::{
    process, report,
    server::{self, Server},
};

/// Events are told within moments; a machine under load gets more of them.
const LOOKS_MAX: usize = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the post says. In fences, so that code and blocks are there too.
const BODY: &str = "Long ago.\n\n## The way up\n\nSee [what is gone](/posts/gone).\n\n\
    ```rust\nfn main() {} // done\n```\n\n## The lake\n\n```block related-entries/list\n{}\n```\n\n\
    ```block comments/thread\n{}\n```\n\n\
    ```block image-gallery/grid\n{\"images\": [{\"url\": \"/a.webp\", \"caption\": \"A boat\"}]}\n```\n";

/// What readers see of it, and whose work that is.
const SHOWN: &[(&str, &str)] = &[
    ("table-of-contents", "<nav class=\"toc\""),
    ("syntax-highlighting", "<b>fn</b> <dfn>main</dfn>"),
    ("reading-time", "1 min read"),
    ("related-entries", ">Another walk around the lake</a></li>"),
    ("image-gallery", "<figcaption>A boat</figcaption>"),
    ("comments", "Nobody has said anything yet."),
];

/// What a reader says.
const COMMENT: &str = "Very <b>well</b> said";

/// Adds every plugin to a new site, grants what it asks for, and looks at what readers see.
pub(super) fn check(tools: &Tools<'_>, projects: &[&Project]) -> Result<()> {
    let site = Site { tools, folder: tools.workshop.state().join("first-party/site") };
    site.prepare(projects)?;
    let token = process::output(site.smartcms().args([
        "token",
        "create",
        "--name",
        "first-party",
        "--role",
        "owner",
    ]))?;
    let address = server::free_address()?;
    let mut serve = site.smartcms();
    serve.args(["serve", "--listen", &address]).stdout(Stdio::null()).env("SMARTCMS_LOG", "error");
    let _server = Server::start(&mut serve)?;
    server::wait_for(&address)?;
    let reader = Reader { address: &address, token: token.trim() };
    reader.publish("another-walk", "Another walk around the lake", "Short.")?;
    let post = reader.publish("a-walk", "A walk around the lake", BODY)?;
    let page = server::get(&address, "/posts/a-walk")?;
    for (plugin, text) in SHOWN {
        if !page.contains(text) {
            bail!("{plugin}: {text:?} is not on the page:\n{page}");
        }
    }
    reader.leads_on()?;
    reader.comments(&post)?;
    let said =
        process::output(site.smartcms().args(["plugin", "task", "run", "link-checker", "check"]))?;
    if !said.contains("1 lead nowhere") {
        bail!("link-checker: the missing post was not found: {said}");
    }
    report::note(&format!("{} plugins work together", projects.len()));
    Ok(())
}

struct Site<'a> {
    tools: &'a Tools<'a>,
    folder: PathBuf,
}

impl Site<'_> {
    fn smartcms(&self) -> Command {
        let mut command = self.tools.smartcms();
        command.arg("--site").arg(&self.folder);
        command
    }

    fn prepare(&self, projects: &[&Project]) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("could not remove {}", self.folder.display()))?;
        }
        process::run(self.tools.smartcms().arg("init").arg(&self.folder))?;
        for project in projects {
            for file in project.collections()? {
                let name = file.file_name().context("a collection has a name")?;
                fs::copy(&file, self.folder.join("collections").join(name))
                    .with_context(|| format!("could not copy {}", file.display()))?;
            }
            process::run(self.smartcms().args(["plugin", "add"]).arg(project.file()))?;
            let grants = project.grants()?;
            if !grants.is_empty() {
                let grant = ["plugin", "grant", &project.name];
                process::run(self.smartcms().args(grant).args(&grants))?;
            }
        }
        Ok(())
    }
}

/// Somebody at the site: without the token a reader.
struct Reader<'a> {
    address: &'a str,
    token: &'a str,
}

impl Reader<'_> {
    /// Publishes a post and gives its id.
    fn publish(&self, slug: &str, title: &str, body: &str) -> Result<String> {
        let fields =
            serde_json::json!({ "slug": slug, "fields": { "title": title, "body": body } });
        let made =
            server::post(self.address, "/api/v1/content/posts", self.token, &fields.to_string())?;
        let publish = format!("/api/v1/content/posts/{slug}/publish");
        server::post(self.address, &publish, self.token, "{}")?;
        text_at(&made, "/id")
    }

    /// A missing page leads to what was meant, and elsewhere the reader is asked.
    fn leads_on(&self) -> Result<()> {
        let route = "/ext/redirects-on-404/?path=";
        let led = server::get(self.address, &format!("{route}/2019/05/A_Walk.html"))?;
        if !led.contains(" 302 ") || !led.to_lowercase().contains("location: /posts/a-walk") {
            bail!("redirects-on-404: the old address does not lead on: {led}");
        }
        let asked = server::get(self.address, &format!("{route}/wp-login.php"))?;
        if !asked.contains(" 404 ") {
            bail!("redirects-on-404: an address of nothing is not missing: {asked}");
        }
        Ok(())
    }

    /// A comment is on the page when somebody has published it, and not before.
    fn comments(&self, post: &str) -> Result<()> {
        let form = format!("entry={post}&name=Ada&text=Very+%3Cb%3Ewell%3C%2Fb%3E+said&asked=1");
        let thanks = server::form(self.address, "/ext/comments/write", &form)?;
        if !thanks.contains("Thank you") {
            bail!("comments: the comment was not taken: {thanks}");
        }
        let waiting = "/api/v1/content/comments?status=draft&limit=1";
        let waiting = server::get_with(self.address, waiting, self.token)?;
        let id = text_at(&waiting, "/items/0/id")?;
        let shown = COMMENT.replace('<', "&lt;").replace('>', "&gt;");
        if server::get(self.address, "/posts/a-walk")?.contains(&shown) {
            bail!("comments: what nobody has read is on the page");
        }
        let publish = format!("/api/v1/content/comments/{id}/publish");
        server::post(self.address, &publish, self.token, "{}")?;
        for _ in 0..LOOKS_MAX {
            if server::get(self.address, "/posts/a-walk")?.contains(&shown) {
                return Ok(());
            }
            sleep(LOOK_EVERY);
        }
        bail!("comments: the published comment is not on the page");
    }
}

fn text_at(json: &str, place: &str) -> Result<String> {
    let value: Value = serde_json::from_str(json).context("the answer is no JSON")?;
    let text = value.pointer(place).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("the answer has no text at {place}: {json}"))
}
