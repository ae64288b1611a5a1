// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IInferenceVerifier, IModelRegistry} from "./IModelRegistry.sol";
import {IQuietproofVerifier} from "./IQuietproofVerifier.sol";

/// @title Quietproof models, their verifiers, and the proofs consumed
/// @notice The owner decides which contract verifies which model. The owner can neither change this later nor forge a
/// proof of a model whose verifier is honest. The registry believes the ids that a verifier states. Before you rely on a
/// model, compare the verifier's code with a contract that you exported from the model's record. What it says of who
/// vouches for a model is the owner's word, with the digests by which it can be checked elsewhere.
contract ModelRegistry is IModelRegistry {
    /// @dev One storage slot.
    struct Entry {
        IQuietproofVerifier verifier;
        uint32 outputs;
        uint32 inputs;
        bool digest;
        bool deprecated;
    }

    bytes4 private constant PROOF_SYSTEM = bytes4(keccak256("groth16-bn254-v1"));
    uint256 private constant MAX_SIGNALS = type(uint16).max;
    uint256 private constant CONTEXT_MASK = (1 << 248) - 1;

    /// @notice The account that registers, replaces and deprecates models.
    address public owner;
    /// @notice The account that may accept ownership.
    address public nextOwner;

    /// @inheritdoc IModelRegistry
    mapping(uint256 modelId => uint256) public successorOf;
    /// @inheritdoc IModelRegistry
    mapping(address consumer => mapping(uint256 context => bool)) public isConsumed;

    mapping(uint256 modelId => Entry) private _entries;
    mapping(uint256 modelId => ModelCommitment) private _commitments;
    mapping(bytes32 circuitId => uint256[]) private _modelsOf;
    mapping(uint256 modelId => Vouching) private _vouchings;
    /// @dev How often a vouching was recorded: what was recorded before does not count.
    mapping(uint256 modelId => uint256) private _rounds;
    /// @dev By model, round and key: a bit per kind.
    mapping(uint256 modelId => mapping(uint256 round => mapping(bytes32 keyId => uint256))) private _vouched;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor(address firstOwner) {
        owner = firstOwner;
        emit OwnershipTransferred(address(0), firstOwner);
    }

    /// @notice Offers ownership to `next`, who must accept it. The zero address withdraws an offer.
    function transferOwnership(address next) external onlyOwner {
        nextOwner = next;
        emit OwnershipTransferStarted(msg.sender, next);
    }

    /// @notice Accepts the ownership that `transferOwnership` offered.
    function acceptOwnership() external {
        if (msg.sender != nextOwner) revert NotNextOwner(msg.sender);
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        nextOwner = address(0);
    }

    /// @inheritdoc IModelRegistry
    function registerModel(IQuietproofVerifier verifier, string calldata uri)
        external
        onlyOwner
        returns (uint256 modelId)
    {
        return _register(verifier, uri);
    }

    /// @inheritdoc IModelRegistry
    function replaceModel(uint256 oldModelId, IQuietproofVerifier verifier, string calldata uri)
        external
        onlyOwner
        returns (uint256 modelId)
    {
        _requireKnown(oldModelId);
        if (successorOf[oldModelId] != 0) revert ModelAlreadyReplaced(oldModelId);
        modelId = _register(verifier, uri);
        successorOf[oldModelId] = modelId;
        bool sameCircuit = _commitments[oldModelId].circuitHash == _commitments[modelId].circuitHash;
        emit ModelReplaced(oldModelId, modelId, sameCircuit);
    }

    /// @inheritdoc IModelRegistry
    function deprecateModel(uint256 modelId) external onlyOwner {
        _requireKnown(modelId);
        if (_entries[modelId].deprecated) revert ModelAlreadyDeprecated(modelId);
        _entries[modelId].deprecated = true;
        emit ModelDeprecated(modelId);
    }

    /// @inheritdoc IModelRegistry
    function recordVouching(
        uint256 modelId,
        bytes32 policy,
        uint32[3] calldata least,
        SignedStatement[] calldata statements
    ) external onlyOwner {
        _requireServed(modelId);
        bool asks = least[0] != 0 || least[2] != 0;
        if (policy == 0 || !asks || (least[0] == 0) != (least[1] == 0)) revert NotAPolicy();
        uint256[3] memory found = _recordStatements(modelId, statements);
        for (uint256 kind = 0; kind < 3; kind++) {
            if (found[kind] < least[kind]) {
                revert ThresholdNotMet(StatementKind(kind), found[kind], least[kind]);
            }
        }
        _vouchings[modelId] = Vouching(policy, uint64(block.timestamp), least[0], least[1], least[2]);
        emit VouchingRecorded(modelId, policy, least[0], least[1], least[2]);
    }

    /// @inheritdoc IModelRegistry
    function withdrawVouching(uint256 modelId) external onlyOwner {
        bytes32 policy = _vouchings[modelId].policy;
        if (policy == 0) revert NotVouchedFor(modelId, policy);
        delete _vouchings[modelId];
        _rounds[modelId]++;
        emit VouchingWithdrawn(modelId, policy);
    }

    /// @inheritdoc IModelRegistry
    function vouchingOf(uint256 modelId) external view returns (Vouching memory) {
        _requireKnown(modelId);
        return _vouchings[modelId];
    }

    /// @inheritdoc IModelRegistry
    function hasVouched(uint256 modelId, StatementKind kind, bytes32 keyId) external view returns (bool) {
        return _vouched[modelId][_rounds[modelId]][keyId] & (1 << uint256(kind)) != 0;
    }

    /// @inheritdoc IModelRegistry
    function requireVouching(uint256 modelId, bytes32 policy) external view {
        _requireServed(modelId);
        if (policy == 0 || _vouchings[modelId].policy != policy) revert NotVouchedFor(modelId, policy);
    }

    /// @inheritdoc IInferenceVerifier
    function verifyInference(
        uint256 modelId,
        bytes32 inputCommitment,
        bytes calldata output,
        bytes calldata proof
    ) external {
        _verify(modelId, inputCommitment, output, proof);
        emit InferenceVerified(modelId, inputCommitment, output, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function requireInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external view {
        if (_verify(modelId, inputCommitment, output, proof) != context) revert ContextMismatch();
    }

    /// @inheritdoc IModelRegistry
    function consumeInference(
        uint256 modelId,
        bytes32 inputCommitment,
        uint256 context,
        bytes calldata output,
        bytes calldata proof
    ) external {
        if (isConsumed[msg.sender][context]) revert ContextAlreadyConsumed(msg.sender, context);
        isConsumed[msg.sender][context] = true;
        if (_verify(modelId, inputCommitment, output, proof) != context) revert ContextMismatch();
        emit ContextConsumed(msg.sender, context, modelId);
        emit InferenceVerified(modelId, inputCommitment, output, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function getModel(uint256 modelId)
        external
        view
        returns (ModelCommitment memory commitment, bool deprecated, address modelOwner)
    {
        _requireKnown(modelId);
        return (_commitments[modelId], _entries[modelId].deprecated, owner);
    }

    /// @inheritdoc IModelRegistry
    function verifierOf(uint256 modelId) external view returns (IQuietproofVerifier) {
        _requireKnown(modelId);
        return _entries[modelId].verifier;
    }

    /// @inheritdoc IModelRegistry
    function modelsOf(bytes32 circuitId) external view returns (uint256[] memory modelIds) {
        return _modelsOf[circuitId];
    }

    /// @inheritdoc IInferenceVerifier
    function proofSystemOf(uint256 modelId) external view returns (bytes4) {
        _requireKnown(modelId);
        return PROOF_SYSTEM;
    }

    /// @inheritdoc IInferenceVerifier
    function registry() external view returns (address) {
        return address(this);
    }

    /// @notice ERC-165 itself, and the verifier interface of draft ERC-7992. The draft's registry interface is not
    /// supported, because models are registered by their verifier.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == type(IInferenceVerifier).interfaceId;
    }

    /// @inheritdoc IModelRegistry
    function contextSignal(bytes calldata context) external pure returns (uint256) {
        return uint256(sha256(abi.encodePacked("quietproof/context/v1", context))) & CONTEXT_MASK;
    }

    /// @inheritdoc IModelRegistry
    function recordContextSignal(bytes32 recordPart, bytes calldata callersPart) external pure returns (uint256) {
        return uint256(sha256(abi.encodePacked("quietproof/context/v2", recordPart, callersPart))) & CONTEXT_MASK;
    }

    /// @inheritdoc IModelRegistry
    function publicInputCommitment(uint256 modelId, uint256[] calldata inputs) external pure returns (bytes32) {
        return _publicInputCommitment(modelId, inputs);
    }

    function _register(IQuietproofVerifier verifier, string calldata uri) private returns (uint256 modelId) {
        if (address(verifier).code.length == 0) revert NotAVerifier(address(verifier));
        modelId = uint256(verifier.MODEL_ID());
        bytes32 circuitId = verifier.CIRCUIT_ID();
        (uint256 outputs, uint256 inputs, bool digest) = verifier.signalLayout();
        bool plausible = modelId != 0 && circuitId != 0 && outputs != 0 && outputs <= MAX_SIGNALS && inputs != 0
            && inputs <= MAX_SIGNALS && (!digest || inputs == 1);
        if (!plausible) revert NotAVerifier(address(verifier));
        if (address(_entries[modelId].verifier) != address(0)) revert ModelAlreadyRegistered(modelId);

        _entries[modelId] = Entry(verifier, uint32(outputs), uint32(inputs), digest, false);
        ModelCommitment memory commitment =
            ModelCommitment(bytes32(modelId), circuitId, verifier.KEY_ID(), PROOF_SYSTEM, uri);
        _commitments[modelId] = commitment;
        _modelsOf[circuitId].push(modelId);
        emit ModelRegistered(modelId, owner, commitment);
        emit VerifierRegistered(
            modelId, circuitId, _modelsOf[circuitId].length, verifier, address(verifier).codehash
        );
    }

    /// @return found The number of keys by kind
    function _recordStatements(uint256 modelId, SignedStatement[] calldata statements)
        private
        returns (uint256[3] memory found)
    {
        uint256 round = ++_rounds[modelId];
        for (uint256 i = 0; i < statements.length; i++) {
            SignedStatement calldata one = statements[i];
            if (i != 0) {
                SignedStatement calldata last = statements[i - 1];
                bool ascends = last.kind < one.kind || (last.kind == one.kind && last.keyId < one.keyId);
                if (!ascends) revert StatementsNotAscending(i);
            }
            found[uint256(one.kind)]++;
            _vouched[modelId][round][one.keyId] |= 1 << uint256(one.kind);
            emit StatementRecorded(modelId, one.keyId, one.kind, one.digest, one.party);
        }
    }

    /// @dev Reverts with the verifier's error if the proof is not valid.
    /// @return context The context that the proof was made for
    function _verify(uint256 modelId, bytes32 inputCommitment, bytes calldata output, bytes calldata proof)
        private
        view
        returns (uint256 context)
    {
        Entry memory entry = _entries[modelId];
        if (address(entry.verifier) == address(0)) revert ModelNotFound(modelId);
        if (entry.deprecated) revert VerificationRefused_ModelDeprecated(modelId);
        if (output.length != 32 * uint256(entry.outputs)) revert OutputMismatch();

        uint256[8] memory points;
        uint256[] memory inputs;
        (points, context, inputs) = abi.decode(proof, (uint256[8], uint256, uint256[]));
        if (entry.digest) {
            if (inputs.length != 0) revert InputCommitmentMismatch();
            inputs = new uint256[](1);
            inputs[0] = uint256(inputCommitment);
        } else if (inputs.length != entry.inputs || _publicInputCommitment(modelId, inputs) != inputCommitment) {
            revert InputCommitmentMismatch();
        }
        entry.verifier.verify(points, _signals(output, inputs, context));
    }

    /// @dev Outputs, inputs, context: the order of a model's public signals.
    function _signals(bytes calldata output, uint256[] memory inputs, uint256 context)
        private
        pure
        returns (uint256[] memory signals)
    {
        uint256 outputs = output.length / 32;
        signals = new uint256[](outputs + inputs.length + 1);
        for (uint256 i = 0; i < outputs; i++) {
            signals[i] = uint256(bytes32(output[32 * i:]));
        }
        for (uint256 i = 0; i < inputs.length; i++) {
            signals[outputs + i] = inputs[i];
        }
        signals[outputs + inputs.length] = context;
    }

    function _publicInputCommitment(uint256 modelId, uint256[] memory inputs) private pure returns (bytes32) {
        return sha256(abi.encodePacked("quietproof/public-input/v1", modelId, inputs));
    }

    function _requireServed(uint256 modelId) private view {
        _requireKnown(modelId);
        if (_entries[modelId].deprecated) revert VerificationRefused_ModelDeprecated(modelId);
    }

    function _requireKnown(uint256 modelId) private view {
        if (address(_entries[modelId].verifier) == address(0)) revert ModelNotFound(modelId);
    }
}
