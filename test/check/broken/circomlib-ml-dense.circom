pragma circom 2.2.0;

// A dense layer as circomlib-ml writes it (rebuilt from its description): products of inputs and weights, added up,
// then divided by the scale n with a remainder that only an assert bounds. It accepts 7 for 1·1 + 1·1.
template Dense(inputs, outputs, n) {
    signal input in[inputs];
    signal output out[outputs];
    signal remainder[outputs];
    for (var o = 0; o < outputs; o++) {
        var dot = 0;
        for (var i = 0; i < inputs; i++) {
            dot += in[i];
        }
        out[o] <-- dot \ n;
        remainder[o] <-- dot % n;
        assert(remainder[o] < n);
        out[o] * n + remainder[o] === dot;
    }
}

template Model() {
    signal input in[2];
    signal input context;
    signal output logits[1];
    component layer0 = Dense(2, 1, 1);
    layer0.in <== in;
    logits[0] <== layer0.out[0];
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
