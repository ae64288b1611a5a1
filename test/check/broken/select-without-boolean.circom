pragma circom 2.2.0;

template Compare(constant, bits) {
    signal input in[2];
    signal output out[1];
    signal bit[bits];

    if (bits == 0) {
        out[0] <== 0;
    } else {
        var v = in[0] - in[1] + constant + 2 ** (bits - 1);
        var sum = 0;
        var power = 1;
        for (var k = 0; k < bits; k++) {
            bit[k] <-- (v >> k) & 1;
            // Wrong: the top bit, which is the condition of a choice, need not be boolean.
            if (k < bits - 1) {
                bit[k] * (bit[k] - 1) === 0;
            }
            sum += power * bit[k];
            power += power;
        }
        sum === v;
        out[0] <== bit[bits - 1];
    }
}
