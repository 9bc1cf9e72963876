//! The arguments of `smartcms user`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// List the people who may sign in
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a person and print, alone, the link with which they choose their password; it cannot be shown again
    ///
    /// It is mailed to them too, where `mail.transport` says how.
    Create {
        /// Where mail reaches them; unique
        #[arg(long)]
        email: String,
        /// What they are called
        #[arg(long)]
        name: String,
        /// What they may do: owner, administrator, editor, author, contributor or viewer
        #[arg(long)]
        role: String,
    },
    /// Let a person in no more; where they are signed in, that ends at once
    Disable {
        /// Their mail address
        email: String,
    },
    /// Let a person in again
    Enable {
        /// Their mail address
        email: String,
    },
    /// Give a person another role; where they are signed in, that ends at once
    Role {
        /// Their mail address
        email: String,
        /// What they may do: owner, administrator, editor, author, contributor or viewer
        role: String,
    },
    /// Print, alone, a link with which a person chooses another password; it is mailed to them too, where there is mail
    ResetPassword {
        /// Their mail address
        email: String,
        /// Take their codes (TOTP) away too: they have lost what makes them
        #[arg(long)]
        and_second_factor: bool,
    },
}
