//! Starting a plugin before it is in force.

use smartcms_app::CallChain;
use smartcms_app::ports::PluginFailure;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{EntryId, Slug};
use smartcms_domain::locales::Locale;
use smartcms_domain::plugins::{Grant, PluginId};

use super::PluginHost;
use super::plugin::Plugin;
use crate::contract::{HtmlOf, Point};

/// What a filter is tried with.
const HTML: &str = "<h2>A heading</h2><p>A paragraph with <em>some</em> words.</p>";

impl PluginHost {
    /// Makes an instance of a plugin, and has it filter a little HTML where it takes part there and could not do
    /// anything that lasts. What it answers does not matter: it must not trap, and keep its limits.
    ///
    /// For a host that stands on nothing: keys and log of the plugin are those of this host.
    pub async fn try_out(&self, id: &PluginId) -> Result<(), PluginFailure> {
        let registry = self.registry();
        let Some(plugin) = registry.find(id) else { return Ok(()) };
        plugin.start().await?;
        if plugin.takes_part(Point::Filters) && is_harmless(plugin) {
            filter(plugin).await?;
        }
        Ok(())
    }
}

/// Whether what it was granted ends with the host.
fn is_harmless(plugin: &Plugin) -> bool {
    plugin.profile.grant_list().iter().all(|grant| {
        matches!(
            grant,
            Grant::KeyValue
                | Grant::TrustedHtml
                | Grant::ActorRead
                | Grant::Environment(_)
                | Grant::Model(_)
        )
    })
}

async fn filter(plugin: &Plugin) -> Result<(), PluginFailure> {
    let named = (CollectionName::parse("posts"), Slug::parse("a-trial"), Locale::parse("en"));
    let (Ok(collection), Ok(slug), Ok(locale)) = named else { return Ok(()) };
    let of = HtmlOf { entry: EntryId::new(uuid::Uuid::nil()), collection, slug, locale };
    let time = plugin.profile.limits.times.filter;
    let filtered = plugin
        .call(time, &CallChain::EMPTY, move |contract, mut store| async move {
            contract.filter_html(&mut store, &of, HTML).await
        })
        .await;
    filtered.map(drop)
}
