// about: blocks, loops, branch tables, recursion and indirect calls through a table.
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
    const I32 = 0x7F, I64 = 0x7E, F64 = 0x7C, get = i => [0x20, i], set = i => [0x21, i], i32 = n => [0x41, n & 127], call = i => [0x10, i], VOID = 0x40;
    const locals = (groups, ...body) => { const b = [...list(...groups), ...body, 0x0B].flat(Infinity); return [leb(b.length), b]; };
    const m = module(
        section(1, list([0x60, list(I32), list(I32)], [0x60, list(I64), list(I64)], [0x60, list(I32, I32), list(I32)], [0x60, list(F64), list(F64)], [0x60, list(), list()], [0x60, list(), list(I32)])),
        section(3, list(0, 1, 0, 0, 2, 3, 4, 0, 5, 5, 0)),
        section(4, list([0x70, 0, 6])),
        section(6, list([I32, 1, i32(5), 0x0B], [I64, 0, 0x42, 0x7F, 0x0B])),
        section(7, list(...["fib", "fact", "table", "sum", "indirect", "newton", "trap", "collatz", "counter", "runaway", "nested"].map((n, i) => [name(n), 0, i]), [name("g"), 3, 0], [name("t"), 1, 0])),
        section(9, list([0, i32(0), 0x0B, list(0, 2, 3, 5)])),
        section(10, list(
            code(get(0), i32(2), 0x48, [0x04, I32], get(0), 0x05, get(0), i32(1), 0x6B, call(0), get(0), i32(2), 0x6B, call(0), 0x6A, 0x0B), // fib
            code(get(0), 0x50, [0x04, I64], 0x42, 1, 0x05, get(0), get(0), 0x42, 1, 0x7D, call(1), 0x7E, 0x0B), // fact
            code([0x02, VOID], [0x02, VOID], [0x02, VOID], [0x02, VOID], get(0), [0x0E, 3, 0, 1, 2, 3], 0x0B, i32(10), 0x0F, 0x0B, i32(20), 0x0F, 0x0B, i32(30), 0x0F, 0x0B, i32(63)), // table
            locals([[1, I32]], [0x03, VOID], get(1), get(0), 0x6A, set(1), get(0), i32(1), 0x6B, [0x22, 0], [0x0D, 0], 0x0B, get(1)), // sum
            code(get(0), get(1), [0x11, 0, 0]), // indirect
            locals([[2, F64]], get(0), set(1), [0x03, VOID], get(1), get(0), get(1), 0xA3, 0xA0, [0x44, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F], 0xA2, [0x22, 2], get(1), 0x63, [0x04, VOID], get(2), set(1), [0x0C, 1], 0x0B, 0x0B, get(1)), // newton
            code(0x00), // trap
            locals([[1, I32]], [0x03, VOID], get(0), i32(1), 0x4B, [0x04, VOID], get(0), i32(1), 0x71, [0x04, I32], get(0), i32(3), 0x6C, i32(1), 0x6A, 0x05, get(0), i32(1), 0x76, 0x0B, set(0), get(1), i32(1), 0x6A, set(1), [0x0C, 1], 0x0B, 0x0B, get(1)), // collatz
            code([0x23, 0], i32(1), 0x6A, [0x24, 0], [0x23, 0]), // counter
            code(call(9), i32(1), 0x6A), // runaway
            code([0x02, I32], [0x02, I32], i32(1), get(0), [0x0D, 0], 0x1A, i32(2), [0x0C, 1], 0x0B, i32(40), 0x6A, 0x0B)))); // nested
    const e = new WebAssembly.Instance(m).exports;
    same(e.fib(18), 2584, "fib");
    same(e.fact(20n), 2432902008176640000n, "factorial");
    same(e.fact(25n), 7034535277573963776n, "factorial that wraps");
    for (let i = 0; i < 300; i++) { same([0, 1, 2, 3, 4, -1, 2147483647].map(e.table).join(), "10,20,30,63,63,63,63", "branch table"); same(e.nested(0) + e.nested(1), 43, "values of blocks"); }
    same(e.sum(60000), 1800030000, "loop");
    same(e.sum(100000), 5000050000 | 0, "loop that wraps");
    for (const x of [2, 9, 1e10, 0.25 * 16, 144]) if (Math.abs(e.newton(x) - Math.sqrt(x)) > x * 3e-16) throw new Error(`Newton's root of ${x}: got ${e.newton(x)}`);
    same([e.collatz(27), e.collatz(97), e.collatz(1)].join(), "111,118,0", "Collatz");
    for (let i = 0; i < 200; i++) same(e.counter(), 6 + i, "global");
    same(e.g.value, 205, "global from outside");
    e.g.value = 2147483647;
    same(e.counter(), -2147483648, "global wraps");
    same([e.indirect(10, 0), e.indirect(1, 1), e.indirect(10, 2)].join(), "55,20,55", "indirect calls");
    throws(WebAssembly.RuntimeError, () => e.indirect(1, 3), "wrong signature");
    throws(WebAssembly.RuntimeError, () => e.indirect(1, 4), "empty slot");
    throws(WebAssembly.RuntimeError, () => e.indirect(1, 6), "past the table");
    throws(WebAssembly.RuntimeError, () => e.indirect(1, -1), "far past the table");
    e.t.set(4, e.collatz);
    same(e.indirect(27, 4), 111, "a slot filled from outside");
    same(e.t.get(0)(10) + e.t.length, 61, "table from outside");
    for (let i = 0; i < 20; i++) throws(WebAssembly.RuntimeError, e.trap, "unreachable");
    throws(RangeError, e.runaway, "recursion without end");
    same(e.fib(10), 55, "and the instance still works");
}
