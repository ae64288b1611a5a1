//! Checks of keys that take time in proportion to their size, off the event loop.

use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::ceremony::point_faults::{self, Fault};
use quietproof_prover::ceremony::successor;

use crate::failure::{Failure, guarded};
use crate::permit::stop_signal;

/// Why points of a key cannot be used.
#[napi(object)]
pub struct PointFault {
    /// The part of the key.
    pub part: String,
    /// `coordinate`, `curve` or `group`.
    pub kind: String,
    /// Of the point, for `curve`.
    pub index: Option<u32>,
}

/// Finds the first point of a key, given as a whole `.zkey` file, that is not in its group.
#[napi]
pub fn find_faulty_point(
    zkey: Uint8Array,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<PointsTask> {
    AsyncTask::new(PointsTask {
        // Copied, since JavaScript keeps running and may modify its buffer.
        zkey: zkey.to_vec(),
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Checking a key's points.
pub struct PointsTask {
    zkey: Vec<u8>,
    threads: usize,
    permit: Option<u32>,
}

impl Task for PointsTask {
    type Output = Result<Option<(&'static str, Fault)>, Failure>;
    type JsValue = Option<PointFault>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        Ok(guarded(|| {
            point_faults::find_faulty_point(&self.zkey, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, found: Self::Output) -> napi::Result<Option<PointFault>> {
        let found = found.map_err(|failure| failure.into_rejection(env))?;
        Ok(found.map(|(part, fault)| PointFault {
            part: part.to_owned(),
            kind: match fault {
                Fault::Coordinate => "coordinate",
                Fault::Curve(_) => "curve",
                Fault::Group => "group",
            }
            .to_owned(),
            index: match fault {
                Fault::Curve(index) => Some(index as u32),
                _ => None,
            },
        }))
    }
}

/// The first of `C` and `H` whose points are not those of the key before, divided by the factor between the two δ. Both
/// keys are whole `.zkey` files.
#[napi]
pub fn find_undivided(
    before: Uint8Array,
    after: Uint8Array,
    threads: u32,
    permit: Option<u32>,
) -> AsyncTask<SuccessorTask> {
    AsyncTask::new(SuccessorTask {
        // Copied, since JavaScript keeps running and may modify its buffers.
        before: before.to_vec(),
        after: after.to_vec(),
        threads: threads.max(1) as usize,
        permit,
    })
}

/// Comparing two keys.
pub struct SuccessorTask {
    before: Vec<u8>,
    after: Vec<u8>,
    threads: usize,
    permit: Option<u32>,
}

impl Task for SuccessorTask {
    type Output = Result<Option<&'static str>, Failure>;
    type JsValue = Option<String>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let stop = stop_signal(self.permit);
        Ok(guarded(|| {
            successor::find_undivided(&self.before, &self.after, self.threads, &stop)
        }))
    }

    fn resolve(&mut self, env: Env, found: Self::Output) -> napi::Result<Option<String>> {
        let found = found.map_err(|failure| failure.into_rejection(env))?;
        Ok(found.map(str::to_owned))
    }
}
