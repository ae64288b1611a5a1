//! Permits: work goes on until the permit it was given is revoked, by whatever thread.
//!
//! A worker thread that proves cannot hear from JavaScript until it is done, and ending the thread only waits for it.
//! So the thread that may want to stop it takes a number here, sends it along, and revokes it: when it no longer wants
//! the answer, or has it. A number that nobody holds any more stops work too, since nobody waits for that.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use napi_derive::napi;

#[derive(Default)]
struct Register {
    last: u32,
    /// Permits in force; the flag is raised when one is revoked.
    issued: HashMap<u32, Arc<AtomicBool>>,
}

static REGISTER: LazyLock<Mutex<Register>> = LazyLock::new(Mutex::default);

/// A panic cannot happen between the changes of the register, so that it is whole whatever became of its last holder.
fn register() -> MutexGuard<'static, Register> {
    REGISTER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new permit.
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

/// Stops what runs under a permit; nothing happens where that is over.
#[napi]
pub fn revoke_permit(permit: u32) {
    if let Some(revoked) = register().issued.remove(&permit) {
        revoked.store(true, Ordering::Relaxed);
    }
}

/// What work asks whether it is to stop. Without a permit it never is.
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
    fn work_under_a_permit_that_is_gone_does_not_begin() {
        let permit = issue_permit();
        revoke_permit(permit);
        assert!(stop_signal(Some(permit))());
        assert!(!stop_signal(None)());
    }
}
