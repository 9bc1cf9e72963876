//! The executable as people and programs use it: the command line, the server, and plugins that misbehave.

mod init;
mod plugin_cases;
mod plugins;
mod run;
mod serving;
mod support;
mod tokens;
mod torture;
