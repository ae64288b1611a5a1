//! Which engine to use, decided at run time.

#[cfg(target_arch = "x86_64")]
use super::Ifma;
use super::{Engine, Portable};
use crate::error::{Code, Error, Result};

/// Which engine to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest that the processor has.
    #[default]
    Auto,
    /// The one that runs everywhere.
    Portable,
    /// AVX-512 IFMA, or an error where the processor lacks it.
    Ifma,
}

/// Work that can be done with any engine.
pub trait WithEngine {
    /// What it gives.
    type Output;

    /// Does it.
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
    /// The name of the engine that work gets on this processor; "portable" where it would be refused.
    pub fn name(self) -> &'static str {
        self.with(Name).unwrap_or(Portable::NAME)
    }

    /// Does the work with the engine chosen.
    ///
    /// # Errors
    /// `System` when the processor does not have it.
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
