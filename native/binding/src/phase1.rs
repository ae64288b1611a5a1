//! The first key of a ceremony, the check of its phase-1 file, and the fold of a finished key, off the event loop.

use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::ceremony::check_phase1::check_phase1 as check;
use quietproof_prover::ceremony::fold_key::fold_key as fold;
use quietproof_prover::ceremony::prepare::prepare;
use quietproof_prover::prover::EngineChoice;

use crate::failure::{Failure, guarded};
use crate::permit::stop_signal;

/// Makes the first key of a ceremony for a circuit, given as a whole `.r1cs` file, from a prepared phase-1 file, and
/// returns it. Whether the file is consistent is not checked.
#[napi]
pub fn prepare_key(
    r1cs: Uint8Array,
    ptau: String,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<PrepareTask> {
    AsyncTask::new(PrepareTask {
        // Copied, since JavaScript keeps running and may modify its buffer.
        r1cs: r1cs.to_vec(),
        ptau,
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Preparing a key.
pub struct PrepareTask {
    r1cs: Vec<u8>,
    ptau: String,
    threads: usize,
    permit: Option<u32>,
}

impl Task for PrepareTask {
    type Output = Result<Vec<u8>, Failure>;
    type JsValue = Uint8Array;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        let ptau = self.ptau.as_ref();
        Ok(guarded(|| {
            prepare(EngineChoice::Auto, &self.r1cs, ptau, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, made: Self::Output) -> napi::Result<Uint8Array> {
        made.map(Uint8Array::from)
            .map_err(|failure| failure.into_rejection(env))
    }
}

/// Checks that the points of a phase-1 file that a circuit with a domain of 2^`power` uses belong together.
#[napi]
pub fn check_phase1(
    ptau: String,
    power: u32,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<CheckTask> {
    AsyncTask::new(CheckTask {
        ptau,
        power,
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Checking a phase-1 file.
pub struct CheckTask {
    ptau: String,
    power: u32,
    threads: usize,
    permit: Option<u32>,
}

impl Task for CheckTask {
    type Output = Result<(), Failure>;
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        let (ptau, power) = (self.ptau.as_ref(), self.power);
        Ok(guarded(|| {
            check(EngineChoice::Auto, ptau, power, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, checked: Self::Output) -> napi::Result<()> {
        checked.map_err(|failure| failure.into_rejection(env))
    }
}

/// Computes the folded C query of a key from its points, for its circuit, given as a whole `.r1cs` file, and writes it to
/// `<zkey>.fold`. It saves two transforms per proof.
#[napi]
pub fn fold_key(
    r1cs: Uint8Array,
    zkey: String,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<FoldTask> {
    AsyncTask::new(FoldTask {
        // Copied, since JavaScript keeps running and may modify its buffer.
        r1cs: r1cs.to_vec(),
        zkey,
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Folding a key.
pub struct FoldTask {
    r1cs: Vec<u8>,
    zkey: String,
    threads: usize,
    permit: Option<u32>,
}

impl Task for FoldTask {
    type Output = Result<(), Failure>;
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        let zkey = self.zkey.as_ref();
        Ok(guarded(|| {
            fold(EngineChoice::Auto, &self.r1cs, zkey, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, made: Self::Output) -> napi::Result<()> {
        made.map_err(|failure| failure.into_rejection(env))
    }
}
