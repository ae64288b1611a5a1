//! Conversion of errors to JavaScript errors with a `code`.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::{Env, JsError};
use quietproof_prover::error::Error;

/// The code of a panic, which is a bug in the prover.
const PANIC: &str = "panic";

/// The error type of exported functions: napi throws it with the status as `code`.
pub type Thrown = napi::Error<&'static str>;

/// An error that can be sent between threads.
#[derive(Debug)]
pub struct Failure {
    code: &'static str,
    message: String,
}

impl Failure {
    /// The rejection of a promise. napi's type for it has no custom codes, so it wraps a JavaScript error.
    pub fn into_rejection(self, env: Env) -> napi::Error {
        JsError::from(Thrown::from(self)).into_unknown(env).into()
    }
}

impl From<Error> for Failure {
    fn from(Error { code, message }: Error) -> Self {
        Self {
            code: code.name(),
            message,
        }
    }
}

impl From<Failure> for Thrown {
    fn from(Failure { code, message }: Failure) -> Self {
        Self::new(code, message)
    }
}

/// Runs the prover's code, and turns panics into errors.
///
/// `AssertUnwindSafe` is justified because a panic leaves no inconsistent state behind: a proof's buffers are dropped,
/// and a loaded key is read-only.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::from),
        Err(payload) => Err(Failure {
            code: PANIC,
            message: format!("The native prover failed: {}", panic_message(&*payload)),
        }),
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use quietproof_prover::error::Code;

    #[test]
    fn an_error_keeps_its_code() {
        let failure =
            guarded::<()>(|| Err(Error::new(Code::BadKey, "not a zkey"))).expect_err("fails");
        assert_eq!(failure.code, "bad-key");
        assert_eq!(failure.message, "not a zkey");
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let index = std::hint::black_box(3);
        let failure = guarded(|| Ok([1, 2, 3][index])).expect_err("fails");
        assert_eq!(failure.code, "panic");
        assert!(
            failure.message.contains("index out of bounds"),
            "{}",
            failure.message
        );
    }
}
