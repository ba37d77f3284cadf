// about: code made at run time: direct and indirect eval, Function, with; all of them defeat what was known when compiling.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
var global = "global";
function direct(code) { let local = "local"; return eval(code); }
function indirect(code) { let local = "local"; return (0, eval)(code); }
for (let i = 0; i < 200; i++) {
    same(direct("local"), "local", "direct eval sees locals");
    same(indirect("typeof local"), "undefined", "indirect does not");
    same(direct("global + " + i), "global" + i, "sees globals");
    same(direct("local = " + i + "; local * 2"), i * 2, "changes locals");
    same(new Function("a", "b", "return a * b + " + i)(3, 4), 12 + i, "Function");
}
function declares() { eval("var made = 1; function f() { return made + 1; } let hidden = 1;"); return [typeof made, f(), typeof hidden].join(); }
function declaresStrict() { "use strict"; eval("var made = 1"); return typeof made; }
same(declares(), "number,2,undefined", "var leaks, let does not");
same(declaresStrict(), "undefined", "not in strict code");
function shadow(x) { if (x) eval("var global = 'shadow'"); return global; }
for (let i = 0; i < 300; i++) same(shadow(i & 1), i & 1 ? "shadow" : "global", "maybe shadowed");
const o = { x: 1, y: 2.5, f() { return this === o; } };
const withO = new Function("o", "var x = 'outer'; with (o) { x = 'in'; var z = typeof y; var t = f(); } return [x, o.x, z, t].join()");
for (let i = 0; i < 200; i++) { o.x = 1; same(withO(o), "outer,in,number,true", "with"); }
const late = new Function("o", "n", "with (o) { var out = []; for (var i = 0; i < n; i++) { if (i === 2) o.added = 'now'; out.push(typeof added); } return out.join(); }");
same(late({}, 4), "undefined,undefined,string,string", "with and a late property");
same(new Function("o", "with (o) { return function () { return v; } }")({ v: 7 })(), 7, "closure in with");
const scopes = new Function("a", "b", "with (a) with (b) return [p, q, r].join()");
for (let i = 0; i < 100; i++) same(scopes({ p: 1, q: 2, r: 3 }, { q: "two" }), "1,two,3", "nested with");
const proxied = new Function("p", "with (p) { return typeof x + y; }");
same(proxied(new Proxy({}, { has: (t, k) => k === "y", get: (t, k) => (k === Symbol.unscopables ? undefined : "got " + String(k)) })), "undefinedgot y", "with a proxy");
for (const bad of ["(", "var 1", "'", "let x; let x", "return", "function", "a +", "{", "`", "\\u0000", "await 1 +"]) { let e; try { eval(bad); } catch (x) { e = x; } if (!(e instanceof SyntaxError)) throw new Error(`eval(${bad}): got ${e}`); }
let e;
try { new Function("a b", ""); } catch (x) { e = x; }
same(e instanceof SyntaxError, true, "bad parameters");
same(eval("({ a: 1 })").a + eval("[1, 2]").length, 3, "objects and lists");
same(eval("/* nothing */") + "," + eval(5), "undefined,5", "odd sources");
same(new Function("...a", "return a.length")(1, 2, 3) + Function("a, b", "c", "return a + b + c")(1, 2, 3), 9, "parameter texts");
same(String(new Function("a", "return a")).startsWith("function anonymous(a"), true, "text of a made function");
let total = 0;
for (let i = 0; i < 300; i++) total += eval(`(function (x) { return x * ${i}; })`)(2);
same(total, 89700, "three hundred functions");
function newTarget() { return eval("new.target"); }
same(newTarget() === undefined && new newTarget() === newTarget, true, "new.target in eval");
class C { #p = 3; m() { return eval("this.#p * 2"); } }
same(new C().m(), 6, "private name in eval");
function args() { return eval("arguments.length"); }
same(args(1, 2, 3), 3, "arguments in eval");
const arrow = () => eval("typeof this");
same(arrow(), "object", "this in eval");
var evalName = eval;
same((function (x) { return evalName("typeof x"); })(1), "undefined", "another name is indirect");
same((0, eval)("var removable = 1; delete globalThis.removable"), true, "eval's variables can be deleted");
