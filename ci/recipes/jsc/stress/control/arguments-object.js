// about: the arguments object of sloppy functions aliases parameters: stack slots until something captures them.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function alias(a, b) { arguments[0] = "x"; b = "y"; return [a, arguments[1], arguments.length].join(); }
function strict(a) { "use strict"; arguments[0] = "x"; return a; }
function fewer(a, b, c) { c = "set"; return [arguments.length, String(arguments[2])].join(); }
function deleted(a) { delete arguments[0]; arguments[0] = "new"; return a; }
function frozen(a) { Object.defineProperty(arguments, "0", { writable: false }); a = "changed"; return arguments[0]; }
function simple(a, b = 1) { arguments[0] = "x"; return a; }
function captured(a) { const f = () => arguments[0]; a++; return f(); }
function leaked() { return arguments; }
function length() { arguments.length = 1; return Array.prototype.slice.call(arguments).join(); }
function sum() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s; }
function callee() { return arguments.callee === callee; }
for (let i = 0; i < 1000; i++) {
    same(alias(1, 2), "x,y,2", "alias");
    same(alias(1), "x,,1", "alias of one missing");
    same(strict(i), i, "strict");
    same(fewer(1), "1,undefined", "missing ones do not alias");
    same(deleted(i), i, "deleted ones do not alias");
    same(frozen(i), i, "frozen keeps the old value");
    same(simple(i), i, "a default means no alias");
    same(captured(i), i + 1, "captured by an arrow");
    same(length(i, 2), String(i), "length is a property");
    same(sum(1, 2.5, i), 3.5 + i, "sum");
}
same(callee(), true, "callee");
const kept = [];
for (let i = 0; i < 300; i++) kept.push(leaked(i, i + 0.5, "s" + i));
if (typeof gc === "function") gc();
kept.forEach((k, i) => same([...k].join(), `${i},${i + 0.5},s${i}`, "leaked"));
let e;
try { (function () { "use strict"; return arguments.callee; })(); } catch (x) { e = x; }
same(e instanceof TypeError, true, "no callee in strict code");
same(Object.prototype.toString.call(leaked()) + Array.isArray(leaked()) + Object.keys(leaked(1, 2)).join(), "[object Arguments]false0,1", "what it is");
same(sum() + sum(...new Array(100).fill(1)), 100, "many");
same(leaked(1, 2)[5], undefined, "beyond");
same(leaked("a")["0"] + leaked("a", "b")["1"], "ab", "text index");
function outOfRange(i) { return arguments[i]; }
for (let i = 0; i < 500; i++) same(outOfRange(1, "one"), "one", "index given");
for (const i of [-1, 2, 2147483648, 4294967295, 0.5, "length"]) same(outOfRange(i, "one"), i === "length" ? 2 : undefined, `arguments[${i}]`);
function reassigned() { const old = arguments; arguments = 5; return typeof old + arguments; }
same(reassigned(1), "object5", "assigned over");
function named(arguments) { return arguments; }
same(named(7), 7, "a parameter of that name");
function hasFunction() { function arguments() {} return typeof arguments; }
same(hasFunction(), "function", "a function of that name");
function viaEval(a) { eval("a = 'evaluated'"); return arguments[0]; }
same(viaEval(1), "evaluated", "alias through eval");
function spread(a, ...rest) { return arguments.length + rest.length; }
for (let i = 0; i < 300; i++) same(spread(1, 2, 3), 5, "with a rest");
function swap(a, b) { const t = arguments[0]; arguments[0] = arguments[1]; arguments[1] = t; return [a, b].join(); }
for (let i = 0; i < 1000; i++) same(swap(i, i + 0.5), `${i + 0.5},${i}`, "swapped through the object");
function inlined() { return helper.apply(null, arguments); }
function helper(a, b, c) { return [a, b, c].join(); }
for (let i = 0; i < 1000; i++) { same(inlined(i, "b"), `${i},b,`, "passed on"); same(inlined(1, 2, 3, 4), "1,2,3", "too many passed on"); }
