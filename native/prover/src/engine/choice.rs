//! Choice of the engine at run time.

#[cfg(target_arch = "x86_64")]
use super::Ifma;
use super::{Engine, Portable};
use crate::error::{Code, Error, Result};

/// Which engine to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest that the processor supports.
    #[default]
    Auto,
    /// The engine that runs everywhere.
    Portable,
    /// AVX-512 IFMA; an error if the processor lacks it.
    Ifma,
}

/// Work that is generic over the engine.
pub trait WithEngine {
    /// Its result.
    type Output;

    /// Runs the work.
    fn run<E: Engine>(self, engine: E) -> Self::Output;
}

struct Name;

impl WithEngine for Name {
    type Output = &'static str;

    fn run<E: Engine>(self, _: E) -> &'static str {
        E::NAME
    }
}

impl EngineChoice {
    /// Name of the engine used on this processor; "portable" if the choice is not supported.
    pub fn name(self) -> &'static str {
        self.with(Name).unwrap_or(Portable::NAME)
    }

    /// Runs the work with the chosen engine.
    ///
    /// # Errors
    /// `System` when the processor does not support it.
    pub fn with<W: WithEngine>(self, work: W) -> Result<W::Output> {
        #[cfg(target_arch = "x86_64")]
        if self != Self::Portable
            && let Some(engine) = Ifma::detect()
        {
            return Ok(work.run(engine));
        }
        match self {
            Self::Ifma => Err(Error::new(
                Code::System,
                "this processor has no AVX-512 IFMA",
            )),
            _ => Ok(work.run(Portable)),
        }
    }
}
