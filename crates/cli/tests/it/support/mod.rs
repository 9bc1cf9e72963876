//! What the tests share: the executable, sites in temporary folders, servers, clients and plugins.

pub(crate) mod bomb;
pub(crate) mod case;
pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod component;
pub(crate) mod load;
pub(crate) mod mail_server;
pub(crate) mod mail_service;
pub(crate) mod manifests;
pub(crate) mod minilm;
pub(crate) mod model_server;
pub(crate) mod origin;
pub(crate) mod person;
pub(crate) mod plain;
pub(crate) mod plugin_text;
pub(crate) mod registry;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod site;
pub(crate) mod site_here;
pub(crate) mod stage;
