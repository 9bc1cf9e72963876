//! Plugins: which there are, what each may reach, and how it does.

use serde::Serialize;

use super::{AdminPage, Frame, Mistake, Tab};

/// Every plugin.
#[derive(Debug, Clone, Serialize)]
pub struct PluginListPage {
    /// What stands around it.
    pub frame: Frame,
    /// The plugins.
    pub rows: Vec<PluginRow>,
    /// The largest file that can be added, in words; empty where none can.
    pub size_max: String,
}

/// A plugin in the list.
#[derive(Debug, Clone, Serialize)]
pub struct PluginRow {
    /// What people call it.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Its version.
    pub version: String,
    /// How it is.
    pub state: PluginState,
    /// What it did; `None` where no server tells.
    pub did: Option<PluginNumbers>,
}

/// How a plugin is.
#[derive(Debug, Clone, Serialize)]
pub struct PluginState {
    /// `on`, `off`, `paused`, `unusable` or `lacks`.
    pub name: &'static str,
    /// Why; empty where there is nothing to say.
    pub reason: String,
}

/// What a plugin did, in words.
#[derive(Debug, Clone, Serialize)]
pub struct PluginNumbers {
    /// Calls that ended.
    pub calls: u64,
    /// Within what time half of them ended.
    pub half: String,
    /// Within what time nearly all of them ended.
    pub most: String,
    /// The most memory of one call.
    pub memory: String,
    /// Traps.
    pub traps: u64,
    /// Passed times.
    pub timeouts: u64,
    /// Other limits that were passed.
    pub limits: u64,
    /// Calls and requests that lacked a grant.
    pub denials: u64,
    /// Calls that were not made.
    pub turned_away: u64,
}

/// What stands above every page about one plugin.
#[derive(Debug, Clone, Serialize)]
pub struct PluginHead {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its page.
    pub url: String,
    /// How it is.
    pub state: PluginState,
    /// Its other pages.
    pub tabs: Vec<Tab>,
}

/// What a plugin is and may reach.
#[derive(Debug, Clone, Serialize)]
pub struct PluginPage {
    /// What stands around it.
    pub frame: Frame,
    /// What stands above it.
    pub head: PluginHead,
    /// What its file tells; `None` where files cannot be read.
    pub facts: Option<PluginFactsBox>,
    /// What it may reach, by capability.
    pub reaches: Vec<ReachBox>,
    /// Capabilities that change what the site does with it, and its file does not ask for.
    pub others: Vec<ReachBox>,
    /// What it did.
    pub did: Option<PluginNumbers>,
    /// When it was added, in milliseconds.
    pub added_at: i64,
    /// Its digest.
    pub digest: String,
    /// The version that can come back; empty for none.
    pub replaced: String,
    /// Whether the version in force has yet to stand its trial.
    pub on_trial: bool,
    /// The largest file that can take its place, in words; empty where none can.
    pub size_max: String,
    /// Whether it is a part of the program, so that nothing about it can be changed.
    pub is_fixed: bool,
    /// The collections of the site: names and labels.
    pub collections: Vec<(String, String)>,
    /// Whether the person is an owner.
    pub is_owner: bool,
    /// What is wrong with what was sent.
    pub mistakes: Vec<Mistake>,
}

/// What the file of a plugin tells.
#[derive(Debug, Clone, Serialize)]
pub struct PluginFactsBox {
    /// What it is for.
    pub description: String,
    /// How it may be used.
    pub licence: String,
    /// Where more is said about it.
    pub homepage: String,
    /// Its size, in words.
    pub size: String,
    /// Where it takes part, in words.
    pub points: Vec<String>,
    /// What made it.
    pub made_with: String,
    /// What somebody should know.
    pub warnings: Vec<String>,
    /// Why it cannot be a plugin.
    pub refusals: Vec<String>,
}

/// A capability, with what is asked for and what is held.
#[derive(Debug, Clone, Serialize)]
pub struct ReachBox {
    /// Its name.
    pub name: String,
    /// Its name without signs, for ids.
    pub key: String,
    /// What it allows.
    pub words: String,
    /// Whether the plugin is refused without it.
    pub required: bool,
    /// Whether owners alone give it.
    pub for_owners: bool,
    /// What is held of it.
    pub held: Vec<GrantLine>,
    /// What its author asks for and it does not hold.
    pub asked: Vec<GrantLine>,
}

/// A grant, held or asked for.
#[derive(Debug, Clone, Serialize)]
pub struct GrantLine {
    /// As it is typed.
    pub text: String,
    /// What it allows.
    pub words: String,
    /// What its author says; empty for nothing.
    pub reason: String,
    /// Whether the person may give it.
    pub may_give: bool,
}

/// A file that waits to become a plugin, or another version of one.
#[derive(Debug, Clone, Serialize)]
pub struct PluginFilePage {
    /// What stands around it.
    pub frame: Frame,
    /// Where the form is sent to.
    pub url: String,
    /// What it calls itself.
    pub name: String,
    /// The id that it has or gets.
    pub id: String,
    /// Whether the file says its id.
    pub says_id: bool,
    /// Its version.
    pub version: String,
    /// What it tells.
    pub facts: PluginFactsBox,
    /// What it asks for.
    pub reaches: Vec<ReachBox>,
    /// What it replaces; `None` for a plugin that is new here.
    pub upgrade: Option<UpgradeBox>,
    /// What is wrong with what was sent.
    pub mistakes: Vec<Mistake>,
}

/// How a version differs from the one in force.
#[derive(Debug, Clone, Serialize)]
pub struct UpgradeBox {
    /// The page of the plugin.
    pub url: String,
    /// The version in force.
    pub version: String,
    /// Whether the file is older.
    pub is_older: bool,
    /// Whether what was granted does not hold for it.
    pub is_other_major: bool,
    /// What it reaches besides, in words.
    pub more: Vec<String>,
    /// What it reaches no more, in words.
    pub less: Vec<String>,
    /// Capabilities that it needs and would not hold.
    pub lacks: Vec<String>,
}

/// The settings of a plugin.
#[derive(Debug, Clone, Serialize)]
pub struct PluginSettingsPage {
    /// What stands around it.
    pub frame: Frame,
    /// What stands above it.
    pub head: PluginHead,
    /// What its schema has.
    pub inputs: Vec<SettingInput>,
    /// What is set and its schema does not have, as JSON.
    pub others: String,
    /// What is wrong with what was sent.
    pub mistakes: Vec<Mistake>,
}

/// One setting.
#[derive(Debug, Clone, Serialize)]
pub struct SettingInput {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it does.
    pub help: String,
    /// `text`, `number`, `yes_no`, `choice` or `json`.
    pub kind: &'static str,
    /// What is set; empty for nothing.
    pub value: String,
    /// What holds where nothing is set.
    pub usual: String,
    /// The least number; empty for none.
    pub min: String,
    /// The largest number; empty for none.
    pub max: String,
    /// Whether numbers are whole.
    pub whole: bool,
    /// What can be chosen.
    pub options: Vec<String>,
}

/// Tasks and events of a plugin.
#[derive(Debug, Clone, Serialize)]
pub struct PluginWorkPage {
    /// What stands around it.
    pub frame: Frame,
    /// What stands above it.
    pub head: PluginHead,
    /// Its tasks.
    pub tasks: Vec<TaskBox>,
    /// Why its tasks are not shown; empty where they are.
    pub problem: String,
    /// Its newest runs.
    pub runs: Vec<RunRow>,
    /// Whether a run is under way or waits.
    pub is_busy: bool,
    /// Whether it listens to events.
    pub listens: bool,
    /// How many events wait.
    pub waiting: u64,
    /// Why the next event was put off; empty where it was not.
    pub put_off: String,
    /// Events that it could not handle.
    pub parked: Vec<ParkedRow>,
}

/// A task.
#[derive(Debug, Clone, Serialize)]
pub struct TaskBox {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// When it runs by itself; empty for never.
    pub schedule: String,
    /// When it runs next, in milliseconds.
    pub next_at: Option<i64>,
    /// What is wrong with its schedule.
    pub problem: String,
}

/// A run of a task.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// The task.
    pub task: String,
    /// Where it stands.
    pub state: &'static str,
    /// When it was made, in milliseconds.
    pub at: i64,
    /// How far it is, or what came of it.
    pub said: String,
    /// Units that are done.
    pub done: u64,
    /// Units in all; 0 where that is not known.
    pub total: u64,
    /// Whether it can be cancelled.
    pub may_cancel: bool,
}

/// An event that a plugin could not handle.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedRow {
    /// Its id.
    pub id: String,
    /// What happened.
    pub kind: &'static str,
    /// To what.
    pub subject: String,
    /// When it was given up, in milliseconds.
    pub at: i64,
    /// How often it was tried.
    pub tries: u32,
    /// Why it failed.
    pub reason: String,
}

/// What a plugin said.
#[derive(Debug, Clone, Serialize)]
pub struct PluginLogPage {
    /// What stands around it.
    pub frame: Frame,
    /// What stands above it.
    pub head: PluginHead,
    /// The newest first.
    pub lines: Vec<LogRow>,
}

/// One line of a log.
#[derive(Debug, Clone, Serialize)]
pub struct LogRow {
    /// When, in milliseconds.
    pub at: i64,
    /// How grave.
    pub level: &'static str,
    /// Where it came from.
    pub source: String,
    /// The text.
    pub text: String,
}

impl AdminPage for PluginListPage {
    const TEMPLATE: &'static str = "plugins.html";
}

impl AdminPage for PluginPage {
    const TEMPLATE: &'static str = "plugin.html";
}

impl AdminPage for PluginFilePage {
    const TEMPLATE: &'static str = "plugin_file.html";
}

impl AdminPage for PluginSettingsPage {
    const TEMPLATE: &'static str = "plugin_settings.html";
}

impl AdminPage for PluginWorkPage {
    const TEMPLATE: &'static str = "plugin_work.html";
}

impl AdminPage for PluginLogPage {
    const TEMPLATE: &'static str = "plugin_log.html";
}
