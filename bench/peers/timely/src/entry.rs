//! The input: each entry is a function of its number; see `bench/macro/keyed-window`.

use crate::digest::mix;
use serde::{Deserialize, Serialize};

const KEYS: u32 = 10_000;
const ENTRIES_PER_MS: u64 = 1_000;

pub const WINDOW_MS: u64 = 1_000;

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Entry {
    pub key: u32,
    pub value: u32,
    pub time_ms: u64,
}

impl Entry {
    pub fn at(number: u64) -> Entry {
        let word = mix(number as u32);
        Entry {
            key: word % KEYS,
            value: word >> 24,
            time_ms: time_of(number),
        }
    }

    /// When the window of this entry starts.
    pub fn window(&self) -> u64 {
        self.time_ms - self.time_ms % WINDOW_MS
    }
}

/// The event time of an entry, which never goes back.
pub fn time_of(number: u64) -> u64 {
    number / ENTRIES_PER_MS
}
