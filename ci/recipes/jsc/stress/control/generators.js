// about: generators save and restore whole frames on the heap, with ints, doubles and pointers side by side.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function* numbers(n) { let a = 0, b = 0.5, s = ""; for (let i = 0; i < n; i++) { const got = yield [a, b, s].join(); a += i; b *= got ?? 2; s += i % 10; } return "done"; }
const it = numbers(30);
let a = 0, b = 0.5, s = "";
for (let i = 0; i < 30; i++) {
    const sent = i & 1 ? 2 : 0.75;
    if (i > 0) { a += i - 1; b *= sent; s += (i - 1) % 10; }
    same(it.next(sent).value, [a, b, s].join(), `step ${i}`);
}
same(it.next().value, "done", "return value");
same(it.next().done, true, "stays done");
function* fib() { let [x, y] = [0, 1]; for (;;) { yield x; [x, y] = [y, x + y]; } }
function take(n, g) { const out = []; for (const x of g) { if (out.length === n) break; out.push(x); } return out; }
same(take(80, fib())[78], 8944394323791464, "fib(78)");
function* tree(n) { if (n) { yield* tree(n - 1); yield n; yield* tree(n - 1); } }
same([...tree(9)].length, 511, "recursive delegation");
same([...tree(4)].join(""), "121312141213121", "order");
function* primes(limit) { const sieve = new Uint8Array(limit); for (let i = 2; i < limit; i++) { if (sieve[i]) continue; yield i; for (let j = i * i; j < limit; j += i) sieve[j] = 1; } }
same([...primes(3000)].length, 430, "primes below 3000");
function* guarded() { const log = []; for (;;) { try { log.push(yield log.join()); } catch (e) { log.push("!" + e); } } }
const g = guarded();
g.next();
same(g.next("a").value + "|" + g.throw("b").value + "|" + g.next("c").value, "a|a,!b|a,!b,c", "throw into a generator");
same(g.return(5).value + String(g.next().value), "5undefined", "return");
const gens = Array.from({ length: 300 }, (_, i) => (function* (k) { for (let j = 0; j < 10; j++) yield k * 10 + j + 0.5; })(i));
let total = 0;
for (let j = 0; j < 10; j++) { for (const x of gens) total += x.next().value; if (j === 5 && typeof gc === "function") gc(); }
same(total, 4500000, "three hundred interleaved");
function* args() { yield arguments.length; yield arguments[1]; yield this; }
same([...args.call("t", 1, 2)].slice(0, 2).join(), "2,2", "arguments");
const o = { *m() { yield super.toString; yield this.k; }, k: 7, async: 1, *[Symbol.iterator]() { yield* [1, 2]; } };
same([...o.m()][1] + [...o].length, 9, "methods");
let e;
try { new (function* () {})(); } catch (x) { e = x; }
same(e instanceof TypeError, true, "no constructor");
const self = (function* () { try { self.next(); } catch (x) { yield x instanceof TypeError; } })();
same(self.next().value, true, "a running generator can't be entered");
function* delegate() { const r = yield* inner(); yield "r" + r; }
function* inner() { try { yield 1; yield 2; } finally { yield "cleanup"; } return 3; }
same([...delegate()].join(), "1,2,cleanup,r3", "value of a delegation");
const d = delegate();
d.next();
same(d.return("x").value + JSON.stringify(d.next()), 'cleanup{"value":"rx","done":false}', "return through a delegation");
function* many(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9) { const l = [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9]; yield l.join(); let x = a0 + a9; yield x; yield x + a5; }
for (let i = 0; i < 200; i++) same([...many(i, 1.5, "s", null, true, i * 0.5, 7, 8, 9, -i)].slice(1).join(), `0,${i * 0.5}`, "many locals");
same(Object.prototype.toString.call(it) + typeof it[Symbol.iterator], "[object Generator]function", "tag");
function* infinite() { let i = 0; while (true) yield i++; }
let last = 0;
for (const x of infinite()) { if (x >= 20000) { last = x; break; } }
same(last, 20000, "long run");
