//! Errors on their way to JavaScript, where their `code` is what callers go by.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::{Env, JsError};
use quietproof_prover::error::Error;

/// The code of a bug in the prover, caught at the border.
const PANIC: &str = "panic";

/// What functions called from JavaScript fail with: napi throws it with its status as the `code`.
pub type Thrown = napi::Error<&'static str>;

/// What went wrong, in a form that may cross threads.
#[derive(Debug)]
pub struct Failure {
    code: &'static str,
    message: String,
}

impl Failure {
    /// As what JavaScript's promises are rejected with, whose type knows no codes of ours.
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

/// Runs the prover's code and lets nothing but a value out of it.
///
/// State that a panic may leave behind is the prover's to keep sound: a proof's buffers go with it, and a key is only
/// read once it is loaded.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::from),
        Err(payload) => Err(Failure {
            code: PANIC,
            message: format!("The native prover failed: {}", words_of(&*payload)),
        }),
    }
}

fn words_of(payload: &(dyn Any + Send)) -> &str {
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
