// about: 64-bit instructions on 32-bit machines are sequences over register pairs; results as BigInts against BigInt arithmetic.
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
    const I32 = 0x7F, I64 = 0x7E, get = i => [0x20, i];
    const compare = { eq: 0x51, ne: 0x52, lt_s: 0x53, lt_u: 0x54, gt_s: 0x55, gt_u: 0x56, le_s: 0x57, le_u: 0x58, ge_s: 0x59, ge_u: 0x5A };
    const binary = { add: 0x7C, sub: 0x7D, mul: 0x7E, div_s: 0x7F, div_u: 0x80, rem_s: 0x81, rem_u: 0x82, and: 0x83, or: 0x84, xor: 0x85, shl: 0x86, shr_s: 0x87, shr_u: 0x88, rotl: 0x89, rotr: 0x8A };
    const unary = { clz: 0x79, ctz: 0x7A, popcnt: 0x7B, extend8: 0xC2, extend16: 0xC3, extend32: 0xC4 };
    const names = [...Object.keys(compare), ...Object.keys(binary), ...Object.keys(unary), "eqz", "wrap", "extend_s", "extend_u"];
    const type = n => (n in compare ? 0 : n in binary ? 1 : n in unary ? 2 : n === "eqz" || n === "wrap" ? 3 : 4), special = { eqz: 0x50, wrap: 0xA7, extend_s: 0xAC, extend_u: 0xAD };
    const m = module(
        section(1, list([0x60, list(I64, I64), list(I32)], [0x60, list(I64, I64), list(I64)], [0x60, list(I64), list(I64)], [0x60, list(I64), list(I32)], [0x60, list(I32), list(I64)])),
        section(3, list(...names.map(type))),
        section(7, list(...names.map((n, i) => [name(n), 0, leb(i)]))),
        section(10, list(...names.map(n => (type(n) < 2 ? code(get(0), get(1), compare[n] ?? binary[n]) : code(get(0), unary[n] ?? special[n]))))));
    const f = new WebAssembly.Instance(m).exports, s = x => BigInt.asIntN(64, x), u = x => BigInt.asUintN(64, x), bit = b => (b ? 1 : 0);
    const bits = x => u(x).toString(2).padStart(64, "0");
    const rule = {
        eq: (a, b) => bit(a === b), ne: (a, b) => bit(a !== b), lt_s: (a, b) => bit(a < b), lt_u: (a, b) => bit(u(a) < u(b)), gt_s: (a, b) => bit(a > b), gt_u: (a, b) => bit(u(a) > u(b)), le_s: (a, b) => bit(a <= b), le_u: (a, b) => bit(u(a) <= u(b)), ge_s: (a, b) => bit(a >= b), ge_u: (a, b) => bit(u(a) >= u(b)),
        add: (a, b) => s(a + b), sub: (a, b) => s(a - b), mul: (a, b) => s(a * b), div_s: (a, b) => s(a / b), div_u: (a, b) => s(u(a) / u(b)), rem_s: (a, b) => s(a % b), rem_u: (a, b) => s(u(a) % u(b)), and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b,
        shl: (a, b) => s(a << (b & 63n)), shr_s: (a, b) => a >> (b & 63n), shr_u: (a, b) => s(u(a) >> (b & 63n)), rotl: (a, b) => s((u(a) << (b & 63n)) | (u(a) >> (64n - (b & 63n)))), rotr: (a, b) => s((u(a) >> (b & 63n)) | (u(a) << (64n - (b & 63n)))),
        clz: a => BigInt((bits(a) + "1").indexOf("1")), ctz: a => BigInt([...bits(a)].reverse().concat("1").indexOf("1")), popcnt: a => BigInt(bits(a).replace(/0/g, "").length), extend8: a => BigInt.asIntN(8, a), extend16: a => BigInt.asIntN(16, a), extend32: a => BigInt.asIntN(32, a),
        eqz: a => bit(a === 0n), wrap: a => Number(BigInt.asIntN(32, a)),
    };
    const values = [0n, 1n, -1n, 2n, -7n, 31n, 32n, 33n, 63n, 64n, 127n, 128n, 65535n, 4294967295n, 4294967296n, -4294967296n, -4294967297n, 0x80000000n, 0x123456789ABCDEF0n, -0x123456789ABCDEFn, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n, 0x5555555555555555n];
    for (let round = 0; round < 2; round++) for (const n of names) {
        if (n.startsWith("extend_")) { for (const a of [0, 1, -1, 2147483647, -2147483648]) same(f[n](a), n === "extend_s" ? BigInt(a) : BigInt(a >>> 0), `${n} ${a}`); continue; }
        for (const a of values) {
            if (type(n) > 1) { same(f[n](a), rule[n](a), `${n} ${a}`); continue; }
            for (const b of values) {
                if (/div|rem/.test(n) && b === 0n) { throws(WebAssembly.RuntimeError, () => f[n](a, b), `${n} ${a} by 0`); continue; }
                if (n === "div_s" && a === -(2n ** 63n) && b === -1n) { throws(WebAssembly.RuntimeError, () => f[n](a, b), "overflowing division"); continue; }
                const got = f[n](a, b);
                if (got !== rule[n](a, b)) throw new Error(`${n} ${a} ${b}: expected ${rule[n](a, b)}, got ${got}`);
            }
        }
    }
    same(f.add(2n ** 64n + 5n, 0n), 5n, "wide BigInts wrap on the way in");
    same(f.sub("7", true), 6n, "text and booleans are converted");
    throws(TypeError, () => f.add(1, 0n), "a number is not");
}
