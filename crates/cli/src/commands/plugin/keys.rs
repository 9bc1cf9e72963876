//! `smartcms plugin keygen` and `trust`: keys of publishers.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;
use smartcms_distribution::{KeyFiles, PUBLISHERS_NAME, PublicKey, Publishers, SigningKey};

use super::super::say;
use crate::args::{Folders, KeygenArgs, TrustCommand};
use crate::failure::{Failure, exit};

/// Makes a key. No file is written over.
pub(super) fn generate(args: &KeygenArgs) -> anyhow::Result<()> {
    let public = public_file(&args.file);
    for path in [&args.file, &public] {
        if path.exists() {
            let message = format!("{} is there already", path.display());
            return Err(Failure::hinted(message, "name another file", exit::CONFLICT));
        }
    }
    let password = match (args.no_password, &args.password_file) {
        (true, _) => None,
        (false, Some(file)) => Some(read_password(file)?),
        (false, None) => Some(asked("Password for the new key: ")?),
    };
    let files = KeyFiles::generate(password)?;
    write_new(&args.file, &files.secret, 0o600)?;
    write_new(&public, &files.public, 0o644)?;
    say(&files.key);
    Ok(())
}

/// Reads a secret key, and asks for its password where it has one.
pub(super) fn read_secret(file: &Path, password: Option<&Path>) -> anyhow::Result<SigningKey> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("could not read the key in {}", file.display()))?;
    // Before the key is asked: a mistake in the name of the file is told as such.
    let given = password.map(read_password).transpose()?;
    let ask = || given.or_else(|| asked("Password of the key: ").ok());
    SigningKey::read(&text, ask)
        .with_context(|| format!("could not use the key in {}", file.display()))
}

fn public_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}

fn read_password(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("could not read the password in {}", file.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn asked(prompt: &str) -> anyhow::Result<String> {
    rpassword::prompt_password(prompt).map_err(|error| {
        let message = format!("could not ask for the password: {error}");
        Failure::hinted(message, "--password-file FILE gives it", exit::INVALID)
    })
}

fn write_new(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("could not write {}", path.display()))
}

pub(super) fn trust(folders: &Folders, command: TrustCommand) -> anyhow::Result<()> {
    let site = &folders.site;
    let mut publishers = Publishers::read(site)?;
    match command {
        TrustCommand::Add { publisher, key } => {
            let key = public_key(&key)?;
            if publishers.add(&checked_name(&publisher)?, key.clone()) {
                publishers.write(site)?;
            }
            say(format_args!("trusts {publisher} with the key {key}"));
        }
        TrustCommand::List { json } => list(&publishers, json)?,
        TrustCommand::Remove { publisher, key } => {
            let key = key.map(|it| public_key(&it)).transpose()?;
            let removed = publishers.remove(&publisher, key.as_ref());
            if removed == 0 {
                let message = format!("{publisher} is not trusted with such a key");
                let hint = "`smartcms plugin trust list` shows the publishers";
                return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
            }
            publishers.write(site)?;
            let keys = if removed == 1 { "key" } else { "keys" };
            say(format_args!("trusts {publisher} no longer with {removed} {keys}"));
        }
    }
    Ok(())
}

fn list(publishers: &Publishers, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let item = |it: &smartcms_distribution::Publisher| json!({ "publisher": it.name, "key": it.key.as_str() });
        let items: Vec<_> = publishers.iter().map(item).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    if publishers.iter().next().is_none() {
        say(format_args!("{PUBLISHERS_NAME} names no publisher"));
    }
    for publisher in publishers.iter() {
        say(format_args!("{:<20} {}", publisher.name, publisher.key));
    }
    Ok(())
}

/// A key as it is typed, or the file of one.
fn public_key(text: &str) -> anyhow::Result<PublicKey> {
    let path = Path::new(text);
    if path.is_file() {
        let content = fs::read_to_string(path)
            .with_context(|| format!("could not read the key in {text}"))?;
        return Ok(PublicKey::parse(&content)?);
    }
    PublicKey::parse(text).map_err(|error| {
        Failure::hinted(
            error.to_string(),
            "`smartcms plugin keygen` prints such a key",
            exit::INVALID,
        )
    })
}

fn checked_name(text: &str) -> anyhow::Result<String> {
    let plain = |c: char| !c.is_control();
    if text.trim() == text && !text.is_empty() && text.len() <= 100 && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    let message = format!("{text:?} is no name for a publisher");
    Err(Failure::hinted(message, "1 to 100 bytes without control characters", exit::INVALID))
}
