//! Permits: work continues until its permit is revoked, which any thread can do.
//!
//! A worker thread that is proving receives no messages from JavaScript until it is done, and terminating it only waits
//! for it. So the thread that may need to stop the work draws a number here, sends it along, and revokes it when it no
//! longer wants the answer, or has it. Work with an unknown number stops as well, since nobody waits for its result.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use napi_derive::napi;

#[derive(Default)]
struct Register {
    last: u32,
    /// Valid permits. The flag is set when a permit is revoked.
    issued: HashMap<u32, Arc<AtomicBool>>,
}

static REGISTER: LazyLock<Mutex<Register>> = LazyLock::new(Mutex::default);

/// Ignores poisoning: nothing panics in the middle of a change, so the register is always consistent.
fn register() -> MutexGuard<'static, Register> {
    REGISTER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Issues a new permit.
#[napi]
pub fn issue_permit() -> u32 {
    let mut register = register();
    loop {
        register.last = register.last.wrapping_add(1);
        let id = register.last;
        if let Entry::Vacant(free) = register.issued.entry(id) {
            free.insert(Arc::default());
            return id;
        }
    }
}

/// Stops the work that runs under a permit, if it is still running.
#[napi]
pub fn revoke_permit(permit: u32) {
    if let Some(revoked) = register().issued.remove(&permit) {
        revoked.store(true, Ordering::Relaxed);
    }
}

/// Returns a function that tells whether to stop. Without a permit, it never does.
pub fn stop_signal(permit: Option<u32>) -> impl Fn() -> bool {
    let revoked = permit.map(|id| register().issued.get(&id).cloned());
    move || match &revoked {
        None => false,
        Some(None) => true,
        Some(Some(revoked)) => revoked.load(Ordering::Relaxed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_stops_when_its_permit_is_revoked_and_not_before() {
        let (mine, other) = (issue_permit(), issue_permit());
        assert_ne!(mine, other);
        let stop = stop_signal(Some(mine));
        revoke_permit(other);
        assert!(!stop());
        std::thread::spawn(move || revoke_permit(mine))
            .join()
            .expect("revokes");
        assert!(stop());
    }

    #[test]
    fn work_under_a_revoked_permit_does_not_begin() {
        let permit = issue_permit();
        revoke_permit(permit);
        assert!(stop_signal(Some(permit))());
        assert!(!stop_signal(None)());
    }
}
