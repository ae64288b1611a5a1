//! A proving key in JavaScript's hands.

use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Uint8ArraySlice};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::error::{Code, Error};
use quietproof_prover::prover::{EngineChoice, Options, Prover};

use crate::failure::{Failure, Thrown, guarded};
use crate::json::{StatedProof, VerificationKey};
use crate::permit::stop_signal;
use crate::verifying::Verifying;

/// How a key is loaded.
#[napi(object)]
pub struct KeyOptions {
    /// Where the key lies in the prover's own layout, or is to.
    pub cache: Option<String>,
    /// Memory for precomputed multiples of the key's H points, in bytes.
    pub table_budget: f64,
    /// The engine to prove with; the fastest there is if left out.
    pub engine: Option<String>,
}

/// A loaded key. All of one file in this process share its memory, whichever thread loaded them.
#[napi(js_name = "NativeKey")]
pub struct Key {
    prover: Option<Arc<Prover>>,
}

/// Loads a key on the calling thread.
#[napi]
pub fn load_key_sync(zkey: String, options: KeyOptions) -> Result<Key, Thrown> {
    Ok(load(&zkey, &options)?)
}

/// Loads a key off the event loop.
#[napi]
pub fn load_key(zkey: String, options: KeyOptions) -> AsyncTask<Loading> {
    AsyncTask::new(Loading { zkey, options })
}

fn load(zkey: &str, options: &KeyOptions) -> Result<Key, Failure> {
    let options = Options {
        engine: engine_named(options.engine.as_deref())?,
        cache: options.cache.as_ref().map(PathBuf::from),
        // Saturates, and takes NaN for 0.
        table_budget: options.table_budget as u64,
    };
    let prover = guarded(|| Prover::load(zkey.as_ref(), &options))?;
    Ok(Key {
        prover: Some(prover),
    })
}

fn engine_named(name: Option<&str>) -> Result<EngineChoice, Error> {
    match name {
        None => Ok(EngineChoice::Auto),
        Some("portable") => Ok(EngineChoice::Portable),
        Some("avx512-ifma") => Ok(EngineChoice::Ifma),
        Some(other) => Err(Error::new(
            Code::System,
            format!("there is no engine \"{other}\""),
        )),
    }
}

/// A key being loaded.
pub struct Loading {
    zkey: String,
    options: KeyOptions,
}

impl Task for Loading {
    type Output = Result<Key, Failure>;
    type JsValue = Key;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(load(&self.zkey, &self.options))
    }

    fn resolve(&mut self, env: Env, loaded: Self::Output) -> napi::Result<Key> {
        loaded.map_err(|failure| failure.into_rejection(env))
    }
}

#[napi]
impl Key {
    /// The arithmetic it proves with.
    #[napi(getter)]
    pub fn engine(&self) -> Result<&'static str, Thrown> {
        Ok(self.open()?.engine())
    }

    /// Bytes mapped or held, once for all who share the key.
    #[napi(getter)]
    pub fn memory(&self) -> Result<f64, Thrown> {
        Ok(self.open()?.key_bytes() as f64)
    }

    /// Why the key could not be kept in its cache, if so: each process converts it anew.
    #[napi(getter)]
    pub fn uncached(&self) -> Result<Option<String>, Thrown> {
        Ok(self.open()?.uncached().map(str::to_owned))
    }

    /// The part that proofs are verified with.
    #[napi(getter)]
    pub fn verification_key(&self) -> Result<VerificationKey, Thrown> {
        Ok(VerificationKey::new(&self.open()?.verification_points()))
    }

    /// Proves on the calling thread, and with further threads where more than one is asked for.
    ///
    /// `witness` is lent by JavaScript for the time of the call: this thread runs no JavaScript meanwhile, and the
    /// caller sees to it that no other thread shares the memory.
    #[napi]
    pub fn prove(
        &self,
        witness: Uint8ArraySlice,
        threads: u32,
        permit: Option<u32>,
    ) -> Result<StatedProof, Thrown> {
        let prover = self.open()?;
        let stop = stop_signal(permit);
        let proof = guarded(|| prover.prove(&witness, threads.max(1) as usize, &stop))?;
        Ok(StatedProof::new(
            &proof,
            &witness[..],
            prover.public_count(),
        ))
    }

    /// Whether all proofs hold for their public signals; not if one of them is no proof at all.
    #[napi]
    pub fn verify(&self, proofs: Vec<StatedProof>) -> Result<AsyncTask<Verifying>, Thrown> {
        Ok(AsyncTask::new(Verifying::new(self.open()?, &proofs)))
    }

    /// Gives the key back; its memory goes with the last who shares it.
    #[napi]
    pub fn close(&mut self) {
        self.prover = None;
    }

    fn open(&self) -> Result<Arc<Prover>, Failure> {
        let closed = || Error::new(Code::BadKey, "The key was closed").into();
        self.prover.clone().ok_or_else(closed)
    }
}
