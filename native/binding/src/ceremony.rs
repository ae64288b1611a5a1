//! Contributions to ceremony keys, off the event loop.

use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::ceremony::contribute::{Origin, contribute as contribute_to};
use quietproof_prover::ceremony::transcript::Beacon;

use crate::failure::{Failure, guarded};
use crate::permit::stop_signal;

/// Public randomness for the last contribution.
#[napi(object)]
pub struct BeaconOptions {
    /// The bytes.
    pub hash: Uint8Array,
    /// Binary logarithm of the number of times that they are hashed.
    pub iterations_exponent: u8,
}

/// Adds a contribution to a ceremony key, given as a whole `.zkey` file, and returns the new file. Its secret comes from
/// the operating system and is overwritten, or follows from a beacon.
#[napi]
pub fn contribute(
    zkey: Uint8Array,
    name: String,
    beacon: Option<BeaconOptions>,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<ContributeTask> {
    AsyncTask::new(ContributeTask {
        // Copied, since JavaScript keeps running and may modify its buffers.
        zkey: zkey.to_vec(),
        name,
        origin: match beacon {
            None => Origin::Fresh,
            Some(beacon) => Origin::Beacon(Beacon {
                hash: beacon.hash.to_vec(),
                iterations_exponent: beacon.iterations_exponent,
            }),
        },
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Contributing.
pub struct ContributeTask {
    zkey: Vec<u8>,
    name: String,
    origin: Origin,
    threads: usize,
    permit: Option<u32>,
}

impl Task for ContributeTask {
    type Output = Result<Vec<u8>, Failure>;
    type JsValue = Uint8Array;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        Ok(guarded(|| {
            contribute_to(&self.zkey, &self.name, &self.origin, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, made: Self::Output) -> napi::Result<Uint8Array> {
        made.map(Uint8Array::from)
            .map_err(|failure| failure.into_rejection(env))
    }
}
