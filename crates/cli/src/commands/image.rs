//! `smartcms image`: OCI images of components, for the Wasm shims of containerd.

mod layout;

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use smartcms_components::{ComponentFile, FILE_BYTES_MAX, Kind};
use smartcms_config::{SETTINGS, Setting};
use smartcms_distribution::{Image, ImagePlan, Reference};

use super::{read_at_most, say};
use crate::args::{Folders, ImageBuildArgs, ImageCommand};
use crate::compose::registry_client;
use crate::failure::{Failure, exit, fault};

/// The name of a component that is not read from a file with one.
const USUAL_NAME: &str = "component.wasm";
/// The most variables, and the bytes of each, that an image is built with.
const VARIABLES_MAX: usize = 200;
const VARIABLE_LEN_MAX: usize = 32 * 1024;

pub(super) async fn image(folders: &Folders, command: ImageCommand) -> anyhow::Result<()> {
    match command {
        ImageCommand::Build(args) => build(&args),
        ImageCommand::Push { reference: text, layout, registry } => {
            let mut reference = reference(&text)?;
            if reference.digest.take().is_some() {
                let message = format!("{text} names a digest, which an image has by itself");
                let hint = "name a tag, or nothing after the name";
                return Err(Failure::hinted(message, hint, exit::INVALID));
            }
            let image = layout::read(&layout)?;
            let client = registry_client(folders, &reference, &registry)?;
            client.push_image(&reference, &image).await.map_err(fault)?;
            say(reference.at(image.digest().clone()));
            Ok(())
        }
    }
}

fn build(args: &ImageBuildArgs) -> anyhow::Result<()> {
    let name = args.name.as_deref().map(reference).transpose()?;
    let environment = environment(&args.environment)?;
    let component = component(&args.component)?;
    let file_name = args.component.file_name().and_then(|it| it.to_str());
    let entrypoint = file_name.filter(|it| it.ends_with(".wasm")).unwrap_or(USUAL_NAME).to_owned();
    let image = Image::build(&ImagePlan { component, entrypoint, environment }).map_err(fault)?;
    layout::write(&args.output, &image.layout(name.as_ref()).map_err(fault)?)?;
    say(format_args!("{}  {}", args.output.display(), image.digest()));
    Ok(())
}

/// The bytes of a component; a core module is none.
fn component(path: &Path) -> anyhow::Result<Bytes> {
    if !path.is_file() {
        let message = format!("there is no file {}", path.display());
        let hint = "`cargo xtask dist` builds the portable component, dist/portable/smartcms.wasm";
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    }
    let bytes = read_at_most(path, FILE_BYTES_MAX)?;
    let file = ComponentFile { name: path.display().to_string(), bytes };
    let refused = |message: String| {
        let hint = "`smartcms component validate` says what a file is; `cargo xtask dist` builds the portable component";
        Failure::hinted(message, hint, exit::INVALID)
    };
    let valid = smartcms_components::validate(&file).map_err(|error| refused(error.to_string()))?;
    if valid.kind != Kind::Component {
        return Err(refused(format!("{} is a core module, not a component", file.name)));
    }
    Ok(Bytes::from(file.bytes))
}

/// Variables by their names. What is a secret of a site is refused.
fn environment(given: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let invalid = |message: String, hint: &str| Failure::hinted(message, hint, exit::INVALID);
    if given.len() > VARIABLES_MAX {
        let message = format!("an image gets {VARIABLES_MAX} variables at most");
        return Err(Failure::hinted(message, "give the others where it is started", exit::LIMIT));
    }
    let mut variables = BTreeMap::new();
    for text in given {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let plain = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let is_name = !name.is_empty() && name.chars().all(plain) && text.contains('=');
        if !is_name || text.len() > VARIABLE_LEN_MAX || value.contains('\0') {
            let shown: String = name.chars().take(100).collect();
            let message = format!("`{shown}` is not a variable with its value");
            return Err(invalid(message, "--env SMARTCMS_SITE_TITLE=Example"));
        }
        let is_secret = |it: &Setting| it.variable() == name && it.is_secret();
        if SETTINGS.iter().any(is_secret) {
            let message =
                format!("{name} is a secret, and whoever gets an image reads what is in it");
            return Err(invalid(message, "give it where the image is started"));
        }
        variables.insert(name.to_owned(), value.to_owned());
    }
    Ok(variables)
}

fn reference(text: &str) -> anyhow::Result<Reference> {
    Reference::parse(text).map_err(|error| {
        let hint = "the registry is always named: registry.example.com/ada/site:1.0";
        Failure::hinted(error.to_string(), hint, exit::INVALID)
    })
}
