// about: toString(radix) and parseInt(radix) work digit by digit on doubles; long inputs need more than 53 bits.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
for (let radix = 2; radix <= 36; radix++) {
    for (const n of [0, 1, radix - 1, radix, radix * radix, 2147483647, -2147483648, 4294967295, 9007199254740991, -9007199254740991]) {
        const digits = n.toString(radix);
        same(parseInt(digits, radix), n, `parseInt(${digits}, ${radix})`);
        same(BigInt(n).toString(radix), digits, `BigInt(${n}).toString(${radix})`);
    }
    const fraction = (0.5).toString(radix);
    if (radix % 2 === 0) same(fraction, "0." + (radix / 2).toString(radix), `0.5 in ${radix}`);
}
same((255).toString(16), "ff", "255 in 16");
same((-255).toString(36), "-73", "-255 in 36");
same((0.1).toString(2), "0.0001100110011001100110011001100110011001100110011001101", "0.1 in 2");
same((1e21).toString(16), "3635c9adc5dea00000", "1e21 in 16");
same((2 ** 100).toString(32), "1" + "0".repeat(20), "2^100 in 32");
same((0.125).toString(8), "0.1", "0.125 in 8");
same((255.5).toString(16), "ff.8", "255.5 in 16");
same((-0).toString(2), "0", "-0");
same((NaN).toString(36) + (Infinity).toString(2), "NaNInfinity", "not finite");
same((5e-324).toString(2), "0." + "0".repeat(1073) + "1", "smallest in 2");
same(parseInt("z", 36), 35, "z");
same(parseInt("0x1F"), 31, "0x without radix");
same(parseInt("0x1F", 16), 31, "0x with 16");
same(parseInt("0x1F", 10), 0, "0x with 10");
same(parseInt("12", 1), NaN, "radix 1");
same(parseInt("12", 37), NaN, "radix 37");
same(parseInt("12", 4294967298), 1, "radix 2^32 + 2 wraps to 2");
same(parseInt("9007199254740993"), 9007199254740992, "2^53 + 1");
same(parseInt("9007199254740995"), 9007199254740996, "2^53 + 3");
same(parseInt("1".repeat(64), 2), 18446744073709552000, "64 ones");
same(parseInt("1".repeat(53), 2), 9007199254740991, "53 ones");
same(parseInt("1" + "0".repeat(52) + "1", 2), 9007199254740992, "54 bits tie to even");
same(parseInt("1" + "0".repeat(51) + "11", 2), 9007199254740996, "54 bits tie to even upwards");
same(parseInt("1" + "0".repeat(52) + "1" + "0".repeat(20) + "1", 2), 9007199254740994 * 2 ** 21, "sticky bit far below");
same(parseInt("-0"), -0, "-0");
same(parseInt("  -42abc"), -42, "stops at a letter");
same(parseInt("\u00a0\u20287"), 7, "unicode space");
same(parseInt(""), NaN, "empty");
same(parseInt("9".repeat(400)), Infinity, "400 nines");
for (const bad of [0, 1, 37, -1, NaN]) throws(RangeError, () => (1).toString(bad), `toString(${bad})`);
for (let i = 0; i < 3000; i++) same(parseInt(i.toString(7), 7), i, "round trip in 7");
