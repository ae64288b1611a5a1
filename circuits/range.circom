pragma circom 2.2.0;

/*
 * Range: a value of at most `bits` bits.
 *
 * Proves   0 ≤ in < 2^bits, by its bits
 * Inputs   in: any field element
 * Ranges   enforced: 0 ≤ in < 2^bits, for 1 ≤ bits ≤ 253, where no two choices of bits are the same field element
 * Cost     bits + 1; 1 where bits = 1, and `in` is its own bit
 */
template Range(bits) {
    signal input in;

    if (bits == 1) {
        in * (in - 1) === 0;
    } else {
        signal bit[bits];
        var sum = 0;
        var weight = 1;
        for (var k = 0; k < bits; k++) {
            // SAFETY: boolean by the next line; `sum === in` below leaves one value for all bits.
            bit[k] <-- (in >> k) & 1;
            bit[k] * (bit[k] - 1) === 0;
            sum += weight * bit[k];
            weight += weight;
        }
        sum === in;
    }
}
