//! Imports and exports through a site in memory.
#![cfg(test)]

mod archives;
mod arranged;
mod folders;
mod generators;
mod ghost;
mod round_trip;
mod support;
mod wordpress;
