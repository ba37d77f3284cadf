// about: unwinding crosses compiled, interpreted and native frames, each with its own layout and saved registers.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
class Signal extends Error {}
const depths = [1, 2, 5, 20, 100, 400];
function plain(n) { if (n === 0) throw new Signal("deep"); return plain(n - 1) + 1; }
function viaMap(n) { if (n === 0) throw new Signal("map"); return [n].map(x => viaMap(x - 1))[0]; }
function viaGetter(n) { if (n === 0) throw new Signal("getter"); return { get v() { return viaGetter(n - 1); } }.v; }
function viaApply(n) { if (n === 0) throw new Signal("apply"); return viaApply.apply(null, [n - 1]); }
function viaSort(n) { if (n === 0) throw new Signal("sort"); [2, 1].sort(() => viaSort(n - 1)); }
function viaReplace(n) { if (n === 0) throw new Signal("replace"); return "x".replace(/x/, () => viaReplace(n - 1)); }
function viaConstruct(n) { if (n === 0) throw new Signal("construct"); this.v = new viaConstruct(n - 1); }
function viaIterator(n) { if (n === 0) throw new Signal("iterator"); for (const x of { *[Symbol.iterator]() { yield viaIterator(n - 1); } }) return x; }
function viaProxy(n) { if (n === 0) throw new Signal("proxy"); return new Proxy({}, { get: () => viaProxy(n - 1) }).v; }
function viaPrimitive(n) { if (n === 0) throw new Signal("primitive"); return +{ valueOf: () => viaPrimitive(n - 1) }; }
function viaEval(n) { if (n === 0) throw new Signal("eval"); return eval("viaEval(n - 1)"); }
function viaBound(n) { if (n === 0) throw new Signal("bound"); return viaBound.bind(null, n - 1)(); }
function viaJSON(n) { if (n === 0) throw new Signal("json"); return JSON.stringify({ toJSON: () => viaJSON(n - 1) }); }
const ways = [plain, viaMap, viaGetter, viaApply, viaSort, viaReplace, n => new viaConstruct(n), viaIterator, viaProxy, viaPrimitive, viaEval, viaBound, viaJSON];
for (const way of ways) for (const n of depths.slice(0, way === viaEval ? 4 : 5)) {
    // values in registers and on the stack have to be the same after the throw
    let a = n, b = n + 0.5, c = "c" + n, caught = 0;
    for (let i = 0; i < 3; i++) {
        try { way(n); c = "not thrown"; } catch (e) { if (!(e instanceof Signal)) throw e; caught++; a++; b *= 2; }
    }
    same(caught, 3, "caught");
    same(a, n + 3, "int after the throw");
    same(b, (n + 0.5) * 8, "double after the throw");
    same(c, "c" + n, "text after the throw");
}
for (let i = 0; i < 20; i++) { let e; try { plain(400); } catch (x) { e = x; } same(e.message, "deep", "four hundred frames"); }
// hot try and catch in one function
function parse(s) { try { if (s % 3 === 0) throw s; return s; } catch (x) { return -x; } }
let sum = 0;
for (let i = 0; i < 6000; i++) sum += parse(i);
same(sum, 6003000, "hot throws");
for (const value of [undefined, null, 0, -0, NaN, 1.5, "s", 2n ** 70n, Symbol.iterator, [], false]) { let got = "nothing"; try { throw value; } catch (x) { got = x; } same(got, value, "any value can be thrown"); }
function nested(n) { try { if (n === 0) throw "bottom"; nested(n - 1); } catch (x) { throw x + n; } }
let whole;
try { nested(30); } catch (x) { whole = x; }
same(whole, "bottom" + Array.from({ length: 31 }, (_, i) => i).join(""), "rethrown at every level");
