//! What a client sends where, seen from the port that it sends through.
#![cfg(test)] // Tells the linter that helpers are tests too.

mod credentials_stay;
mod fake_network;
