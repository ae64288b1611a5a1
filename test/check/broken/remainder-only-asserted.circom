pragma circom 2.2.0;

// (in[0] + in[1]) / 2, rounded, by division. Broken: `assert` is not in the constraints, so any remainder will do.
template Half() {
    signal input in[2];
    signal output out;
    signal remainder;
    var v = in[0] + in[1] + 1;
    out <-- v \ 2;
    remainder <-- v % 2;
    assert(remainder < 2);
    out * 2 + remainder === v;
}

template Model() {
    signal input in[2];
    signal input context;
    signal output logits[1];
    component layer1[1];
    layer1[0] = Half();
    layer1[0].in <== in;
    logits[0] <== layer1[0].out;
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
