// about: ToInt32 of doubles outside int32. Hardware conversions saturate (ARM), return 0x80000000 (x86), or wrap (ARM's
// FJCVTZS), so that every engine has its own slow path, by bits of the double.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [
    [0, 0], [-0, 0], [0.9, 0], [-0.9, 0], [1.5, 1], [-1.5, -1], [2147483647, 2147483647], [2147483647.5, 2147483647],
    [2147483648, -2147483648], [2147483648.5, -2147483648], [2147483649, -2147483647], [4294967295, -1], [4294967296, 0],
    [4294967297, 1], [-2147483648, -2147483648], [-2147483648.5, -2147483648], [-2147483649, 2147483647], [-4294967295, 1],
    [-4294967296, 0], [-4294967297, -1], [6442450944, -2147483648], [9007199254740991, -1], [9007199254740992, 0],
    [9007199254740994, 2], [-9007199254740991, 1], [9007199254740993.5, 2], [4503599627370497, 1], [2251799813685249.5, 1], [-2251799813685249.5, -1],
    [9223372036854775807, 0], [9223372036854774784, -1024], [9223372036854777856, 2048], [-9223372036854775808, 0],
    [-9223372036854777856, -2048], [18446744073709551616, 0], [18446744073709549568, -2048], [18446744073709555712, 4096],
    [36893488147419107329, 8192], [2 ** 83 + 2 ** 31, -2147483648], [2 ** 83 + 2 ** 32, 0], [2 ** 84 - 2 ** 31, -2147483648], [2 ** 84, 0],
    [1.7976931348623157e308, 0], [-1.7976931348623157e308, 0], [5e-324, 0], [-5e-324, 0], [NaN, 0], [Infinity, 0], [-Infinity, 0],
];
function or0(x) { return x | 0; }
function tilde(x) { return ~~x; }
function shift0(x) { return x >> 0; }
function unsigned(x) { return x >>> 0; }
function masked(x) { return x & -1; }
function xored(x) { return x ^ 0; }
const store = new Int32Array(1);
const ways = [or0, tilde, shift0, masked, xored, x => Math.imul(x, 1), x => (store[0] = x, store[0]), x => ~(~x), x => -1 & x];
for (let round = 0; round < 60; round++)
    for (const [x, want] of table) {
        for (const way of ways) if (way(x) !== want) throw new Error(`${way} of ${text(x)}: expected ${want}, got ${way(x)}`);
        same(unsigned(x), want < 0 ? want + 4294967296 : want, `${x} >>> 0`);
    }
// every power of two, with its neighbours, against arithmetic that stays below 2^53
for (let e = 0; e < 84; e++) {
    const p = 2 ** e, want = e < 31 ? p : e === 31 ? -2147483648 : 0;
    same(or0(p), want, `2^${e}`);
    same(or0(-p), e < 31 ? -p : e === 31 ? -2147483648 : 0, `-2^${e}`);
    if (e > 21 && e < 52) {
        const ulp = 2 ** (e - 52);
        same(or0(p + ulp), want, `2^${e} + ulp`);
        same(or0(p - 0.5), e < 32 ? p - 1 : -1, `2^${e} - 0.5`);
    }
}
for (const [value, want] of [["4294967297", 1], [" 0x80000001 ", -2147483647], ["1e10", 1410065408], [true, 1], [null, 0],
    [undefined, 0], ["x", 0], [[3], 3], [{}, 0], [{ valueOf() { return 2147483648; } }, -2147483648]])
    same(or0(value), want, `ToInt32 of a ${typeof value}`);
