// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IProofErrors, IQuietproofVerifier} from "./IQuietproofVerifier.sol";

/// @title Inference verification as draft ERC-7992 describes it
/// @notice `verifyInference` reverts on anything invalid and is stateless but for its event.
interface IInferenceVerifier {
    /// @notice This inference was verified in a transaction.
    event InferenceVerified(
        uint256 indexed modelId, bytes32 indexed inputCommitment, bytes output, address indexed caller
    );

    /// @notice The input that the proof is about is not the committed one.
    error InputCommitmentMismatch();

    /// @notice The output has not the length of the model's outputs.
    error OutputMismatch();

    /// @notice The owner of the registry has withdrawn this model.
    error VerificationRefused_ModelDeprecated(uint256 modelId);

    /// @notice Verifies a proof of "this model said this about this input", whatever its context.
    /// @param modelId The Quietproof model id as a number
    /// @param inputCommitment The input digest; for public inputs, `publicInputCommitment` of them
    /// @param output The output signals, a 32-byte word each: `abi.encode` of as many uint256
    /// @param proof `abi.encode(uint256[8] points, uint256 context, uint256[] inputs)`; `inputs` is empty unless the
    /// model's inputs are public
    function verifyInference(
        uint256 modelId,
        bytes32 inputCommitment,
        bytes calldata output,
        bytes calldata proof
    ) external;

    /// @notice The first four bytes of keccak256("groth16-bn254-v1").
    function proofSystemOf(uint256 modelId) external view returns (bytes4);

    /// @notice Where models are registered.
    function registry() external view returns (address);
}

/// @title A registry of Quietproof models
/// @notice What a registered model id means never changes: another model, key or interface is another id. What changes
/// is which model is served, and every such change is an event. Where a proof is refused, the verifier's own error
/// comes through.
interface IModelRegistry is IInferenceVerifier, IProofErrors {
    /// @notice As draft ERC-7992: the hashes that make up a model.
    struct ModelCommitment {
        /// The model id.
        bytes32 modelHash;
        /// The circuit id: the integer model, weights included.
        bytes32 circuitHash;
        /// The key id.
        bytes32 vkHash;
        bytes4 proofSystemId;
        /// Where the model's record can be had; not checked.
        string uri;
    }

    event ModelRegistered(uint256 indexed modelId, address indexed owner, ModelCommitment commitment);

    /// @notice The verifier of a model, and the number of this model among those of its circuit, from 1.
    /// @param codehash Compare with the code of a contract that you exported yourself
    event VerifierRegistered(
        uint256 indexed modelId,
        bytes32 indexed circuitId,
        uint256 version,
        IQuietproofVerifier verifier,
        bytes32 codehash
    );

    /// @notice From here on the owner serves `newModelId` in place of `oldModelId`.
    /// @param sameCircuit Whether only key or interface changed; if not, the weights or the architecture did
    event ModelReplaced(uint256 indexed oldModelId, uint256 indexed newModelId, bool sameCircuit);

    event ModelDeprecated(uint256 indexed modelId);

    /// @notice A consumer has used up a context.
    event ContextConsumed(address indexed consumer, uint256 indexed context, uint256 indexed modelId);

    event OwnershipTransferStarted(address indexed owner, address indexed nextOwner);

    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    error NotOwner(address caller);
    error NotNextOwner(address caller);
    error ModelNotFound(uint256 modelId);
    error ModelAlreadyRegistered(uint256 modelId);
    error ModelAlreadyReplaced(uint256 modelId);
    error ModelAlreadyDeprecated(uint256 modelId);

    /// @notice Not a verifier of a model: its ids or its layout cannot be.
    error NotAVerifier(address verifier);

    /// @notice The proof was made for another context.
    error ContextMismatch();

    /// @notice This consumer has already used a proof for this context.
    error ContextAlreadyConsumed(address consumer, uint256 context);

    /// @notice Registers a verifier under the model id it states. The owner only, once for each model id.
    function registerModel(IQuietproofVerifier verifier, string calldata uri) external returns (uint256 modelId);

    /// @notice As `registerModel`, for a model that replaces another one.
    function replaceModel(uint256 oldModelId, IQuietproofVerifier verifier, string calldata uri)
        external
        returns (uint256 modelId);

    /// @notice Withdraws a model for good: its proofs verify here no more. The owner only.
    function deprecateModel(uint256 modelId) external;

    /// @notice As draft ERC-7992.
    function getModel(uint256 modelId)
        external
        view
        returns (ModelCommitment memory commitment, bool deprecated, address owner);

    function verifierOf(uint256 modelId) external view returns (IQuietproofVerifier);

    /// @notice The models of a circuit in the order of their registration: its versions from 1.
    function modelsOf(bytes32 circuitId) external view returns (uint256[] memory modelIds);

    /// @notice The model that replaced this one; 0 where none has.
    function successorOf(uint256 modelId) external view returns (uint256);

    /// @notice Reverts unless the proof shows: this model said this about this input, for this context.
    function requireInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external view;

    /// @notice As `requireInference`, and uses up the context for the calling contract: a second proof for it, of
    /// whichever model, reverts.
    function consumeInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external;

    /// @notice Whether `consumer` has used up `context`.
    function isConsumed(address consumer, uint256 context) external view returns (bool);

    /// @notice The context signal of some bytes, as Quietproof's `--context` makes it of a text.
    function contextSignal(bytes calldata context) external pure returns (uint256);

    /// @notice The context signal where the record has a part of its own: who asks for the proof chooses
    /// `callersPart`, and the prover chooses `recordPart`, which no other record has.
    function recordContextSignal(bytes32 recordPart, bytes calldata callersPart) external pure returns (uint256);

    /// @notice The input commitment of a model whose inputs are public.
    function publicInputCommitment(uint256 modelId, uint256[] calldata inputs) external pure returns (bytes32);
}
