pragma circom 2.2.0;

// ReLU of in[0] − in[1], whose sign nothing determines. Broken: no constraint holds the salt, so circom gives it no
// wire, and `sign` becomes the wire that the header counts as the salt: an input, which needs no proof.
template Model() {
    signal input in[2];
    signal input salt;
    signal input context;
    signal output logits[1];
    signal output inputDigest;
    signal sign;
    sign <-- in[0] > in[1] ? 1 : 0;
    sign * (sign - 1) === 0;
    logits[0] <== sign * (in[0] - in[1]);
    inputDigest <== in[0] + 16 * in[1];
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [context]} = Model();
