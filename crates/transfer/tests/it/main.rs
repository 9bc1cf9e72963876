//! Imports and exports through a site in memory.
#![cfg(test)]

mod archives;
mod folders;
mod ghost;
mod round_trip;
mod support;
mod wordpress;
