//! The keyed window job of the benchmarks on timely dataflow. Reads lines `workers records` and
//! answers each with the digest of the sums; ends with its input.

mod digest;
mod entry;
mod keyed_window;

use std::io;

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let line = line?;
        let (workers, records) = parse(&line)
            .unwrap_or_else(|| panic!("expected `workers records`, two numbers, not `{line}`"));
        println!("{}", keyed_window::run(workers, records));
    }
    Ok(())
}

fn parse(line: &str) -> Option<(usize, u64)> {
    let (workers, records) = line.split_once(' ')?;
    Some((workers.parse().ok()?, records.parse().ok()?))
}
