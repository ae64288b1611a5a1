//! Phase 2 of a ceremony, in snarkjs's format (SPEC.md, section 21): the first key, and contributions to it.
//!
//! - [`prepare`]: the first key, from a phase-1 file; [`matrix_sums`]: sums of its points over the circuit's matrices;
//!   [`beyond_powers`]: what snarkjs hashes where a circuit takes all of the file
//! - [`check_phase1`]: whether that file is consistent; [`phase1_points`], [`random_combination`], [`scalar_transform`]
//! - `known_tau`: phase-1 files for tests
//! - [`random_words`], [`random_points`]: points that follow from a hash
//! - [`fold_key`]: the folded C query of a finished key; [`group_transform`], [`multiply_each`]
//! - [`multiply`], [`shared_scalar`]: one point and many points times a secret
//! - [`transcript`]: the contributions that a key lists
//! - [`point_faults`]: whether a key's points are in their groups; [`subgroup`]: whether many are in G2
//! - [`successor`]: whether a key continues another
//! - [`contribute`]: adding one

pub mod beyond_powers;
pub mod check_phase1;
pub mod contribute;
pub mod fold_key;
pub mod group_transform;
#[cfg(any(test, feature = "deterministic"))]
pub mod known_tau;
pub mod matrix_sums;
pub mod multiply;
pub mod multiply_each;
pub mod phase1_points;
pub mod point_faults;
pub mod prepare;
pub mod random_combination;
pub mod random_points;
pub mod random_words;
pub mod scalar_transform;
pub mod shared_scalar;
pub mod subgroup;
pub mod successor;
pub mod transcript;
