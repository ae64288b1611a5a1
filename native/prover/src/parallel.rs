//! One thread per proof by default, several for a single proof on request.

/// Runs both closures: in parallel inside a thread pool, otherwise one after the other, so that a proof with one thread
/// never wakes another.
pub fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    join_if(threads() > 1, a, b)
}

/// Like [`join`], for callers that decide themselves whether the work is large enough to split.
pub fn join_if<A: Send, B: Send>(
    parallel: bool,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    match parallel {
        true => rayon::join(a, b),
        false => (a(), b()),
    }
}

/// Number of threads in the current pool; 1 outside of any pool.
pub fn threads() -> usize {
    match rayon::current_thread_index() {
        None => 1,
        Some(_) => rayon::current_num_threads(),
    }
}

/// Runs `work` in a new pool with this many threads, or on the calling thread if that is 1.
///
/// # Panics
/// When the operating system cannot create the threads.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    if threads <= 1 {
        return work();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(work)
}
