//! The plugins of a site at one moment. A change makes another registry; calls under way keep theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use smartcms_domain::plugins::PluginId;

use super::plugin::Plugin;
use crate::contract::Point;

/// Every enabled plugin, and for each place those that take part there, in the order of their ids.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) generation: Option<u64>,
    plugins: BTreeMap<PluginId, Arc<Plugin>>,
    points: [Vec<Arc<Plugin>>; POINTS.len()],
}

pub(crate) const POINTS: [Point; 10] = [
    Point::BeforeSave,
    Point::BeforePublish,
    Point::BeforeDelete,
    Point::Events,
    Point::Filters,
    Point::Tasks,
    Point::Routes,
    Point::Blocks,
    Point::Functions,
    Point::Models,
];

impl Registry {
    /// Sorts loaded plugins by where they take part.
    pub(crate) fn new(generation: u64, plugins: Vec<Arc<Plugin>>) -> Self {
        let plugins: BTreeMap<_, _> =
            plugins.into_iter().map(|it| (it.record.id.clone(), it)).collect();
        let at = |point| plugins.values().filter(|it| it.takes_part(point)).cloned().collect();
        Self { generation: Some(generation), points: POINTS.map(at), plugins }
    }

    /// The plugins that take part here.
    pub(crate) fn at(&self, point: Point) -> &[Arc<Plugin>] {
        let place = POINTS.iter().position(|it| *it == point);
        place.and_then(|it| self.points.get(it)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn find(&self, id: &PluginId) -> Option<&Arc<Plugin>> {
        self.plugins.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Plugin>> {
        self.plugins.values()
    }
}
