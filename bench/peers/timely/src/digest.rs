//! How outputs are compared; the same as `bench/digest`.

use std::fmt;
use std::ops::AddAssign;

const GOLDEN: u32 = 0x9e37_79b9;
const SPREAD: u32 = 0x7feb_352d;
const SPREAD_HIGH: u32 = 0x846c_a68b;

/// A mixer: each bit of the argument changes half of the bits of the outcome.
pub fn mix(word: u32) -> u32 {
    let x = (word ^ (word >> 16)).wrapping_mul(SPREAD);
    let x = (x ^ (x >> 15)).wrapping_mul(SPREAD_HIGH);
    x ^ (x >> 16)
}

/// The hash of a row of whole numbers.
pub fn row_hash(fields: &[i64]) -> u32 {
    mix(fields.iter().fold(0, |word, &field| {
        let (low, high) = (field as u32, (field >> 32) as u32);
        let bits = low ^ high.wrapping_mul(SPREAD_HIGH);
        let product = (word.wrapping_add(GOLDEN) ^ bits).wrapping_mul(SPREAD);
        product ^ (product >> 15)
    }))
}

/// A digest of rows, given by their hashes, that does not depend on their order.
#[derive(Clone, Copy, Default)]
pub struct Digest {
    rows: u64,
    low: u32,
    high: u32,
}

impl Digest {
    pub fn add(&mut self, word: u32) {
        *self += Digest {
            rows: 1,
            low: word,
            high: mix(word ^ GOLDEN),
        };
    }
}

impl AddAssign for Digest {
    fn add_assign(&mut self, other: Digest) {
        self.rows += other.rows;
        self.low = self.low.wrapping_add(other.low);
        self.high = self.high.wrapping_add(other.high);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}-{:08x}{:08x}", self.rows, self.high, self.low)
    }
}
