//! The command line of what plugins do by themselves.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// List the tasks of the plugins, with their schedules and when they run next
    List {
        /// The plugin [default: all]
        id: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a task now, and wait for its end
    ///
    /// Shows how far it is. Ctrl-C cancels it. Works with and without a server that runs.
    Run {
        /// The plugin
        id: String,
        /// The task
        task: String,
        /// What is passed to it
        argument: Option<String>,
        /// Leave it to the server, and print the id of the run
        #[arg(long)]
        detach: bool,
    },
    /// List the runs of a plugin's tasks, the newest first
    Runs {
        /// The plugin
        id: String,
        /// Of this task alone
        #[arg(long)]
        task: Option<String>,
        /// How many at most, up to 100
        #[arg(long, default_value_t = 20)]
        lines: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set when a task runs by itself, in place of what its plugin says
    Schedule {
        /// The plugin
        id: String,
        /// The task
        task: String,
        /// As in cron, in UTC: "30 3 * * 1-5", @daily; `never`; or `own`, for what the plugin says
        when: String,
    },
    /// Cancel a run: one that is under way is told to stop, and ended when it does not
    Cancel {
        /// The run's id
        run: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Show how far plugins have heard, what waits, and which events are parked with the reason
    List {
        /// The plugin [default: every one that listens]
        id: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell a plugin of parked events once more, now
    ///
    /// What it handles is parked no more. Fails when something stays parked.
    Retry {
        /// The plugin
        id: String,
        /// The event's id
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        event: Option<String>,
        /// Every event that is parked, the oldest first
        #[arg(long)]
        all: bool,
    },
    /// Let go of parked events: the plugin never hears of them
    Drop {
        /// The plugin
        id: String,
        /// The event's id
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        event: Option<String>,
        /// Every event that is parked
        #[arg(long)]
        all: bool,
    },
}
