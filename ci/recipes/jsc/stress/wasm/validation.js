// about: modules that must be refused, and what is reflected of those that are not.
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
    const one = (body, params = [I32], results = [I32]) => module(section(1, list([0x60, list(...params), list(...results)])), section(3, list(0)), section(10, list(code(body))));
    one(get(0));
    const bad = [
        ["type mismatch", () => one([0x42, 1])], ["empty stack", () => one(0x6A)], ["too many values", () => one([get(0), get(0)])], ["unknown local", () => one(get(3))], ["unknown opcode", () => one(0xFF)], ["unknown function", () => one([0x10, 7])], ["unknown global", () => one([0x23, 0])], ["no memory", () => one([get(0), 0x28, 0, 0])],
        ["label too deep", () => one([0x0C, 5])], ["mixed operands", () => one([get(0), 0x42, 1, 0x6A])], ["unbalanced if", () => one([get(0), 0x04, I32, get(0), 0x0B])], ["alignment too large", () => module(section(1, list([0x60, list(I32), list(I32)])), section(3, list(0)), section(5, list([0, 1])), section(10, list(code(get(0), 0x28, 3, 0))))],
        ["missing code", () => module(section(1, list([0x60, list(), list()])), section(3, list(0)))], ["sections out of order", () => module(section(3, list()), section(1, list()))], ["unknown type", () => module(section(1, list([0x60, list(), list()])), section(3, list(5)), section(10, list(code())))], ["duplicate export", () => module(section(1, list([0x60, list(), list()])), section(3, list(0)), section(7, list([name("a"), 0, 0], [name("a"), 0, 0])), section(10, list(code())))],
        ["memory too large", () => module(section(5, list([0, leb(65537)])))], ["minimum above maximum", () => module(section(5, list([1, 3, 2])))], ["immutable global", () => module(section(1, list([0x60, list(), list()])), section(3, list(0)), section(6, list([I32, 0, 0x41, 0, 0x0B])), section(10, list(code(0x41, 1, 0x24, 0))))],
    ];
    for (const [what, f] of bad) for (let i = 0; i < 3; i++) throws(WebAssembly.CompileError, f, what);
    for (const bytes of [[], [0], [0, 0x61, 0x73, 0x6D], [0, 0x61, 0x73, 0x6D, 2, 0, 0, 0], [0x6D, 0x73, 0x61, 0, 1, 0, 0, 0], [0, 0x61, 0x73, 0x6D, 0, 0, 0, 1], [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1], [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 9, 1]]) {
        throws(WebAssembly.CompileError, () => new WebAssembly.Module(Uint8Array.from(bytes)), `bytes ${bytes}`);
        same(WebAssembly.validate(Uint8Array.from(bytes)), false, "validate");
    }
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6D, 1, 0, 0, 0);
    same(WebAssembly.validate(empty), true, "an empty module");
    same(WebAssembly.validate(new Uint8Array([9, ...empty]).subarray(1)), true, "at an odd offset");
    for (const notBytes of [5, "x", {}, null, [0, 0x61]]) throws(TypeError, () => new WebAssembly.Module(notBytes), "no bytes");
    throws(TypeError, () => WebAssembly.Module(empty), "call without new");
    const m = module(section(1, list([0x60, list(I32), list(I64)])), section(2, list([name("a"), name("f"), 0, 0], [name("b"), name("m"), 2, 0, 1])), section(6, list([I32, 0, 0x41, 42, 0x0B])), section(7, list([name("g"), 3, 0], [name("again"), 0, 0])), section(0, name("note"), [1, 2, 3]));
    same(JSON.stringify(WebAssembly.Module.imports(m).map(({ module, name, kind }) => [module, name, kind])), '[["a","f","function"],["b","m","memory"]]', "imports");
    same(JSON.stringify(WebAssembly.Module.exports(m).map(({ name, kind }) => [name, kind])), '[["g","global"],["again","function"]]', "exports");
    same([...new Uint8Array(WebAssembly.Module.customSections(m, "note")[0])].join() + WebAssembly.Module.customSections(m, "x").length, "1,2,30", "custom sections");
    const memory = new WebAssembly.Memory({ initial: 1 });
    const e = new WebAssembly.Instance(m, { a: { f: () => 7n }, b: { m: memory } }).exports;
    same(e.g.value + String(e.again(1)) + Object.isFrozen(e) + Object.keys(e), "427trueg,again", "instance");
    throws(WebAssembly.LinkError, () => new WebAssembly.Instance(m, { a: { f: () => 7n }, b: { m: {} } }), "wrong kind of import");
    throws(WebAssembly.LinkError, () => new WebAssembly.Instance(m, { a: { f: () => 7n }, b: { m: new WebAssembly.Memory({ initial: 0 }) } }), "memory too small");
    const g = new WebAssembly.Global({ value: "i64", mutable: true }, 2n ** 63n);
    same(g.value, -(2n ** 63n), "global of 64 bits");
    g.value = -1n;
    same(g.value, -1n, "assigned");
    throws(TypeError, () => { g.value = 1; }, "assigned a number");
    throws(TypeError, () => { new WebAssembly.Global({ value: "f32" }, 1).value = 2; }, "immutable");
    same(new WebAssembly.Global({ value: "f32" }, 0.1).value, Math.fround(0.1), "global of single precision");
    throws(RangeError, () => new WebAssembly.Memory({ initial: 70000 }), "too many pages");
    throws(RangeError, () => new WebAssembly.Table({ element: "anyfunc", initial: 1 }).get(1), "past a table");
}
