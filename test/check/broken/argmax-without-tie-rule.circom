pragma circom 2.2.0;

// Argmax of three values: a chosen one that is at least the others. Broken: on a tie either may be chosen.
template Argmax() {
    signal input in[3];
    signal output out;
    signal chosen[3];
    signal product[3];
    signal bit[3][3];
    var best = 0;
    for (var i = 1; i < 3; i++) {
        best = in[i] > in[best] ? i : best;
    }
    var count = 0;
    var largest = 0;
    var place = 0;
    for (var i = 0; i < 3; i++) {
        chosen[i] <-- i == best ? 1 : 0;
        chosen[i] * (chosen[i] - 1) === 0;
        product[i] <== chosen[i] * in[i];
        count += chosen[i];
        largest += product[i];
        place += i * chosen[i];
    }
    count === 1;
    for (var i = 0; i < 3; i++) {
        var difference = largest - in[i];
        var sum = 0;
        for (var k = 0; k < 3; k++) {
            bit[i][k] <-- (difference >> k) & 1;
            bit[i][k] * (bit[i][k] - 1) === 0;
            sum += 2 ** k * bit[i][k];
        }
        sum === difference;
    }
    out <== place;
}

template Model() {
    signal input in[3];
    signal input context;
    signal output label[1];
    component layer0[1];
    layer0[0] = Argmax();
    layer0[0].in <== in;
    label[0] <== layer0[0].out;
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [in, context]} = Model();
