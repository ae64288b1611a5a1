pragma circom 2.2.0;

// ReLU as circomlib-ml writes it (rebuilt from its description): the sign from 254 bits of the value that are not
// compared with r, so that 5 can be written as 5 + r, which looks negative: ReLU(5) = 0.
template Relu() {
    signal input in;
    signal output out;
    signal bit[254];
    var sum = 0;
    for (var k = 0; k < 254; k++) {
        bit[k] <-- (in >> k) & 1;
        bit[k] * (bit[k] - 1) === 0;
        sum += 2 ** k * bit[k];
    }
    sum === in;
    // At least 2^253, about r/2: "negative".
    out <== (1 - bit[253]) * in;
}

template Model() {
    signal input in[2];
    signal input context;
    signal output logits[1];
    component layer1 = Relu();
    layer1.in <== in[0] - in[1];
    logits[0] <== layer1.out;
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
