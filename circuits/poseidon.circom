pragma circom 2.2.0;

include "dot.circom";

/*
 * Poseidon: the hash with S-box x^5 over BN254's scalar field (eprint 2019/458); the output is element 0 of the state.
 *
 * Proves   out = Poseidon(in[0], …, in[t − 2]): initial state [0, in…], 4 full rounds, R partial rounds, 4 full rounds
 * Inputs   in: any field elements, none assumed small
 * Params   t: width, 3 to 17; constants: round constants and matrices in the layout below. They are equivalent to
 *          Poseidon's own (src/circuit/digest/poseidon-form.ts derives them): everything between S-boxes is linear, so
 *          the S-box of a partial round reads one linear expression of `entry`, the state before the partial rounds,
 *          and of the outputs of the earlier partial S-boxes
 *            full[8][t]         added before the S-boxes of each full round
 *            mds[t][t]          the mixing matrix
 *            entryPart[R][t]    coefficients of entry in the S-box input of partial round p
 *            kernel[R]          coefficient of the S-box output k + 1 rounds earlier
 *            offset[R]          constant term
 *            exitEntry[t][t]    coefficients of entry in the state after the partial rounds
 *            exitPower[t][R]    coefficients of the S-box outputs in that state
 * Ranges   none assumed, none enforced
 * Output   a field element
 * Cost     3·(8·t + R − 1) + 1: 3 per S-box, except for the constant element of the first round; 1 for `out`
 */
template Poseidon(t, constants) {
    var R = poseidonPartialRounds(t);
    var mds = 8 * t;
    var entryPart = mds + t * t;
    var kernel = entryPart + R * t;
    var offset = kernel + R;
    var exitEntry = offset + R;
    var exitPower = exitEntry + t * t;
    var powers = 8 * t + R - 1;

    signal input in[t - 1];
    signal output out;
    signal square[powers];
    signal fourth[powers];
    signal fifth[powers];

    var state[t];
    state[0] = 0;
    for (var i = 1; i < t; i++) {
        state[i] = in[i - 1];
    }
    var next = 0;
    for (var round = 0; round < 8; round++) {
        if (round == 4) {
            var power[R];
            for (var p = 0; p < R; p++) {
                var fromEntry[t];
                for (var i = 0; i < t; i++) {
                    fromEntry[i] = constants[entryPart + p * t + i];
                }
                var fromPower[R];
                for (var j = 0; j < p; j++) {
                    fromPower[j] = constants[kernel + p - 1 - j];
                }
                var x = dot(t, fromEntry, state) + dot(p, fromPower, power) + constants[offset + p];
                square[next] <== x * x;
                fourth[next] <== square[next] * square[next];
                fifth[next] <== fourth[next] * x;
                power[p] = fifth[next];
                next++;
            }
            var exit[t];
            for (var o = 0; o < t; o++) {
                var fromEntry[t];
                for (var i = 0; i < t; i++) {
                    fromEntry[i] = constants[exitEntry + o * t + i];
                }
                var fromPower[R];
                for (var p = 0; p < R; p++) {
                    fromPower[p] = constants[exitPower + o * R + p];
                }
                exit[o] = dot(t, fromEntry, state) + dot(R, fromPower, power);
            }
            state = exit;
        }
        for (var i = 0; i < t; i++) {
            var x = state[i] + constants[round * t + i];
            if (round == 0 && i == 0) {
                state[i] = x ** 5;
            } else {
                square[next] <== x * x;
                fourth[next] <== square[next] * square[next];
                fifth[next] <== fourth[next] * x;
                state[i] = fifth[next];
                next++;
            }
        }
        var mixed[t];
        for (var o = 0; o < t; o++) {
            var row[t];
            for (var i = 0; i < t; i++) {
                row[i] = constants[mds + o * t + i];
            }
            mixed[o] = dot(t, row, state);
        }
        state = mixed;
    }
    out <== state[0];
}

/* Partial rounds by width t for 128 bits of security (eprint 2019/458, the authors' calc_round_numbers.py). */
function poseidonPartialRounds(t) {
    var rounds[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    return rounds[t - 2];
}
