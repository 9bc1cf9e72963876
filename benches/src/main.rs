//! Measures and prints one table. `cargo xtask bench` builds what is needed and calls this.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use smartcms_benches::load::Tool;
use smartcms_benches::references::bare_http;
use smartcms_benches::references::extism::Extism;
use smartcms_benches::rows::portable::Components;
use smartcms_benches::rows::{Bench, PARTS, many_plugins};
use smartcms_benches::table::{Row, table};

/// What the command line says.
struct Options {
    smartcms: PathBuf,
    wasmtime: Option<PathBuf>,
    extism: Option<PathBuf>,
    browser: Option<PathBuf>,
    speed: PathBuf,
    entries: u32,
    many: usize,
    plugins: PathBuf,
    minilm: Option<PathBuf>,
    portable: Option<PathBuf>,
    hello: Option<PathBuf>,
    hello3: Option<PathBuf>,
    work: PathBuf,
    rounds: usize,
    seconds: u64,
    long: bool,
    only: Vec<String>,
}

/// How long memory is watched, in seconds: in every run, and with `--long`.
const MEMORY_SECONDS: u64 = 60;
const LONG_MEMORY_SECONDS: u64 = 600;

fn main() -> ExitCode {
    // What the plugin host and the store of this process warn of.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", file] => bare_http::serve(Path::new(file)),
        [many_plugins::LOAD, folder, count] => tell(many_plugins::load, folder, count),
        [many_plugins::LOAD_RAW, folder, count] => tell(many_plugins::load_raw, folder, count),
        _ => Options::read(&arguments).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<()> {
    if let Some(unknown) = options.only.iter().find(|it| PARTS.iter().all(|part| part.name != **it))
    {
        bail!("there is no part {unknown:?}");
    }
    std::fs::create_dir_all(&options.work)?;
    let bench = Bench {
        smartcms: options.smartcms,
        wasmtime: options.wasmtime.filter(|it| it.is_file()),
        extism: options.extism.filter(|it| it.is_file()).map(Extism),
        browser: options.browser.map(|it| (it, options.speed)),
        entries: options.entries,
        many: options.many,
        plugins: options.plugins,
        minilm: options.minilm.filter(|it| it.is_file()),
        portable: Components::of(options.portable, options.hello, options.hello3),
        work: options.work,
        rounds: options.rounds,
        load_time: Duration::from_secs(options.seconds),
        memory_time: Duration::from_secs(if options.long {
            LONG_MEMORY_SECONDS
        } else {
            MEMORY_SECONDS
        }),
        tool: Tool::find(),
        runtime: tokio::runtime::Builder::new_multi_thread().enable_all().build()?,
    };
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|it| it == name);
    let mut rows = Vec::new();
    for part in PARTS.iter().filter(|part| wanted(part.name)) {
        say(&format!("    {} …", part.name));
        match (part.run)(&bench) {
            Ok(measured) => rows.extend(measured),
            Err(error) => rows.push(Row::missing(part.name, "–", format!("{error:#}"))),
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", table(&rows))?;
    writeln!(out, "{}", conditions(&bench))?;
    Ok(())
}

/// What a process that only loads plugins does, and says on its output.
fn tell(
    load: fn(&Path, usize) -> anyhow::Result<String>,
    folder: &str,
    count: &str,
) -> anyhow::Result<()> {
    let said = load(Path::new(folder), count.parse().context("how many plugins")?)?;
    Ok(writeln!(std::io::stdout().lock(), "{said}")?)
}

/// What a reader has to know beside the figures.
fn conditions(bench: &Bench) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    format!(
        "Medians of {} rounds, both sides in turns; in brackets the rounds' smallest and largest ratio.\n\
         Load by {}, {} connections, {} s a round. {cores} processors, shared by server and load; load average {load}.",
        bench.rounds,
        bench.tool.name(),
        smartcms_benches::load::CONNECTIONS,
        bench.load_time.as_secs(),
    )
}

impl Options {
    fn read(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self {
            smartcms: PathBuf::from("target/release/smartcms"),
            wasmtime: None,
            extism: None,
            browser: None,
            speed: PathBuf::from("tests/e2e/speed.mjs"),
            entries: 100_000,
            many: 500,
            plugins: PathBuf::from("dist/plugins"),
            minilm: None,
            portable: None,
            hello: None,
            hello3: None,
            work: PathBuf::from("target/xtask/bench"),
            rounds: 5,
            seconds: 2,
            long: false,
            only: Vec::new(),
        };
        for argument in arguments {
            if argument == "--long" {
                options.long = true;
                continue;
            }
            let (name, value) = argument
                .strip_prefix("--")
                .and_then(|it| it.split_once('='))
                .with_context(|| format!("{argument:?} is not --NAME=VALUE"))?;
            match name {
                "smartcms" => options.smartcms = value.into(),
                "wasmtime" => options.wasmtime = Some(value.into()),
                "extism" => options.extism = Some(value.into()),
                "browser" => options.browser = Some(value.into()),
                "speed" => options.speed = value.into(),
                "entries" => options.entries = value.parse().context("--entries")?,
                "many" => options.many = value.parse().context("--many")?,
                "plugins" => options.plugins = value.into(),
                "minilm" => options.minilm = Some(value.into()),
                "portable" => options.portable = Some(value.into()),
                "hello" => options.hello = Some(value.into()),
                "hello3" => options.hello3 = Some(value.into()),
                "work" => options.work = value.into(),
                "rounds" => options.rounds = value.parse().context("--rounds")?,
                "seconds" => options.seconds = value.parse().context("--seconds")?,
                "only" => options.only = value.split(',').map(str::to_owned).collect(),
                _ => bail!("there is no option --{name}"),
            }
        }
        // Servers run in folders of their own.
        options.smartcms = std::path::absolute(&options.smartcms)?;
        options.plugins = std::path::absolute(&options.plugins)?;
        options.speed = std::path::absolute(&options.speed)?;
        Ok(options)
    }
}

fn say(line: &str) {
    // A closed stderr leaves nobody to tell, so the result is dropped on purpose.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
