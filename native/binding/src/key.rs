//! The JavaScript class of a loaded proving key.

use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Uint8ArraySlice};
use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::error::{Code, Error};
use quietproof_prover::key::layout::Sha256Digest;
use quietproof_prover::prover::{EngineChoice, KnownDigests, Options, Prover};

use crate::failure::{Failure, Thrown, guarded};
use crate::json::{StatedProof, VerificationKey};
use crate::permit::stop_signal;
use crate::verifying::VerifyTask;

/// Options for loading a key.
#[napi(object)]
pub struct KeyOptions {
    /// Cache file for the key in the prover's layout.
    pub cache: Option<String>,
    /// Maximum memory for precomputed multiples of the key's H points, in bytes.
    pub table_budget: f64,
    /// The engine to use; by default the fastest that the processor supports.
    pub engine: Option<String>,
    /// SHA-256 of the .zkey in hexadecimal, if the caller computed it and the file has not changed since.
    pub known_source: Option<String>,
    /// In the same way, the digest in the cache file, which is then not searched for damage.
    pub known_content: Option<String>,
}

/// A loaded key. Keys from the same file share their memory within a process, across threads.
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
pub fn load_key(zkey: String, options: KeyOptions) -> AsyncTask<LoadTask> {
    AsyncTask::new(LoadTask { zkey, options })
}

fn load(zkey: &str, options: &KeyOptions) -> Result<Key, Failure> {
    let known = KnownDigests {
        source: digest_of(options.known_source.as_deref()),
        content: digest_of(options.known_content.as_deref()),
    };
    let options = Options {
        engine: engine_named(options.engine.as_deref())?,
        cache: options.cache.as_ref().map(PathBuf::from),
        // The conversion saturates, and turns NaN into 0.
        table_budget: options.table_budget as u64,
    };
    let prover = guarded(|| Prover::load(zkey.as_ref(), &options, &known))?;
    Ok(Key {
        prover: Some(prover),
    })
}

/// 64 hexadecimal digits. What is no digest is none that the caller knows.
fn digest_of(text: Option<&str>) -> Option<Sha256Digest> {
    let digits = text?.as_bytes().as_chunks::<2>().0;
    let mut digest = Sha256Digest::default();
    if digits.len() != digest.len() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

fn hexadecimal(digest: Sha256Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// Loading a key.
pub struct LoadTask {
    zkey: String,
    options: KeyOptions,
}

impl Task for LoadTask {
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
    /// The engine in use.
    #[napi(getter)]
    pub fn engine(&self) -> Result<&'static str, Thrown> {
        Ok(self.open()?.engine())
    }

    /// Size of the key in memory, in bytes, counted once for all who share it.
    #[napi(getter)]
    pub fn memory(&self) -> Result<f64, Thrown> {
        Ok(self.open()?.key_bytes() as f64)
    }

    /// Why the key could not be stored in its cache, if so. Each process must then convert it again.
    #[napi(getter)]
    pub fn uncached(&self) -> Result<Option<String>, Thrown> {
        Ok(self.open()?.uncached().map(str::to_owned))
    }

    /// SHA-256 of the .zkey, in hexadecimal.
    #[napi(getter)]
    pub fn source_digest(&self) -> Result<String, Thrown> {
        Ok(hexadecimal(self.open()?.source()))
    }

    /// The digest in the cache file, in hexadecimal.
    #[napi(getter)]
    pub fn content_digest(&self) -> Result<String, Thrown> {
        Ok(hexadecimal(self.open()?.content()))
    }

    /// The verification key.
    #[napi(getter)]
    pub fn verification_key(&self) -> Result<VerificationKey, Thrown> {
        Ok(VerificationKey::new(&self.open()?.verification_points()))
    }

    /// Proves on the calling thread, with additional threads if `threads` is more than one.
    ///
    /// `witness` is borrowed from JavaScript during the call: this thread runs no JavaScript meanwhile, and the caller
    /// must ensure that no other thread writes to the memory.
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

    /// Whether proofs of all these witnesses would verify, on the calling thread and `threads` - 1 others. Borrows them as
    /// `prove` does.
    #[napi]
    pub fn proves_all(
        &self,
        witnesses: Vec<Uint8ArraySlice>,
        threads: u32,
        permit: Option<u32>,
    ) -> Result<bool, Thrown> {
        let prover = self.open()?;
        let stop = stop_signal(permit);
        let witnesses = witnesses.iter().map(|witness| &witness[..]);
        Ok(guarded(|| {
            prover.proves_all(witnesses, threads.max(1) as usize, &stop)
        })?)
    }

    /// Whether all proofs hold for their public signals; false if one of them cannot be decoded.
    #[napi]
    pub fn verify(&self, proofs: Vec<StatedProof>) -> Result<AsyncTask<VerifyTask>, Thrown> {
        Ok(AsyncTask::new(VerifyTask::new(self.open()?, &proofs)))
    }

    /// Releases the key. Its memory is freed with the last reference in the process.
    #[napi]
    pub fn close(&mut self) {
        self.prover = None;
    }

    fn open(&self) -> Result<Arc<Prover>, Failure> {
        let closed = || Error::new(Code::BadKey, "The key was closed").into();
        self.prover.clone().ok_or_else(closed)
    }
}
