// about: calls that are folded into their callers, then turn out to be other functions, throw, or ask for their arguments.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const one = x => x + 1, two = x => x * 2, three = function (x) { return x - arguments.length; };
function apply(f, x) { return f(f(x)); }
for (let i = 0; i < 1500; i++) same(apply(one, i), i + 2, "one callee");
for (let i = 0; i < 600; i++) same(apply(two, i), i * 4, "two callees");
for (let i = 0; i < 600; i++) same(apply([one, two, three][i % 3], i), [i + 2, i * 4, i - 2][i % 3], "three callees");
const makers = Array.from({ length: 20 }, (_, k) => x => x + k);
for (let i = 0; i < 2000; i++) same(apply(makers[i % 20], i), i + 2 * (i % 20), "twenty callees");
for (const [f, want] of [[Math.sqrt, 2], [String, "16"], [x => { throw new RangeError("inlined"); }, "thrown"], [x => x.missing, "thrown"], [Number.prototype.valueOf, "thrown"], [Math.floor.bind(Math), 16], [class {}, "thrown"]]) { let got; try { got = apply(f, 16); } catch { got = "thrown"; } same(got, want, `callee ${f.name}`); }
const leaf = (a, b) => a.x * b, mid = (a, b) => leaf(a, b) + leaf(a, 1), top = (a, b) => mid(a, b) - mid(a, 0);
for (let i = 0; i < 2500; i++) same(top({ x: i }, 3), i * 3, "three levels");
same(top({ x: 0.5 }, 3), 1.5, "double in the leaf");
same(top({ y: 1, x: "4" }, 2), 8, "text in the leaf");
let e;
try { top(null, 1); } catch (x) { e = x; }
same(e instanceof TypeError, true, "throw from the leaf");
class Shape { area() { return 0; } twice() { return this.area() * 2; } }
class Square extends Shape { constructor(s) { super(); this.s = s; } area() { return this.s * this.s; } }
class Circle extends Shape { constructor(r) { super(); this.r = r; } area() { return 3 * this.r * this.r; } twice() { return super.twice() + 1; } }
for (let i = 0; i < 1500; i++) same(new Square(i).twice(), 2 * i * i, "one class");
for (let i = 0; i < 800; i++) { same(new Circle(i).twice(), 6 * i * i + 1, "another class"); same(new Shape().twice(), 0, "the base"); }
Square.prototype.area = function () { return -1; };
same(new Square(5).twice(), -2, "a method replaced");
function variadic() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s; }
function pass(...a) { return variadic(...a, 1); }
function fixed(a, b, c) { return variadic.apply(this, arguments) + variadic(a, b, c); }
for (let i = 0; i < 1500; i++) { same(pass(i, 2), i + 3, "spread into the inlined"); same(fixed(i, 1, 2), 2 * i + 6, "apply into the inlined"); same(fixed(i), NaN, "too few"); }
const counter = (() => { let n = 0; return { add: x => (n += x), get n() { return n; } }; })();
for (let i = 0; i < 4000; i++) counter.add(i & 1 ? 0.5 : 1);
same(counter.n, 3000, "inlined closure");
function recursive(n) { return n <= 0 ? 0 : n + recursive(n - 1); }
for (let i = 0; i < 200; i++) same(recursive(20), 210, "inlined into itself");
const sorted = () => [5, 3, 9, 1].sort((a, b) => a - b).map(x => x * 2).filter(x => x > 2).reduce((a, b) => a + b);
for (let i = 0; i < 500; i++) same(sorted(), 34, "callbacks of built-ins");
const pair = (a, b) => ({ a, b }), swap = p => pair(p.b, p.a), sum = p => p.a + p.b;
for (let i = 0; i < 3000; i++) { const p = swap(swap(swap(pair(i, 0.5)))); if (sum(p) !== i + 0.5 || p.a !== 0.5) throw new Error(`objects that need not exist: got ${p.a} ${p.b}`); }
let escaped = null;
const maybe = (i, keep) => { const o = { i, half: i / 2 }; if (keep) escaped = o; return o.i + o.half; };
for (let i = 0; i < 3000; i++) same(maybe(i, i === 2500), i * 1.5, "object that escapes once");
same(escaped.i + escaped.half, 3750, "and is whole then");
