// about: running out of stack has to be a RangeError that can be caught, from every kind of frame, and leave the engine usable.
// How deep one gets depends on frame size and word size, so only a lower bound is checked.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let depth = 0;
function down() { depth++; return down() + 1; }
function caught(f) { depth = 0; try { f(); } catch (e) { if (!(e instanceof RangeError)) throw e; return depth; } throw new Error(`${f}: expected a RangeError`); }
for (let i = 0; i < 3; i++) if (caught(down) < 500) throw new Error(`recursion: expected at least 500 frames, got ${depth}`);
const ways = {
    arrow: () => { const f = () => { depth++; f(); f(); }; f(); },
    mutual: () => { const f = n => { depth++; return g(n) + 1; }, g = n => f(n) + 1; f(0); },
    doubles: () => { const f = (a, b, c, d) => { depth++; return f(a + 0.5, b * 2, c - 1.5, d) + a; }; f(1.5, 2.5, 3.5, 4.5); },
    arguments: () => { const f = function () { depth++; return f(...arguments, 1); }; f(); },
    getter: () => { const o = { get v() { depth++; return this.v + 1; } }; o.v; },
    proxy: () => { const p = new Proxy({}, { get: (t, k, r) => { depth++; return r.v + 1; } }); p.v; },
    constructor: () => { class C { constructor() { depth++; this.c = new C(); } } new C(); },
    map: () => { const f = x => { depth++; return [x].map(f); }; f(1); },
    replace: () => { const f = () => { depth++; return "x".replace(/x/, f); }; f(); },
    valueOf: () => { const o = { valueOf() { depth++; return +o; } }; +o; },
    toString: () => { const o = { toString() { depth++; return `${o}`; } }; `${o}`; },
    sort: () => { const f = () => { depth++; [1, 2].sort(f); }; f(); },
    generator: () => { const f = function* () { depth++; yield* f(); }; f().next(); },
    apply: () => { const f = function () { depth++; return f.apply(this, [1, 2, 3]); }; f(); },
    bound: () => { const f = () => { depth++; return b(); }, b = f.bind(null); f(); },
    evaluate: () => { globalThis.evaluated = () => { depth++; (0, eval)("evaluated()"); }; evaluated(); },
    json: () => { const o = { toJSON() { depth++; return JSON.stringify(o); } }; JSON.stringify(o); },
};
for (const [name, f] of Object.entries(ways)) if (caught(f) < 20) throw new Error(`${name}: expected at least 20 levels, got ${depth}`);
let nested = [];
for (let i = 0; i < 30000; i++) nested = [nested];
let e;
try { JSON.stringify(nested); e = new RangeError("an engine may manage"); } catch (x) { e = x; }
same(e instanceof RangeError, true, "JSON of deep nesting");
try { nested.flat(Infinity); e = new RangeError("an engine may manage"); } catch (x) { e = x; }
same(e instanceof RangeError, true, "flat of deep nesting");
try { JSON.parse("[".repeat(30000) + "]".repeat(30000)); e = new RangeError("an engine may manage"); } catch (x) { e = x; }
same(e instanceof RangeError || e instanceof SyntaxError, true, "JSON.parse of deep nesting");
try { eval("(".repeat(50000) + "1" + ")".repeat(50000)); e = new RangeError("an engine may manage"); } catch (x) { e = x; }
same(e instanceof RangeError || e instanceof SyntaxError, true, "deep source text");
// a finally and a catch at the brink
let finals = 0;
function brink() { try { brink(); } finally { finals++; } }
caught(brink);
if (finals < 100) throw new Error(`finally blocks at the brink: expected at least 100, got ${finals}`);
function recover(n) { try { return recover(n + 1); } catch (x) { return n; } }
if (recover(0) < 100) throw new Error("recovery at the brink");
same([1, 2, 3].map(x => x * 2).join(), "2,4,6", "the engine goes on");
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
same(fib(16), 987, "and can still recurse");
