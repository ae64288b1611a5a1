pragma circom 2.0.0;

// The public signals of a model with logits and a public input: [logit0, logit1, x0, x1, x2, context].
template PublicLogits() {
    signal input x[3];
    signal input context;
    signal output logits[2];
    logits[0] <== x[0] * x[1] + 5 * x[2];
    logits[1] <== x[1] * x[2] + 7;
    signal contextSquared <== context * context;
}

component main {public [x, context]} = PublicLogits();
