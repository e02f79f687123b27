//! The job: sums of the values by key and tumbling window of event time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use timely::Config;
use timely::dataflow::channels::pact::Exchange;
use timely::dataflow::operators::{Input, Inspect, Operator, Probe};
use timely::dataflow::{InputHandle, ProbeHandle, StreamVec};

use crate::digest::{Digest, row_hash};
use crate::entry::{Entry, WINDOW_MS, time_of};

/// Event time goes on by so much at once: rounds let all that follows them keep up.
const ROUND_MS: u64 = 10;

/// The sum of a key in a window.
#[derive(Clone)]
struct WindowSum {
    key: u32,
    start_ms: u64,
    sum: u64,
}

impl WindowSum {
    fn hash(&self) -> u32 {
        row_hash(&[i64::from(self.key), self.start_ms as i64, self.sum as i64])
    }
}

/// Runs the job over the first entries. Returns the digest of all sums.
pub fn run(workers: usize, records: u64) -> Digest {
    let guards = timely::execute(Config::process(workers), move |worker| {
        let digest = Rc::new(RefCell::new(Digest::default()));
        let mut input = InputHandle::new();
        let probe = ProbeHandle::new();
        worker.dataflow::<u64, _, _>(|scope| {
            let entries = scope.input_from(&mut input);
            let digest = digest.clone();
            tumbling_sums(entries)
                .inspect(move |sum| digest.borrow_mut().add(sum.hash()))
                .probe_with(&probe);
        });
        // A worker makes every n-th entry, so that all workers are at the same time.
        for number in (worker.index() as u64..records).step_by(worker.peers()) {
            let time = time_of(number);
            if time >= input.time() + ROUND_MS {
                let round = *input.time();
                input.advance_to(time - time % ROUND_MS);
                worker.step();
                worker.step_or_park_while(None, || probe.less_than(&round));
            }
            input.send(Entry::at(number));
        }
        input.close();
        worker.step_or_park_while(None, || !probe.done());
        digest.take()
    });
    let mut total = Digest::default();
    for digest in guards.expect("workers start").join() {
        total += digest.expect("a worker ends");
    }
    total
}

/// Sums of each key in windows, emitted when the window is over.
fn tumbling_sums(entries: StreamVec<'_, u64, Entry>) -> StreamVec<'_, u64, WindowSum> {
    let by_key = Exchange::new(|entry: &Entry| u64::from(entry.key));
    entries.unary_frontier(by_key, "Tumbling Sums", |_, _| {
        let mut windows = BTreeMap::new();
        move |(input, frontier), output| {
            input.for_each(|cap, batch| {
                for entries in batch.chunk_by(|left, right| left.window() == right.window()) {
                    let start = entries[0].window();
                    let (_, sums) = windows.entry(start).or_insert_with(|| {
                        let end = cap.delayed(&(start + WINDOW_MS), 0);
                        (end, FxHashMap::default())
                    });
                    for entry in entries {
                        *sums.entry(entry.key).or_insert(0) += u64::from(entry.value);
                    }
                }
            });
            while let Some(first) = windows.first_entry() {
                let start_ms = *first.key();
                if frontier.less_than(&(start_ms + WINDOW_MS)) {
                    break;
                }
                let (end, sums) = first.remove();
                let sums = sums
                    .into_iter()
                    .map(|(key, sum)| WindowSum { key, start_ms, sum });
                output.session(&end).give_iterator(sums);
            }
        }
    })
}
