//! Making development keys, off the event loop.

use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::prover::EngineChoice;
use quietproof_prover::setup;

use crate::failure::{Failure, guarded};
use crate::permit::stop_signal;

/// Makes a development key for a circuit, given as a `.r1cs` file, and writes it to `out` and its folded C query, which
/// saves two transforms per proof, to `<out>.fold`.
#[napi]
pub fn development_key(
    r1cs: Uint8Array,
    out: String,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<MakeTask> {
    AsyncTask::new(MakeTask {
        // Copied, since JavaScript keeps running and may modify its buffer.
        r1cs: r1cs.to_vec(),
        out,
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Making a key.
pub struct MakeTask {
    r1cs: Vec<u8>,
    out: String,
    threads: usize,
    permit: Option<u32>,
}

impl Task for MakeTask {
    type Output = Result<(), Failure>;
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        Ok(guarded(|| {
            let engine = EngineChoice::Auto;
            setup::development_key(engine, &self.r1cs, self.out.as_ref(), self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, made: Self::Output) -> napi::Result<()> {
        made.map_err(|failure| failure.into_rejection(env))
    }
}
