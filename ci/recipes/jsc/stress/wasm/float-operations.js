// about: float instructions with JavaScript's exact results: rounding, -0, NaN, minimum and maximum, and all conversions that trap or saturate.
if (typeof WebAssembly !== "object") {
    print("SKIPPED: no WebAssembly");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    function throws(type, run, what) {
        let got = "no exception";
        try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
        throw new Error(`${what}: expected ${type.name}, got ${got}`);
    }
    const leb = n => { const out = []; do { const b = n & 127; n >>>= 7; out.push(n ? b | 128 : b); } while (n); return out; };
    const section = (id, ...body) => { const b = body.flat(Infinity); return [id, leb(b.length), b]; };
    const list = (...items) => [leb(items.length), items], name = s => [leb(s.length), Array.from(s, c => c.charCodeAt(0))];
    const code = (...body) => { const b = [0, ...body.flat(Infinity), 0x0B]; return [leb(b.length), b]; }; // a function without locals
    const module = (...sections) => new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, ...sections.flat(Infinity)]));
    const I32 = 0x7F, I64 = 0x7E, F32 = 0x7D, F64 = 0x7C, get = i => [0x20, i];
    const types = [[F64, F64, F64], [F64, F64], [F32, F32, F32], [F32, F32], [F64, F64, I32], [F64, I32], [F64, I64], [F32, I32], [I32, F64], [I32, F32], [I64, F64], [I64, F32], [F64, F32], [F32, F64]];
    const functions = {
        add: [0, 0xA0], sub: [0, 0xA1], mul: [0, 0xA2], div: [0, 0xA3], min: [0, 0xA4], max: [0, 0xA5], copysign: [0, 0xA6], abs: [1, 0x99], neg: [1, 0x9A], ceil: [1, 0x9B], floor: [1, 0x9C], trunc: [1, 0x9D], nearest: [1, 0x9E], sqrt: [1, 0x9F],
        add32: [2, 0x92], sub32: [2, 0x93], mul32: [2, 0x94], div32: [2, 0x95], min32: [2, 0x96], max32: [2, 0x97], copysign32: [2, 0x98], nearest32: [3, 0x90], sqrt32: [3, 0x91], eq: [4, 0x61], ne: [4, 0x62], lt: [4, 0x63], gt: [4, 0x64], le: [4, 0x65], ge: [4, 0x66],
        i32s: [5, 0xAA], i32u: [5, 0xAB], i64s: [6, 0xB0], i64u: [6, 0xB1], i32sf: [7, 0xA8], i32uf: [7, 0xA9], fromi32s: [8, 0xB7], fromi32u: [8, 0xB8], ffromi32s: [9, 0xB2], ffromi32u: [9, 0xB3], fromi64s: [10, 0xB9], fromi64u: [10, 0xBA], ffromi64s: [11, 0xB4], ffromi64u: [11, 0xB5], demote: [12, 0xB6], promote: [13, 0xBB],
        bits64: [6, 0xBD], frombits64: [10, 0xBF], bits32: [7, 0xBC], frombits32: [9, 0xBE], sat32s: [5, [0xFC, 2]], sat32u: [5, [0xFC, 3]], sat64s: [6, [0xFC, 6]], sat64u: [6, [0xFC, 7]],
    };
    const names = Object.keys(functions);
    const m = module(
        section(1, list(...types.map(t => [0x60, list(...t.slice(0, -1)), list(t[t.length - 1])]))),
        section(3, list(...names.map(n => functions[n][0]))),
        section(7, list(...names.map((n, i) => [name(n), 0, leb(i)]))),
        section(10, list(...names.map(n => code(types[functions[n][0]].slice(1).map((_, i) => get(i)), functions[n][1])))));
    const f = new WebAssembly.Instance(m).exports, fr = Math.fround;
    const values = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.2, 1e300, -1e300, 5e-324, 1e-310, 2147483647, 2147483648, 4294967296, 4503599627370497.5, 9007199254740993, Infinity, -Infinity, NaN, 3.4028234663852886e38, 1e-45, 16777217];
    const even = x => { const r = Math.round(x); return Math.abs(x % 1) === 0.5 && r % 2 ? r - 1 : Object.is(x, -0) || (x < 0 && r === 0) ? -0 : r; };
    const copysign = (a, b) => (a !== a ? NaN : (b < 0 || Object.is(b, -0)) ? -Math.abs(a) : Math.abs(a));
    const two = { add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b, min: Math.min, max: Math.max, copysign }, one = { abs: Math.abs, neg: a => -a, ceil: Math.ceil, floor: Math.floor, trunc: Math.trunc, nearest: even, sqrt: Math.sqrt };
    for (let round = 0; round < 3; round++) for (const a of values) {
        for (const n in one) same(f[n](a), one[n](a), `${n} ${text(a)}`);
        same(f.nearest32(a), even(fr(a)), `nearest32 ${text(a)}`);
        same(f.sqrt32(a), fr(Math.sqrt(fr(a))), `sqrt32 ${text(a)}`);
        same(f.demote(a), fr(a), `demote ${text(a)}`);
        same(f.promote(a), fr(a), `promote ${text(a)}`);
        for (const b of values) {
            if (b !== b) continue;
            for (const n in two) same(f[n](a, b), two[n](a, b), `${n} ${text(a)} ${text(b)}`);
            for (const n in two) same(f[n + "32"](a, b), fr(two[n](fr(a), fr(b))), `${n}32 ${text(a)} ${text(b)}`);
            same([f.eq(a, b), f.ne(a, b), f.lt(a, b), f.gt(a, b), f.le(a, b), f.ge(a, b)].join(), [a === b, a !== b, a < b, a > b, a <= b, a >= b].map(Number).join(), `compare ${text(a)} ${text(b)}`);
        }
        const t = Math.trunc(a), fits = (low, high) => t >= low && t <= high;
        for (const [n, low, high, box, x] of [["i32s", -2147483648, 2147483647, Number, a], ["i32u", 0, 4294967295, v => Number(v) | 0, a], ["i64s", -9223372036854775808, 9223372036854774784, v => BigInt.asIntN(64, BigInt(v)), a], ["i64u", 0, 18446744073709549568, v => BigInt.asIntN(64, BigInt(v)), a]])
            if (fits(low, high)) same(f[n](x), box(t === 0 ? 0 : t), `${n} ${text(a)}`); else throws(WebAssembly.RuntimeError, () => f[n](x), `${n} ${text(a)}`);
        const clamp = (low, high) => (a !== a ? 0n : a <= Number(low) ? low : a >= Number(high) ? high : BigInt(t));
        same(f.sat32s(a), Number(clamp(-2147483648n, 2147483647n)), `sat32s ${text(a)}`);
        same(f.sat32u(a), Number(clamp(0n, 4294967295n)) | 0, `sat32u ${text(a)}`);
        same(f.sat64s(a), clamp(-(2n ** 63n), 2n ** 63n - 1n), `sat64s ${text(a)}`);
        same(f.sat64u(a), BigInt.asIntN(64, clamp(0n, 2n ** 64n - 1n)), `sat64u ${text(a)}`);
    }
    for (const a of [0, 1, -1, 16777217, -16777219, 2147483647, -2147483648]) { same(f.fromi32s(a), a, `f64 of ${a}`); same(f.fromi32u(a), a >>> 0, `f64 of unsigned ${a}`); same(f.ffromi32s(a), fr(a), `f32 of ${a}`); same(f.ffromi32u(a), fr(a >>> 0), `f32 of unsigned ${a}`); }
    for (const a of [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 53n + 3n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 1025n]) { same(f.fromi64s(a), Number(a), `f64 of ${a}`); same(f.fromi64u(a), Number(BigInt.asUintN(64, a)), `f64 of unsigned ${a}`); }
    for (const [a, want] of [[16777217n, 16777216], [2n ** 40n + 2n ** 16n, 1099511627776], [2n ** 40n + 2n ** 16n + 1n, 1099511758848], [2n ** 62n + 2n ** 38n + 1n, 4611686568183201792], [-1n, -1]]) same(f.ffromi64s(a), want, `f32 of ${a} in one rounding`);
    same(f.ffromi64u(-1n), 18446744073709551616, "f32 of 2^64 - 1");
    same(f.ffromi64u(2n ** 63n + 2n ** 39n + 1n), 9223373136366403584, "f32 of a wide unsigned in one rounding");
    same(f.bits64(-2.5), BigInt.asIntN(64, 0xC004000000000000n), "bits of a double");
    same(f.frombits64(0x3FF8000000000000n), 1.5, "double of bits");
    same(f.bits32(-0.75), 0xBF400000 | 0, "bits of a single");
    same(f.frombits32(0x7F7FFFFF), 3.4028234663852886e38, "single of bits");
    same(f.frombits64(0x7FF0000000000001n), NaN, "signalling NaN");
    same(f.frombits32(0xFF800001 | 0), NaN, "signalling single NaN");
    throws(WebAssembly.RuntimeError, () => f.i32sf(3e9), "single out of range");
    same(f.i32uf(4294967040), -256, "largest single below 2^32");
}
