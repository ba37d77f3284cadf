// about: every 32-bit integer instruction against JavaScript's own arithmetic, at the edges; division traps where hardware may not.
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
    const I32 = 0x7F, get = i => [0x20, i];
    const binary = { eq: 0x46, ne: 0x47, lt_s: 0x48, lt_u: 0x49, gt_s: 0x4A, gt_u: 0x4B, le_s: 0x4C, le_u: 0x4D, ge_s: 0x4E, ge_u: 0x4F, add: 0x6A, sub: 0x6B, mul: 0x6C, div_s: 0x6D, div_u: 0x6E, rem_s: 0x6F, rem_u: 0x70, and: 0x71, or: 0x72, xor: 0x73, shl: 0x74, shr_s: 0x75, shr_u: 0x76, rotl: 0x77, rotr: 0x78 };
    const unary = { eqz: 0x45, clz: 0x67, ctz: 0x68, popcnt: 0x69, extend8: 0xC0, extend16: 0xC1 };
    const names = [...Object.keys(binary), ...Object.keys(unary)];
    const m = module(
        section(1, list([0x60, list(I32, I32), list(I32)], [0x60, list(I32), list(I32)])),
        section(3, list(...names.map(n => (n in binary ? 0 : 1)))),
        section(7, list(...names.map((n, i) => [name(n), 0, leb(i)]))),
        section(10, list(...names.map(n => (n in binary ? code(get(0), get(1), binary[n]) : code(get(0), unary[n]))))));
    const f = new WebAssembly.Instance(m).exports, bit = b => (b ? 1 : 0), u = x => x >>> 0;
    const rule = {
        eq: (a, b) => bit(a === b), ne: (a, b) => bit(a !== b), lt_s: (a, b) => bit(a < b), lt_u: (a, b) => bit(u(a) < u(b)), gt_s: (a, b) => bit(a > b), gt_u: (a, b) => bit(u(a) > u(b)), le_s: (a, b) => bit(a <= b), le_u: (a, b) => bit(u(a) <= u(b)), ge_s: (a, b) => bit(a >= b), ge_u: (a, b) => bit(u(a) >= u(b)),
        add: (a, b) => (a + b) | 0, sub: (a, b) => (a - b) | 0, mul: Math.imul, div_s: (a, b) => (a / b) | 0, div_u: (a, b) => (u(a) / u(b)) | 0, rem_s: (a, b) => (a % b) | 0, rem_u: (a, b) => (u(a) % u(b)) | 0, and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b,
        shl: (a, b) => a << b, shr_s: (a, b) => a >> b, shr_u: (a, b) => (a >>> b) | 0, rotl: (a, b) => (a << b) | (b & 31 ? a >>> (32 - (b & 31)) : 0), rotr: (a, b) => (a >>> b) | (b & 31 ? a << (32 - (b & 31)) : 0),
        eqz: a => bit(a === 0), clz: Math.clz32, ctz: a => (a ? 31 - Math.clz32(a & -a) : 32), popcnt: a => { let n = 0; for (; a; a &= a - 1) n++; return n; }, extend8: a => a << 24 >> 24, extend16: a => a << 16 >> 16,
    };
    const values = [0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x12345678, -0x12345678, 2147483647, -2147483648, -2147483647, 0x55555555, -0x55555556];
    for (let round = 0; round < 4; round++) for (const n of names) for (const a of values) {
        if (n in unary) { same(f[n](a), rule[n](a), `${n} ${a}`); continue; }
        for (const b of values) {
            if (/div|rem/.test(n) && b === 0) { throws(WebAssembly.RuntimeError, () => f[n](a, b), `${n} ${a} by 0`); continue; }
            if (n === "div_s" && a === -2147483648 && b === -1) { throws(WebAssembly.RuntimeError, () => f[n](a, b), "overflowing division"); continue; }
            const got = f[n](a, b);
            if (got !== rule[n](a, b)) throw new Error(`${n} ${a} ${b}: expected ${rule[n](a, b)}, got ${got}`);
        }
    }
    same(f.rem_s(-2147483648, -1), 0, "remainder of the overflowing division");
    for (const [v, want] of [[4294967296, 0], [2147483648, -2147483648], ["5", 5], [undefined, 0], [1.9, 1], [-1.9, -1], [NaN, 0], [Infinity, 0], [{ valueOf: () => 9 }, 9]]) same(f.add(v, 0), want, `conversion of ${String(v)}`);
    throws(TypeError, () => f.add(1n, 0), "BigInt to i32");
}
