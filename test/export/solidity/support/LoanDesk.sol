// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "./IModelRegistry.sol";

/// @title An example of a contract that acts on what a model says
/// @notice An applicant commits to an input (the salted digest of their record) before they see the answer; the desk
/// then takes one answer of one model about that input, made for that application. It trusts its registry's owner to
/// have registered an honest verifier for the model, once, before the desk was deployed: nothing later can change it.
contract LoanDesk {
    struct Application {
        bytes32 inputCommitment;
        address applicant;
        bool decided;
        bool approved;
    }

    uint256 private constant APPROVED = 1;

    IModelRegistry public immutable registry;
    uint256 public immutable modelId;
    Application[] public applications;

    event Decided(uint256 indexed application, bool approved);

    error AlreadyDecided(uint256 application);

    constructor(IModelRegistry registry_, uint256 modelId_) {
        registry = registry_;
        modelId = modelId_;
    }

    function apply_(bytes32 inputCommitment) external returns (uint256 application) {
        applications.push(Application(inputCommitment, msg.sender, false, false));
        return applications.length - 1;
    }

    /// @notice The text that the proof's context is made of; pass it to `quietproof prove --context`. A desk that
    /// shares its chain with others names itself in it too.
    function contextText(uint256 application) public pure returns (string memory) {
        if (application == 0) return "order 0";
        bytes memory digits;
        for (uint256 rest = application; rest > 0; rest /= 10) {
            digits = abi.encodePacked(bytes1(uint8(48 + (rest % 10))), digits);
        }
        return string(abi.encodePacked("order ", digits));
    }

    /// @notice Anyone may bring the proof.
    function decide(uint256 application, uint256 label, bytes calldata proof) external {
        Application storage entry = applications[application];
        if (entry.decided) revert AlreadyDecided(application);
        uint256 context = registry.contextSignal(bytes(contextText(application)));
        registry.consumeInference(modelId, entry.inputCommitment, context, abi.encode(label), proof);
        entry.decided = true;
        entry.approved = label == APPROVED;
        emit Decided(application, entry.approved);
    }
}
