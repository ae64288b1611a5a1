pragma circom 2.2.0;

// ReLU of in[0] − in[1], all of it right. Broken: the context is in no constraint.
template Relu() {
    signal input in[2];
    signal output out;
    signal bit[5];
    var v = in[0] - in[1] + 16;
    var sum = 0;
    var high = 0;
    for (var k = 0; k < 5; k++) {
        bit[k] <-- (v >> k) & 1;
        bit[k] * (bit[k] - 1) === 0;
        sum += 2 ** k * bit[k];
        if (k < 4) {
            high += 2 ** k * bit[k];
        }
    }
    sum === v;
    out <== bit[4] * high;
}

template Model() {
    signal input in[2];
    signal input context;
    signal output logits[1];
    component layer1[1];
    layer1[0] = Relu();
    layer1[0].in <== in;
    logits[0] <== layer1[0].out;
}

component main {public [in, context]} = Model();
