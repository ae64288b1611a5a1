pragma circom 2.2.0;

// Max of three values. Broken: it is at least each of them, and need be none of them.
template Max() {
    signal input in[3];
    signal output out;
    signal bit[3][3];
    var largest = in[0];
    for (var i = 1; i < 3; i++) {
        largest = in[i] > largest ? in[i] : largest;
    }
    out <-- largest;
    for (var i = 0; i < 3; i++) {
        var difference = out - in[i];
        var sum = 0;
        for (var k = 0; k < 3; k++) {
            bit[i][k] <-- (difference >> k) & 1;
            bit[i][k] * (bit[i][k] - 1) === 0;
            sum += 2 ** k * bit[i][k];
        }
        sum === difference;
    }
}

template Model() {
    signal input in[3];
    signal input context;
    signal output logits[1];
    component layer0[1];
    layer0[0] = Max();
    layer0[0].in <== in;
    logits[0] <== layer0[0].out;
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
