// about: variables that live in heap scopes, in several tiers at once; scope chains are walked at depths known when compiling.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function counter() { let n = 0; return { up: () => ++n, down: () => --n, get: () => n, set: v => { n = v; } }; }
const a = counter(), b = counter();
for (let i = 0; i < 2000; i++) { a.up(); if (i % 2) b.down(); }
same(a.get() + "," + b.get(), "2000,-1000", "two counters");
a.set(2147483647);
same(a.up(), 2147483648, "captured int overflows");
a.set(0.5);
same(a.up(), 1.5, "captured double");
a.set("9");
same(a.up(), 10, "captured text");
const adders = Array.from({ length: 100 }, (_, i) => x => x + i + 0.5);
for (let r = 0; r < 20; r++) adders.forEach((f, i) => same(f(r), r + i + 0.5, "a hundred closures of one function"));
function nest(a0) { return a1 => a2 => a3 => a4 => { a0++; a2 += "x"; return [a0, a1, a2, a3, a4].join(); }; }
const deep = nest(1)(2)("3")(4.5);
for (let i = 0; i < 500; i++) same(deep(i), `${2 + i},2,3${"x".repeat(i + 1)},4.5,${i}`, "four scopes up");
const memo = f => { const cache = new Map(); return n => { if (!cache.has(n)) cache.set(n, f(n)); return cache.get(n); }; };
const fib = memo(n => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)));
same(fib(150), 9969216677189303386214405760200n, "memoised");
function hoisted() { const before = typeof inner; function inner() { return 1; } var inner2 = inner; { function inner() { return 2; } } return before + inner() + inner2(); }
same(hoisted(), "function21", "functions in blocks");
let e;
for (const f of [() => { x; let x; }, () => { typeof y; const y = 1; }, () => { (() => z)(); let z; }, () => { class C extends C {} }, (p = q, q = 1) => {}]) { e = null; try { f(); } catch (err) { e = err; } if (!(e instanceof ReferenceError)) throw new Error(`${f}: got ${e}`); }
e = null;
try { const k = 1; (() => { k = 2; })(); } catch (err) { e = err; }
same(e instanceof TypeError, true, "constants stay");
function params(a, f = () => a, g = v => { a = v; }) { var a; const first = f(); a = 5; g(7); return [first, a, f()].join(); }
for (let i = 0; i < 200; i++) same(params(1), "1,5,7", "parameters have a scope of their own");
const compose = (...fs) => x => fs.reduceRight((v, f) => f(v), x);
const inc = x => x + 1, twice = f => x => f(f(x));
for (let i = 0; i < 200; i++) same(compose(inc, twice(inc), x => x * 2)(i), 2 * i + 3, "composition");
const curry = f => function c(...args) { return args.length >= f.length ? f(...args) : (...more) => c(...args, ...more); };
same(curry((x, y, z) => x + y * z)(1)(2)(3) + curry((x, y) => x - y)(5, 3), 9, "curried");
const Y = f => (g => g(g))(g => f(x => g(g)(x)));
same(Y(f => n => (n ? n * f(n - 1) : 1))(15), 1307674368000, "fixed point");
function shadow(x) { const out = [x]; { let x = "block"; out.push(x); { var y = x; const z = () => x; out.push(z()); } } try { throw "c"; } catch (x) { out.push(x); } for (let x of ["loop"]) out.push(x); return out.concat(x, y).join(); }
for (let i = 0; i < 200; i++) same(shadow(i), `${i},block,block,c,loop,${i},block`, "shadowing");
const fact = function self(n) { return n < 2 ? 1 : n * self(n - 1); };
same(fact(18), 6402373705728000, "named expression");
same((function self() { self = 5; return typeof self; })(), "function", "whose name can't be assigned");
const many = new Function("return function () {" + Array.from({ length: 400 }, (_, i) => `let v${i} = ${i};`).join("") + "return () => [" + Array.from({ length: 400 }, (_, i) => `v${i}++`).join("+") + "]; }")()();
same(many()[0], 79800, "400 captured variables");
same(many()[0], 80200, "all of them changed");
let recursion = 0;
(function even(n) { recursion++; return n === 0 ? true : odd(n - 1); function odd(m) { recursion++; return m === 0 ? false : even(m - 1); } })(400);
same(recursion, 401, "mutual recursion through scopes");
const generators = []; for (const k of ["a", "b"]) { for (let i = 0; i < 2; i++) generators.push(function* () { yield k + i; }); }
same(generators.map(g => g().next().value).join(), "a0,a1,b0,b1", "captured by generators");
