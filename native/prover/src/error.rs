//! Errors. Each has a stable code, which callers map to their own.

use std::fmt;

/// The kind of an error, stable across versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A `.zkey` that cannot be read as a BN254 Groth16 key.
    BadKey,
    /// A `.wtns` that cannot be read, or wires that do not fit the key.
    BadWitness,
    /// A `.r1cs` that cannot be read, or is too large.
    BadCircuit,
    /// A `.ptau` that cannot be read as a prepared BN254 phase-1 file, or is too small.
    BadPhase1,
    /// The points of a `.ptau` do not belong together.
    InconsistentPhase1,
    /// The new proof does not verify: the witness violates a constraint, or the key or the machine is faulty.
    ProofRejected,
    /// The caller cancelled.
    Cancelled,
    /// The operating system refused a file, memory or randomness.
    System,
}

impl Code {
    /// The code's name outside of Rust.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadKey => "bad-key",
            Self::BadWitness => "bad-witness",
            Self::BadCircuit => "bad-circuit",
            Self::BadPhase1 => "bad-phase1",
            Self::InconsistentPhase1 => "inconsistent-phase1",
            Self::ProofRejected => "proof-rejected",
            Self::Cancelled => "cancelled",
            Self::System => "system",
        }
    }
}

/// An error: a code for programs and a message for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of error.
    pub code: Code,
    /// What was wrong and where; no full stop at the end.
    pub message: String,
}

/// The result of this crate's fallible functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of this kind.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::new(Code::System, error.to_string())
    }
}
