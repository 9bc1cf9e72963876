//! What a plugin is asked for: blocks of rich text, and functions.

use std::time::Instant;

use anyhow::Context;
use serde_json::{Value, json};
use smartcms_app::ports::{BlockCheck, BlockPlace, FunctionError, Plugins, Scalar};
use smartcms_domain::blocks::{BlockId, PluginBlockName};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Slug};

use super::super::super::case::CaseCall;
use super::{Called, DRAFT_ID, failed, one};
use crate::compose::Stage;

/// Holds the attributes against the schema, and shows the block.
pub(super) async fn block(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let collection = CollectionName::parse(&call.collection)?;
    let slug = Slug::parse(&call.slug)?;
    let name = format!("{}/{}", stage.id, call.block);
    let name = PluginBlockName::parse(&name)
        .with_context(|| format!("`{}` is not the name of a block", call.block))?;
    let block = BlockId::parse("b1").context("b1 is the id of a block")?;
    let locale = stage.app.site.locales.default();
    let entry = EntryId::new(DRAFT_ID);
    let place = BlockPlace { entry, collection: &collection, slug: &slug, locale, block: &block };
    let data = Value::Object(call.attributes.clone());
    let begun = Instant::now();
    let checked = stage.host.check_block(&name, &data).await;
    let shown = stage.host.render_block(&name, &data, place).await;
    let time = begun.elapsed();
    let result = match (checked, shown) {
        (_, Err(failure)) => failed(&failure),
        (BlockCheck::Misfits(reasons), _) => one("misfits", json!(reasons)),
        (BlockCheck::Unknown(reason), _) => one("unknown", json!(reason)),
        (BlockCheck::Fits, Ok(None)) => one("unknown", json!(name.as_str())),
        (BlockCheck::Fits, Ok(Some(shown))) => one("html", json!(shown.html)),
    };
    Ok((time, result))
}

/// Calls a function.
pub(super) async fn function(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let arguments = call.arguments.iter().map(scalar).collect::<anyhow::Result<_>>()?;
    let begun = Instant::now();
    let answer = match stage.host.functions(&stage.id).await {
        Ok(mut functions) => functions.call(&call.function, arguments).await,
        Err(error) => Err(error),
    };
    let time = begun.elapsed();
    let result = match answer {
        Ok(value) => one("result", plain(value)),
        Err(FunctionError::Failed(failure)) => failed(&failure),
        Err(error) => one("error", json!(error.to_string())),
    };
    Ok((time, result))
}

fn scalar(value: &Value) -> anyhow::Result<Scalar> {
    Ok(match value {
        Value::Null => Scalar::Null,
        Value::Bool(it) => Scalar::Boolean(*it),
        Value::String(it) => Scalar::Text(it.clone()),
        Value::Number(it) => match (it.as_i64(), it.as_f64()) {
            (Some(whole), _) => Scalar::Integer(whole),
            (None, Some(number)) => Scalar::Number(number),
            (None, None) => anyhow::bail!("{it} is no number of 64 bits"),
        },
        Value::Array(_) | Value::Object(_) => anyhow::bail!("{value} is no single value"),
    })
}

fn plain(value: Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Boolean(it) => json!(it),
        Scalar::Integer(it) => json!(it),
        Scalar::Number(it) => json!(it),
        Scalar::Text(it) => json!(it),
        Scalar::Bytes(it) => json!(it),
    }
}
