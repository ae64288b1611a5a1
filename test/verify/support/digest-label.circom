pragma circom 2.0.0;

// The public signals of a model with a label and an input digest: [label, digest, context]. A stand-in for a model:
// the digest is any number, so that openings can be tested without a hash in the circuit.
template DigestLabel() {
    signal input digest;
    signal input context;
    signal input root;
    signal output label;
    label <== root * root;
    signal digestSquared <== digest * digest;
    signal contextSquared <== context * context;
}

component main {public [digest, context]} = DigestLabel();
