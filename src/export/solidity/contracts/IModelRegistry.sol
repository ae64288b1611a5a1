// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IProofErrors, IQuietproofVerifier} from "./IQuietproofVerifier.sol";

/// @title Inference verification as draft ERC-7992 describes it
/// @notice `verifyInference` reverts on anything invalid, and changes no state except that it emits an event.
interface IInferenceVerifier {
    /// @notice This inference was verified in a transaction.
    event InferenceVerified(
        uint256 indexed modelId, bytes32 indexed inputCommitment, bytes output, address indexed caller
    );

    /// @notice The input that the proof is about is not the committed one.
    error InputCommitmentMismatch();

    /// @notice The output does not have the length of the model's outputs.
    error OutputMismatch();

    /// @notice The owner of the registry has withdrawn this model.
    error VerificationRefused_ModelDeprecated(uint256 modelId);

    /// @notice Verifies a proof that this model gave this output for this input, in any context.
    /// @param modelId The Quietproof model id as a number
    /// @param inputCommitment The input digest; for public inputs, `publicInputCommitment` of them
    /// @param output The output signals, one 32-byte word per signal: `abi.encode` of as many uint256
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

    /// @notice The contract where models are registered.
    function registry() external view returns (address);
}

/// @title A registry of Quietproof models
/// @notice The meaning of a registered model id never changes: another model, key or interface has another id. Only the
/// model that is served can change, and every such change emits an event. If a proof is refused, the call reverts with
/// the verifier's error.
interface IModelRegistry is IInferenceVerifier, IProofErrors {
    /// @notice The hashes that make up a model, as in draft ERC-7992.
    struct ModelCommitment {
        /// The model id.
        bytes32 modelHash;
        /// The circuit id: the integer model, weights included.
        bytes32 circuitHash;
        /// The key id.
        bytes32 vkHash;
        bytes4 proofSystemId;
        /// Where to get the model's record; not checked.
        string uri;
    }

    /// @notice What a signed statement says of its signer: this step of the key's ceremony is mine; I derived the whole
    /// key from the model file again; I publish this model (Quietproof's SPEC, section 22).
    enum StatementKind {
        Contribution,
        Rederivation,
        Release
    }

    /// @notice A signed statement that counts for a model under a trust policy, by the owner's word. Its Ed25519 signature
    /// is not checked here.
    struct SignedStatement {
        StatementKind kind;
        /// SHA-256 of the signer's public key (SPKI), as in a trust file.
        bytes32 keyId;
        /// SHA-256 of the signed payload.
        bytes32 digest;
        /// The signer's name in the policy.
        string party;
    }

    /// @notice The trust policy that was met for a model, by the owner's word.
    struct Vouching {
        /// SHA-256 of the trust file; 0 if none is recorded, or it was withdrawn.
        bytes32 policy;
        uint64 recordedAt;
        /// How many different signers the policy asks for, by kind: the largest of its rules.
        uint32 contributions;
        uint32 rederivations;
        uint32 releases;
    }

    event ModelRegistered(uint256 indexed modelId, address indexed owner, ModelCommitment commitment);

    /// @notice The verifier of a model, and the number of this model among those of its circuit, counted from 1.
    /// @param codehash To be compared with the code of a contract that you exported yourself
    event VerifierRegistered(
        uint256 indexed modelId,
        bytes32 indexed circuitId,
        uint256 version,
        IQuietproofVerifier verifier,
        bytes32 codehash
    );

    /// @notice From now on the owner serves `newModelId` instead of `oldModelId`.
    /// @param sameCircuit Whether only the key or the interface changed, and not the weights or the architecture
    event ModelReplaced(uint256 indexed oldModelId, uint256 indexed newModelId, bool sameCircuit);

    event ModelDeprecated(uint256 indexed modelId);

    /// @notice The owner says that the signers of the `StatementRecorded` events of this transaction meet this policy. Whoever
    /// has the trust file and the statements can check that with Quietproof's verifier; this contract cannot.
    event VouchingRecorded(
        uint256 indexed modelId,
        bytes32 indexed policy,
        uint32 contributions,
        uint32 rederivations,
        uint32 releases
    );

    event StatementRecorded(
        uint256 indexed modelId,
        bytes32 indexed keyId,
        StatementKind indexed kind,
        bytes32 digest,
        string party
    );

    /// @notice The owner no longer says that the policy is met, for instance because a key was compromised.
    event VouchingWithdrawn(uint256 indexed modelId, bytes32 indexed policy);

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

    /// @notice No policy is given, or one that asks for contributions without re-derivations, or the other way round:
    /// neither shows enough alone.
    error NotAPolicy();

    /// @notice Fewer keys than the policy asks for.
    error ThresholdNotMet(StatementKind kind, uint256 found, uint256 least);

    /// @notice Statements must ascend by kind and then by key, so that no key counts twice.
    error StatementsNotAscending(uint256 index);

    /// @notice The owner does not say that this policy is met for this model.
    error NotVouchedFor(uint256 modelId, bytes32 policy);

    /// @notice Not a verifier of a model: its ids or its signal layout are impossible.
    error NotAVerifier(address verifier);

    /// @notice The proof was made for another context.
    error ContextMismatch();

    /// @notice This consumer has already used a proof for this context.
    error ContextAlreadyConsumed(address consumer, uint256 context);

    /// @notice Registers a verifier under the model id that it states. Only for the owner, once per model id.
    function registerModel(IQuietproofVerifier verifier, string calldata uri) external returns (uint256 modelId);

    /// @notice Like `registerModel`, for a model that replaces another one.
    function replaceModel(uint256 oldModelId, IQuietproofVerifier verifier, string calldata uri)
        external
        returns (uint256 modelId);

    /// @notice Withdraws a model permanently: its proofs no longer verify here. Only for the owner.
    function deprecateModel(uint256 modelId) external;

    /// @notice Records whose statements meet a trust policy for a model. Replaces what was recorded before. Only for the
    /// owner, who is believed: the contract counts keys, and checks no signature and no rule of the policy.
    /// @param policy SHA-256 of the trust file
    /// @param least How many different signers the policy asks for: contributions, re-derivations, releases
    /// @param statements One per kind and key, ascending by kind and then by key
    function recordVouching(
        uint256 modelId,
        bytes32 policy,
        uint32[3] calldata least,
        SignedStatement[] calldata statements
    ) external;

    /// @notice Withdraws what `recordVouching` recorded. Only for the owner.
    function withdrawVouching(uint256 modelId) external;

    /// @notice The policy that is met for a model, by the owner's word.
    function vouchingOf(uint256 modelId) external view returns (Vouching memory);

    /// @notice Whether a statement of this kind by this key is part of what `vouchingOf` returns.
    function hasVouched(uint256 modelId, StatementKind kind, bytes32 keyId) external view returns (bool);

    /// @notice Reverts unless the owner says that exactly this policy is met for a model that is not deprecated.
    function requireVouching(uint256 modelId, bytes32 policy) external view;

    /// @notice As in draft ERC-7992.
    function getModel(uint256 modelId)
        external
        view
        returns (ModelCommitment memory commitment, bool deprecated, address owner);

    function verifierOf(uint256 modelId) external view returns (IQuietproofVerifier);

    /// @notice The models of a circuit in the order of registration: its versions, counted from 1.
    function modelsOf(bytes32 circuitId) external view returns (uint256[] memory modelIds);

    /// @notice The model that replaced this one; 0 if none has.
    function successorOf(uint256 modelId) external view returns (uint256);

    /// @notice Reverts unless the proof shows that this model gave this output for this input, in this context.
    function requireInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external view;

    /// @notice Like `requireInference`, and uses up the context for the calling contract: a second proof for it, of any
    /// model, reverts.
    function consumeInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external;

    /// @notice Whether `consumer` has used up `context`.
    function isConsumed(address consumer, uint256 context) external view returns (bool);

    /// @notice The context signal of some bytes, computed as Quietproof's `--context` does for a text.
    function contextSignal(bytes calldata context) external pure returns (uint256);

    /// @notice The context signal where the record has a part of its own: who asks for the proof chooses
    /// `callersPart`, and the prover chooses `recordPart`, which no other record has.
    function recordContextSignal(bytes32 recordPart, bytes calldata callersPart) external pure returns (uint256);

    /// @notice The input commitment of a model whose inputs are public.
    function publicInputCommitment(uint256 modelId, uint256[] calldata inputs) external pure returns (bytes32);
}
