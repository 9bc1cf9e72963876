//! `smartcms init`.

mod demo;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use smartcms_config::{CONFIG_FILE_NAME, DEFAULT_COLLECTIONS, SETTINGS};

use super::say;
use crate::args::{Folders, InitArgs};
use crate::compose::{open_for_operator, settle};
use crate::failure::{Failure, exit};

/// Makes a site. A file that is there already ends the command before anything is written.
pub(super) async fn init(folders: &Folders, args: InitArgs) -> anyhow::Result<()> {
    let folder = args.folder;
    let config = folder.join(CONFIG_FILE_NAME);
    if config.exists() {
        let message = format!("{} is there already", config.display());
        return Err(Failure::hinted(message, "choose a folder without a site", exit::CONFLICT));
    }
    write_new(&config, &config_text())?;
    for (name, text) in DEFAULT_COLLECTIONS {
        write_new(&folder.join("collections").join(name), text)?;
    }
    if args.demo {
        let site = Folders { site: folder.clone(), data: folders.data.clone() };
        let app = open_for_operator(&site)?.app;
        settle(&site, &app).await?;
        demo::add(&app).await?;
    }
    say(format_args!("made a site in {}", folder.display()));
    say(format_args!("next: smartcms --site {} serve", folder.display()));
    Ok(())
}

/// Writes a file that must not be there yet, with the folders above it.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("could not write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).with_context(failed)?;
    file.write_all(text.as_bytes()).with_context(failed)
}

/// Every setting with its default, commented out.
fn config_text() -> String {
    let mut text = "# The settings of this site. Each can also come from an environment variable, which wins:\n\
        # site.title is SMARTCMS_SITE_TITLE.\n"
        .to_owned();
    let mut table = "";
    for setting in SETTINGS {
        let (in_table, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if in_table != table {
            text.push_str(&format!("\n[{in_table}]\n"));
            table = in_table;
        }
        let default = setting.default;
        let is_bare = default.parse::<u64>().is_ok() || default.parse::<bool>().is_ok();
        let quote = if is_bare { "" } else { "\"" };
        text.push_str(&format!("# {}\n# {name} = {quote}{}{quote}\n", setting.meaning, default));
    }
    text
}

#[cfg(test)]
mod tests {
    use smartcms_config::{Settings, Sources};

    #[test]
    fn the_file_that_init_writes_is_valid_with_every_line_switched_on() {
        let folder = tempfile::tempdir().unwrap();
        let is_setting =
            |line: &str| line.starts_with("# ") && line.contains(" = ") && !line.contains(": ");
        let switch = |line: &str| match line.strip_prefix("# ") {
            Some(setting) if is_setting(line) => format!("{setting}\n"),
            _ => format!("{line}\n"),
        };
        let text: String = super::config_text().lines().map(switch).collect();
        std::fs::write(folder.path().join("smartcms.toml"), text).unwrap();
        let sources = Sources::read(folder.path(), []).unwrap();
        assert!(Settings::from_sources(&sources).is_ok());
    }
}
