//! The public interface: one prover per key and process, independent of the engine.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::SystemTime;

use ark_bn254::G1Affine;
use sha2::{Digest, Sha256};

use crate::durable::map_file;
pub use crate::engine::EngineChoice;
use crate::engine::{Engine, WithEngine};
use crate::error::{Code, Error, Result};
use crate::formats::fold::{fold_path, read_fold};
use crate::formats::zkey::Zkey;
use crate::formats::zkey_points::{HeaderPoints, g1};
use crate::key::cache;
use crate::key::convert::{Conversion, convert};
use crate::key::layout::{Layout, Sha256Digest};
use crate::key::verification_points;
use crate::msm::fixed_base::Shape;
use crate::parallel::with_threads;
use crate::proof::Proof;
use crate::prove::{Blinding, Cancel, LoadedKey};
use crate::verify::VerifyingKey;
use crate::wires::Wires;

/// How to load a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The arithmetic to use.
    pub engine: EngineChoice,
    /// Cache file for the key in the prover's layout. Without it, or if it is not writable, the key is kept in memory.
    pub cache: Option<PathBuf>,
    /// Maximum memory for precomputed multiples of the key's H points, in bytes, shared by all workers. With 0, a LeNet
    /// proof takes about 1.5 times as long.
    pub table_budget: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: EngineChoice::Auto,
            cache: None,
            table_budget: 256 << 20,
        }
    }
}

/// Digests that a caller has computed of files which have not changed since, so that loading does not compute them again.
///
/// A wrong one cannot make a false proof pass. `source` selects the cached key, and `content` spares the search for damage
/// in it; whatever key comes of that, its verification key is compared with the one that the caller expects, and every
/// proof is verified under it. Damaged content gives an error or proofs that are rejected: nothing in it is an address.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownDigests {
    /// SHA-256 of the .zkey.
    pub source: Option<Sha256Digest>,
    /// The digest in the header of the cache file, see [`Prover::content`].
    pub content: Option<Sha256Digest>,
}

/// A loaded key. Can be used from many threads at once; proofs share nothing but the key.
pub struct Prover {
    key: Box<dyn Loaded>,
    uncached: Option<String>,
}

/// A loaded key, independent of the engine.
trait Loaded: Send + Sync {
    fn engine_name(&self) -> &'static str;
    fn layout(&self) -> &Layout;
    fn verifying_key(&self) -> &VerifyingKey;
    fn prove(&self, wires: &Wires, blinding: &Blinding, cancel: Cancel<'_>) -> Result<Proof>;
    fn proves_all(&self, witnesses: &[Wires], cancel: Cancel<'_>) -> Result<bool>;
}

impl<E: Engine> Loaded for LoadedKey<E> {
    fn engine_name(&self) -> &'static str {
        E::NAME
    }

    fn layout(&self) -> &Layout {
        self.layout()
    }

    fn verifying_key(&self) -> &VerifyingKey {
        self.verifying_key()
    }

    fn prove(&self, wires: &Wires, blinding: &Blinding, cancel: Cancel<'_>) -> Result<Proof> {
        self.prove(wires, blinding, cancel)
    }

    fn proves_all(&self, witnesses: &[Wires], cancel: Cancel<'_>) -> Result<bool> {
        self.proves_all(witnesses, cancel)
    }
}

/// Identifies a loaded key: the state of its file, and the options.
#[derive(PartialEq, Eq)]
struct Identity {
    path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
    options: Options,
}

impl Identity {
    fn of(zkey: &Path, options: &Options) -> Result<Self> {
        let path = zkey
            .canonicalize()
            .map_err(|error| unreadable(zkey, &error))?;
        let metadata = path.metadata().map_err(|error| unreadable(zkey, &error))?;
        Ok(Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            options: options.clone(),
            path,
        })
    }
}

/// Keys in use by this process, shared by all threads.
static IN_USE: Mutex<Vec<(Identity, Weak<Prover>)>> = Mutex::new(Vec::new());

impl Prover {
    /// Loads a key, or shares it if this process has already loaded it. The first load converts the key, which takes a
    /// second at LeNet's size, and stores the result in the cache.
    ///
    /// # Errors
    /// `BadKey`; `System` when the file cannot be read, there is not enough memory or the engine is not supported.
    pub fn load(zkey: &Path, options: &Options, known: &KnownDigests) -> Result<Arc<Self>> {
        let identity = Identity::of(zkey, options)?;
        // Locked while loading, so that a second thread waits for the same key instead of converting it again.
        let mut in_use = IN_USE
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        in_use.retain(|(_, prover)| prover.strong_count() > 0);
        let same = in_use.iter().find(|(other, _)| *other == identity);
        if let Some(prover) = same.and_then(|(_, prover)| prover.upgrade()) {
            return Ok(prover);
        }
        let prover = Arc::new(Self::open(zkey, options, known)?);
        in_use.push((identity, Arc::downgrade(&prover)));
        Ok(prover)
    }

    fn open(zkey: &Path, options: &Options, known: &KnownDigests) -> Result<Self> {
        let file = File::open(zkey).map_err(|error| unreadable(zkey, &error))?;
        let bytes = map_file(&file).map_err(|error| unreadable(zkey, &error))?;
        let source = known
            .source
            .unwrap_or_else(|| Sha256::digest(&bytes).into());
        options.engine.with(LoadTask {
            zkey,
            bytes: &bytes,
            source,
            content: known.content,
            options,
        })?
    }

    /// Makes a proof, and verifies it before returning it.
    ///
    /// `witness` contains all wires, 32 little-endian bytes each. More than one thread makes a single proof faster; for
    /// many proofs, one thread each is faster.
    ///
    /// # Errors
    /// `BadWitness`; `ProofRejected` when the witness violates a constraint, or the key or the machine is faulty;
    /// `Cancelled` when `cancel` returned true between two phases; `System` when there is no randomness.
    pub fn prove(&self, witness: &[u8], threads: usize, cancel: Cancel<'_>) -> Result<Proof> {
        let wires = self.wires(witness)?;
        let blinding = Blinding::random()?;
        with_threads(threads, || self.key.prove(&wires, &blinding, cancel))
    }

    /// Whether proofs of all these witnesses would verify, found by one equation and without making the proofs: a trial of
    /// the key.
    ///
    /// # Errors
    /// `BadWitness`; `Cancelled` when `cancel` returned true between two phases; `System` when there is no randomness.
    pub fn proves_all<'a>(
        &self,
        witnesses: impl IntoIterator<Item = &'a [u8]>,
        threads: usize,
        cancel: Cancel<'_>,
    ) -> Result<bool> {
        let witnesses = witnesses
            .into_iter()
            .map(|witness| self.wires(witness))
            .collect::<Result<Vec<_>>>()?;
        with_threads(threads, || self.key.proves_all(&witnesses, cancel))
    }

    /// Like [`Prover::prove`], with given blinding.
    ///
    /// # Errors
    /// Like [`Prover::prove`].
    #[cfg(any(test, feature = "deterministic"))]
    pub fn prove_with(&self, witness: &[u8], blinding: &Blinding, threads: usize) -> Result<Proof> {
        let wires = self.wires(witness)?;
        with_threads(threads, || self.key.prove(&wires, blinding, &|| false))
    }

    fn wires(&self, witness: &[u8]) -> Result<Wires> {
        Wires::new(witness, self.key.layout().header().n_wires as usize)
    }

    /// Whether a proof holds for the public signals: 32 little-endian bytes each, the constant 1 first.
    ///
    /// # Errors
    /// `BadWitness` when the number of signals is not that of the key, or one is not below the field order.
    pub fn verify(&self, proof: &Proof, signals: &[u8]) -> Result<bool> {
        Ok(self.verifying_key().verify(proof, &self.signals(signals)?))
    }

    /// Whether all proofs hold, see [`VerifyingKey::verify_many`].
    ///
    /// # Errors
    /// Like [`Prover::verify`]; `System` when there is no randomness.
    pub fn verify_many<'a>(
        &self,
        batch: impl IntoIterator<Item = (Proof, &'a [u8])>,
    ) -> Result<bool> {
        let batch = batch
            .into_iter()
            .map(|(proof, signals)| Ok((proof, self.signals(signals)?)))
            .collect::<Result<Vec<_>>>()?;
        self.verifying_key().verify_many(&batch)
    }

    fn signals(&self, signals: &[u8]) -> Result<Wires> {
        Wires::new(signals, 1 + self.public_count())
    }

    fn verifying_key(&self) -> &VerifyingKey {
        self.key.verifying_key()
    }

    /// The points of the verification key.
    pub fn verification_points(&self) -> HeaderPoints {
        verification_points(self.key.layout())
    }

    /// Number of public signals.
    pub fn public_count(&self) -> usize {
        self.verifying_key().public_count()
    }

    /// SHA-256 of the .zkey that the key was made from.
    pub fn source(&self) -> Sha256Digest {
        self.key.layout().header().source
    }

    /// The digest that the cache file of this key has in its header.
    pub fn content(&self) -> Sha256Digest {
        self.key.layout().header().content()
    }

    /// The engine in use: "portable" or "avx512-ifma".
    pub fn engine(&self) -> &'static str {
        self.key.engine_name()
    }

    /// Size of the key in bytes, shared by all threads; mapped from the cache unless [`Prover::uncached`].
    pub fn key_bytes(&self) -> usize {
        self.key.layout().bytes().len()
    }

    /// Why the key could not be stored in the cache, if so. It is then in this process's memory.
    pub fn uncached(&self) -> Option<&str> {
        self.uncached.as_deref()
    }
}

/// Loading a key, for any engine.
struct LoadTask<'a> {
    zkey: &'a Path,
    bytes: &'a [u8],
    source: Sha256Digest,
    content: Option<Sha256Digest>,
    options: &'a Options,
}

impl WithEngine for LoadTask<'_> {
    type Output = Result<Prover>;

    fn run<E: Engine>(self, engine: E) -> Result<Prover> {
        let (layout, uncached) = match self.load_from_cache::<E>() {
            Some(layout) if !self.misses_fold(&layout) => (layout, None),
            _ => store_in_cache(self.options, self.convert(engine)?),
        };
        let domain = engine.domain(layout.header().log_domain);
        let key = Box::new(LoadedKey::new(engine, domain, layout)?);
        Ok(Prover { key, uncached })
    }
}

impl LoadTask<'_> {
    fn convert<E: Engine>(&self, engine: E) -> Result<Layout> {
        let zkey = Zkey::read(self.bytes)?;
        zkey.header_points()?;
        let folded = self.folded(zkey.shape.n_wires);
        let conversion = Conversion {
            zkey: &zkey,
            source: self.source,
            budget: self.options.table_budget,
            folded: folded.as_deref(),
        };
        let domain = engine.domain(zkey.shape.log_domain);
        with_threads(available_threads(), || {
            convert(engine, &domain, &conversion)
        })
    }

    /// The cached layout, if it was made for this key, engine and budget.
    fn load_from_cache<E: Engine>(&self) -> Option<Layout> {
        let cache = self.options.cache.as_deref()?;
        let layout = cache::open(cache, &self.source, self.content.as_ref()).ok()?;
        let header = layout.header();
        let shape = Shape::fitting(1 << header.log_domain, self.options.table_budget);
        (header.radix_bits == E::RADIX_BITS && header.h_shape() == shape).then_some(layout)
    }

    /// Whether the layout was made before the key had its folded C query.
    fn misses_fold(&self, layout: &Layout) -> bool {
        let header = layout.header();
        header.folded == 0 && self.folded(header.n_wires as usize).is_some()
    }

    /// The folded C query, if the key has one. A damaged one is ignored, which costs each proof two more transforms.
    fn folded(&self, n_wires: usize) -> Option<Vec<G1Affine>> {
        let file = File::open(fold_path(self.zkey)).ok()?;
        let bytes = map_file(&file).ok()?;
        let points = read_fold(&bytes, &self.source, n_wires).ok()?;
        Some(points.iter().map(g1).collect())
    }
}

/// Stores the layout in the cache and maps it from there, so that processes share it: what was just written is not searched
/// for damage. If that fails, returns the layout
/// in memory, with the reason: the cache is optional.
fn store_in_cache(options: &Options, layout: Layout) -> (Layout, Option<String>) {
    let Some(path) = options.cache.as_deref() else {
        return (layout, None);
    };
    let (source, content) = (layout.header().source, layout.header().content());
    let mapped = cache::write(path, &layout)
        .map_err(|error| error.message)
        .and_then(|()| cache::open(path, &source, Some(&content)));
    match mapped {
        Ok(mapped) => (mapped, None),
        Err(reason) => (layout, Some(reason)),
    }
}

fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        Code::System,
        format!("{} cannot be read: {error}", path.display()),
    )
}
