//! How deep the tests that go by chance go, and where they begin: decided here and nowhere else.
//!
//! `scripts/test` tries each change from a seed that its commit gives, so that a red run is red again. `scripts/nightly`
//! sets `TEST_DEPTH=nightly` and goes deeper, each time from another seed. `TEST_SEED` repeats a run; it stands in the
//! output of each such test that fails.

use std::sync::LazyLock;

use rand::SeedableRng;
use rand::rngs::StdRng;

static NIGHTLY: LazyLock<bool> = LazyLock::new(|| match std::env::var("TEST_DEPTH").as_deref() {
    Ok("nightly") => true,
    Ok("change" | "") | Err(_) => false,
    Ok(other) => panic!("TEST_DEPTH is nightly or change, not {other}"),
});

static SEED: LazyLock<u64> = LazyLock::new(|| match std::env::var("TEST_SEED") {
    Ok(seed) => seed.parse().expect("TEST_SEED is a number"),
    Err(_) => rand::random_range(0..1_000_000_000),
});

/// As much as each change is tried with, or as much as a night has time for.
pub fn deep<T>(each_change: T, nightly: T) -> T {
    if *NIGHTLY { nightly } else { each_change }
}

/// The seed of a test, so that each goes its own way.
pub fn seed(test: &str) -> u64 {
    println!("TEST_SEED={}", *SEED);
    test.bytes().fold(*SEED, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

pub fn chance(test: &str) -> StdRng {
    StdRng::seed_from_u64(seed(test))
}
