// about: rounding functions have an instruction on some machines (SSE4.1, ARMv8, z/Architecture) and a library call on
// others; the edges are 2^31, 2^32, 2^52, 2^53, 2^63 and the sign of zero.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [ // x, floor, ceil, round, trunc
    [0.5, 0, 1, 1, 0], [-0.5, -1, -0, -0, -0], [1.5, 1, 2, 2, 1], [-1.5, -2, -1, -1, -1], [2.5, 2, 3, 3, 2], [-2.5, -3, -2, -2, -2],
    [0.49999999999999994, 0, 1, 0, 0], [-0.49999999999999994, -1, -0, -0, -0], [0, 0, 0, 0, 0], [-0, -0, -0, -0, -0], [5e-324, 0, 1, 0, 0],
    [-5e-324, -1, -0, -0, -0], [0.9999999999999999, 0, 1, 1, 0], [-0.9999999999999999, -1, -0, -1, -0],
    [2147483647.5, 2147483647, 2147483648, 2147483648, 2147483647], [-2147483648.5, -2147483649, -2147483648, -2147483648, -2147483648],
    [2147483648.5, 2147483648, 2147483649, 2147483649, 2147483648], [4294967295.5, 4294967295, 4294967296, 4294967296, 4294967295],
    [-4294967296.5, -4294967297, -4294967296, -4294967296, -4294967296], [4503599627370495.5, 4503599627370495, 4503599627370496, 4503599627370496, 4503599627370495],
    [-4503599627370495.5, -4503599627370496, -4503599627370495, -4503599627370495, -4503599627370495],
    [4503599627370497, 4503599627370497, 4503599627370497, 4503599627370497, 4503599627370497],
    [9007199254740991, 9007199254740991, 9007199254740991, 9007199254740991, 9007199254740991],
    [9223372036854775808, 9223372036854775808, 9223372036854775808, 9223372036854775808, 9223372036854775808],
    [-18446744073709551616, -18446744073709551616, -18446744073709551616, -18446744073709551616, -18446744073709551616],
    [1e300, 1e300, 1e300, 1e300, 1e300], [NaN, NaN, NaN, NaN, NaN], [Infinity, Infinity, Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity], [-0.2, -1, -0, -0, -0], [-7.5, -8, -7, -7, -7], [1e-300, 0, 1, 0, 0],
];
function all(x) { return [Math.floor(x), Math.ceil(x), Math.round(x), Math.trunc(x)]; }
for (let round = 0; round < 40; round++)
    for (const [x, floor, ceil, rounded, trunc] of table) {
        const got = all(x);
        same(got[0], floor, `floor(${text(x)})`);
        same(got[1], ceil, `ceil(${text(x)})`);
        same(got[2], rounded, `round(${text(x)})`);
        same(got[3], trunc, `trunc(${text(x)})`);
    }
// results used as int32, where compiled code may skip the double
function cell(x) { return Math.floor(x / 16) | 0; }
function quotient(a, b) { return Math.trunc(a / b); }
for (let i = -2000; i < 2000; i++) {
    same(cell(i), i >> 4, `floor(${i} / 16)`);
    const q = quotient(i, 7);
    same(q * 7 + i % 7, i, "quotient and remainder");
}
same(cell(2147483648 * 16), -2147483648, "floor beyond int32 wraps");
same(quotient(-1, 7), -0, "trunc of a small negative quotient");
const positions = [];
for (let i = 0; i < 40; i++) positions.push(Math.round(i * 0.3 - 6));
same(positions.join(), "-6,-6,-5,-5,-5,-4,-4,-4,-4,-3,-3,-3,-2,-2,-2,-1,-1,-1,-1,0,0,0,1,1,1,2,2,2,2,3,3,3,4,4,4,5,5,5,5,6", "rounded steps");
