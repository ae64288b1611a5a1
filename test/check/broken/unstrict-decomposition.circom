pragma circom 2.2.0;

// (in[0] + in[1]) / 2, rounded, by 254 bits. Broken: v and v + r have different bits and are the same field element.
template Half() {
    signal input in[2];
    signal output out;
    signal bit[254];
    var v = in[0] + in[1] + 1;
    var sum = 0;
    var high = 0;
    for (var k = 0; k < 254; k++) {
        bit[k] <-- (v >> k) & 1;
        bit[k] * (bit[k] - 1) === 0;
        sum += 2 ** k * bit[k];
        if (k > 0) {
            high += 2 ** (k - 1) * bit[k];
        }
    }
    sum === v;
    out <== high;
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
