// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "./IModelRegistry.sol";

/// @title An example of a contract that acts on the output of a model
/// @notice An applicant commits to an input (the salted digest of their record) before they see the answer. The desk then
/// accepts one answer of one model for that input, proved for that application. It trusts the owner of its registry to
/// have registered an honest verifier for the model before the desk was deployed. Nothing can change that later.
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

    /// @notice The text of the proof's context, to be passed to `quietproof prove --context`. A real desk should add its
    /// chain and its address.
    function contextText(uint256 application) public pure returns (string memory) {
        if (application == 0) return "order 0";
        bytes memory digits;
        for (uint256 rest = application; rest > 0; rest /= 10) {
            digits = abi.encodePacked(bytes1(uint8(48 + (rest % 10))), digits);
        }
        return string(abi.encodePacked("order ", digits));
    }

    /// @notice Anyone may submit the proof.
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
