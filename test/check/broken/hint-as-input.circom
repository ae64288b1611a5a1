pragma circom 2.2.0;

// ReLU of in[0] − in[1]. Broken: the sign is a private input, which makes every wire "determined by the inputs".
template Model() {
    signal input in[2];
    signal input context;
    signal input sign;
    signal output logits[1];
    sign * (sign - 1) === 0;
    logits[0] <== sign * (in[0] - in[1]);
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
