// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Why a proof is refused
interface IProofErrors {
    /// @notice The number of public signals is not that of the model.
    error SignalCount(uint256 given, uint256 expected);

    /// @notice A public signal is above the bound that the model's interface gives it.
    error SignalOutOfRange(uint256 index);

    /// @notice A point of the proof is the point at infinity.
    error PointAtInfinity();

    /// @notice The proof does not hold for these signals, or a point of it is not on its curve, not in its group, or
    /// has a coordinate that is not below the field modulus.
    error InvalidProof();

    /// @notice The call has too little gas to tell whether the proof holds. Never an answer about the proof.
    error NotEnoughGas();
}

/// @title The interface of every Quietproof verifier contract
/// @notice One contract checks the proofs of one model. The public signals are, in this order: the outputs, the input
/// (its digest, or every value), the context.
interface IQuietproofVerifier is IProofErrors {
    /// @notice The model id, which consumers pin.
    function MODEL_ID() external view returns (bytes32);

    /// @notice The circuit id: the model as a circuit, independent of its keys.
    function CIRCUIT_ID() external view returns (bytes32);

    /// @notice The id of the verification key.
    function KEY_ID() external view returns (bytes32);

    /// @notice The layout of the public signals.
    /// @return outputs Number of output signals
    /// @return inputs Number of input signals after them: 1 if the input is a digest
    /// @return digest Whether the input is a Poseidon digest
    function signalLayout() external view returns (uint256 outputs, uint256 inputs, bool digest);

    /// @notice Reverts unless the proof is valid for these signals.
    /// @param proof A.x, A.y, B.x.c1, B.x.c0, B.y.c1, B.y.c0, C.x, C.y, encoded as EIP-197 points
    /// @param signals The public signals
    function verify(uint256[8] calldata proof, uint256[] calldata signals) external view;

    /// @notice Whether the proof is valid for these signals. Reverts only with too little gas, or on arguments that
    /// are not ABI-encoded.
    /// @param proof As in `verify`
    /// @param signals The public signals
    function check(uint256[8] calldata proof, uint256[] calldata signals) external view returns (bool);
}
