//! One thread a proof by default; all cores for a single one when asked.

/// Runs both, at the same time when called inside a thread pool, and one after the other outside: a proof that was
/// given one thread never wakes another.
pub fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    join_if(threads() > 1, a, b)
}

/// Runs both, at the same time if told so: for work that knows when its halves are too small.
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

/// Threads of the pool this is called in; 1 outside of any.
pub fn threads() -> usize {
    match rayon::current_thread_index() {
        None => 1,
        Some(_) => rayon::current_num_threads(),
    }
}

/// Runs `work` in a pool of so many threads; of one: right here.
///
/// # Panics
/// When the operating system gives no threads.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    if threads <= 1 {
        return work();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(work)
}
