// about: the constants and predicates at 2^53, and what index and length conversions make of values near 2^31, 2^32, 2^53.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
same(Number.MAX_SAFE_INTEGER, 9007199254740991, "MAX_SAFE_INTEGER");
same(Number.MIN_SAFE_INTEGER, -9007199254740991, "MIN_SAFE_INTEGER");
same(Number.EPSILON, 2.220446049250313e-16, "EPSILON");
same(Number.MIN_VALUE, 5e-324, "MIN_VALUE");
same(Number.MAX_VALUE, 1.7976931348623157e308, "MAX_VALUE");
same(Number.MAX_VALUE + 9.979201547673598e291, 1.7976931348623157e308, "less than half an ulp more");
same(Number.MAX_VALUE + 9.979201547673599e291, Infinity, "half an ulp more");
const cases = [[0, true, true], [-0, true, true], [1.5, false, false], [2 ** 53 - 1, true, true], [2 ** 53, true, false], [-(2 ** 53) + 1, true, true],
    [-(2 ** 53), true, false], [2 ** 31, true, true], [1e300, true, false], [Infinity, false, false], [NaN, false, false], [5e-324, false, false],
    [4503599627370495.5, false, false], ["1", false, false], [null, false, false], [1n, false, false]];
for (let i = 0; i < 200; i++) for (const [x, integer, safe] of cases) {
    same(Number.isInteger(x), integer, `isInteger(${String(x)})`);
    same(Number.isSafeInteger(x), safe, `isSafeInteger(${String(x)})`);
    same(Number.isNaN(x), typeof x === "number" && x !== x, `Number.isNaN(${String(x)})`);
    same(Number.isFinite(x), typeof x === "number" && x - x === 0, `Number.isFinite(${String(x)})`);
}
for (let x = 9007199254740985; x < 9007199254740991; x++) {
    same(x + 1 - x, 1, "steps of one below 2^53");
    same(x % 2, x & 1, "parity below 2^53");
}
same(9007199254740992 + 1, 9007199254740992, "2^53 + 1");
same(9007199254740992 + 3, 9007199254740996, "2^53 + 3");
same(9007199254740993, 9007199254740992, "literal 2^53 + 1");
same(0xFFFFFFFFFFFFFFFF, 18446744073709552000, "hex literal of 64 ones");
same(0b11111111111111111111111111111111, 4294967295, "binary literal of 32 ones");
same(0o777777777777, 68719476735, "octal literal");
same(0x20000000000001, 9007199254740992, "hex literal 2^53 + 1 ties to even");
same(0x20000000000003, 9007199254740996, "hex literal 2^53 + 3 ties to even");
const lengths = [[-1, 0], [-Infinity, 0], [NaN, 0], [3.9, 3], ["2", 2], [undefined, 0]];
for (const [length, want] of lengths) same(Array.from({ length, 0: 1, 1: 2, 2: 3, 3: 4 }).length, want, `length ${String(length)}`);
for (const bad of [-1, 4294967296, 1.5, NaN, Infinity]) throws(RangeError, () => new Array(bad), `new Array(${bad})`);
same(new Array(4294967295).length, 4294967295, "longest array");
same("abc".at(-3.9), "a", "at(-3.9)");
same("abc".slice(-9007199254740993, 2 ** 40), "abc", "slice with far ends");
same([1, 2, 3].slice(-4294967297, 4294967297).join(), "1,2,3", "array slice with far ends");
same([1, 2, 3].indexOf(3, -(2 ** 33)), 2, "indexOf from far below");
same("x".repeat(2.9), "xx", "repeat(2.9)");
throws(RangeError, () => "x".repeat(2 ** 32 * 2 ** 20), "repeat without bound");
