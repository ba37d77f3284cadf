// about: arguments of mixed types pass through registers and stack by each platform's own convention, in both directions.
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
    const T = { i: I32, l: I64, f: F32, d: F64 }, sample = { i: k => k * 3 - 20, l: k => BigInt(k) * 4294967297n - 5n, f: k => k + 0.25, d: k => k / 10 };
    const shapes = ["", "i", "d", "l", "f", "iiii", "dddd", "llll", "ffff", "il", "li", "ili", "lil", "idid", "didi", "lflf", "ifld", "fdil", "iiiiiiiiii", "dddddddddd", "ffffffffff", "llllllll", "idlfidlfidlfidlf", "lidflidflidflidf", "iiiiillllldddddfffff", "dldldldldldldldldl", "fififififififififififi"];
    for (const shape of shapes) for (const [k, result] of [...(shape || "i")].entries()) {
        if (k > 3 && k < shape.length - 2) continue;
        const params = [...shape].map(c => T[c]), answer = T[result];
        const m = module(
            section(1, list([0x60, list(...params), list(answer)])),
            section(2, list([name("o"), name("f"), 0, 0])),
            section(3, list(0)),
            section(7, list([name("f"), 0, 1])),
            section(10, list(code(params.map((_, i) => get(i)), [0x10, 0]))));
        let got;
        const args = [...shape].map((c, i) => sample[c](i + 1)), back = sample[result](99);
        const f = new WebAssembly.Instance(m, { o: { f: (...a) => { got = a; return back; } } }).exports.f;
        for (let round = 0; round < 12; round++) {
            same(f(...args), back, `result ${result} of (${shape})`);
            same(got.map(text).join(), args.map(text).join(), `arguments (${shape})`);
        }
        const direct = module(section(1, list([0x60, list(...params), list(answer)])), section(3, list(0)), section(7, list([name("f"), 0, 0])), section(10, list(code(shape ? get(k) : [0x41, 7]))));
        same(new WebAssembly.Instance(direct).exports.f(...args), shape ? args[k] : 7, `parameter ${k} of (${shape})`);
    }
    const several = module(
        section(1, list([0x60, list(I32, I64, F64), list(F64, I32, I64)], [0x60, list(I32, I64, F64), list(F64, I32, I64)])),
        section(2, list([name("o"), name("f"), 0, 0])),
        section(3, list(1)), section(7, list([name("f"), 0, 1])), section(10, list(code(get(0), get(1), get(2), [0x10, 0]))));
    same(new WebAssembly.Instance(several, { o: { f: (a, b, c) => [c * 2, a + 1, b + 1n] } }).exports.f(1, 2n, 1.5).map(text).join(), "3,2,3n", "several results");
    throws(TypeError, () => new WebAssembly.Instance(several, { o: { f: () => 5 } }).exports.f(1, 2n, 1.5), "several results must be iterable");
    throws(TypeError, () => new WebAssembly.Instance(several, { o: { f: () => [1, 2] } }).exports.f(1, 2n, 1.5), "and be enough");
    const pass = module(section(1, list([0x60, list(I32), list(I32)])), section(2, list([name("o"), name("f"), 0, 0])), section(3, list(0)), section(7, list([name("f"), 0, 1])), section(10, list(code(get(0), [0x10, 0], [0x41, 1], 0x6A))));
    class Own extends Error {}
    const thrower = new WebAssembly.Instance(pass, { o: { f: n => { if (n > 5) throw new Own("through"); return n; } } }).exports.f;
    for (let i = 0; i < 12; i++) if (i > 5) throws(Own, () => thrower(i), "an exception through a frame"); else same(thrower(i), i + 1, "no exception");
    let inner, depth = 0;
    inner = new WebAssembly.Instance(pass, { o: { f: n => { depth++; return n > 0 ? inner(n - 1) : 0; } } }).exports.f;
    same(inner(100), 101, "to and fro");
    same(depth, 101, "a hundred times");
    throws(RangeError, () => inner(10000000), "to and fro without end");
    const chained = new WebAssembly.Instance(pass, { o: { f: new WebAssembly.Instance(pass, { o: { f: Math.abs } }).exports.f } }).exports.f;
    same(chained(-40), 42, "an instance calls another");
    for (const [value, want] of [[4294967295, -1], ["12", 12], [2.9, 2], [undefined, 0], [null, 0]]) same(new WebAssembly.Instance(pass, { o: { f: () => value } }).exports.f(0), want + 1, `result ${String(value)} of an import`);
    throws(TypeError, () => new WebAssembly.Instance(pass, { o: { f: () => Symbol() } }).exports.f(0), "result that does not convert");
    throws(WebAssembly.LinkError, () => new WebAssembly.Instance(pass, { o: { f: 5 } }), "import that is no function");
    throws(TypeError, () => new WebAssembly.Instance(pass, {}), "import that is missing");
}
