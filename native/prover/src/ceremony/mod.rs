//! Phase 2 of a ceremony: contributions to a key, in snarkjs's format (SPEC.md, section 21).
//!
//! - [`random_words`], [`random_points`]: points that follow from a hash
//! - [`multiply`]: many points times one secret
//! - [`transcript`]: the contributions that a key lists
//! - [`contribute`]: adding one

pub mod contribute;
pub mod multiply;
pub mod random_points;
pub mod random_words;
pub mod transcript;
