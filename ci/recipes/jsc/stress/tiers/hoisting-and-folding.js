// about: loop invariants, bounds checks, overflow checks, dead stores and constants that compilers move or drop.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function invariant(o, n) { let s = 0; for (let i = 0; i < n; i++) { s += o.k * 2 + o.list.length; if (i === o.at) o.k = 100; } return s; }
for (let i = 0; i < 60; i++) { same(invariant({ k: 1, list: [1, 2], at: -1 }, 100), 400, "invariant"); same(invariant({ k: 1, list: [1, 2], at: 49 }, 100), 200 + 50 * 202, "changed half way"); }
function alias(a, b, n) { let s = 0; for (let i = 0; i < n; i++) { a[0] = i; s += b[0]; } return s; }
const shared = new Float64Array(2), words = new Uint32Array(shared.buffer);
for (let i = 0; i < 60; i++) { same(alias([0], [7], 50), 350, "two arrays"); const x = [0]; same(alias(x, x, 50), 1225, "one array twice"); }
for (let i = 0; i < 60; i++) { shared[0] = 0; same(alias(words, shared, 50) >= 0, true, "two views"); const view = new Int8Array(4), other = new Uint8Array(view.buffer); same(alias(view, other, 300), 33586, "bytes seen through another view"); }
function side(o, n) { let calls = 0; const get = { get v() { calls++; return 1; } }; for (let i = 0; i < n; i++) { get.v; } return calls; }
for (let i = 0; i < 60; i++) same(side({}, 100), 100, "a getter whose value is not used");
function swap(n) { let a = 1, b = 2.5, c = "x", t; for (let i = 0; i < n; i++) { t = a; a = b; b = c; c = t; } return [a, b, c].join(); }
for (let i = 0; i < 200; i++) same(swap(100) + "|" + swap(101) + "|" + swap(102), "2.5,x,1|x,1,2.5|1,2.5,x", "rotation of three kinds");
function fold() { return [1 / 0, -1 / 0, 0 / 0, 2147483647 + 1, -2147483648 - 1, 1 << 31, 1 >>> 0, -1 >>> 0, 5 % -3, -5 % 3, -0 + 0, 0 * -1, 0.1 + 0.2, 2 ** 53 + 1, ~0, !"", typeof null, "1" + 1, "3" * "4", 1 < 2 < 3, 3 > 2 > 1, null + 1, undefined + 1, [] + {}, +[], 1e308 * 10, 5e-324 / 2, 9007199254740993, 0xFFFFFFFF | 0, 010 + 0, 1 - -1, "b" > "a"].map(text).join(" "); }
const make = src => new Function("one", "return " + src);
for (let i = 0; i < 50; i++) same(fold(), 'Infinity -Infinity NaN 2147483648 -2147483649 -2147483648 1 4294967295 2 -2 0 -0 0.30000000000000004 9007199254740992 -1 true "object" "11" 12 true false 1 NaN "[object Object]" 0 Infinity 0 9007199254740992 -1 8 2 true', "folded constants");
for (const [src, want] of [["0 * -one", -0], ["2147483647 + one", 2147483648], ["one / 0", Infinity], ["-one >>> 0", 4294967295], ["one << 31", -2147483648], ["(one - one) * -1", -0], ["0.1 * 3 * one", 0.30000000000000004], ["1e308 * 10 * one", Infinity], ["-(one - 1)", -0], ["one % -one", 0], ["-one % one", -0], ["(2 ** 53 + one) - 2 ** 53", 0], ["one + '' + one", "11"]]) { const f = make(src); for (let i = 0; i < 300; i++) same(f(1), want, src); }
function ranges(n) { let c = 0; for (let i = 0; i < n; i++) { const x = i & 255; if (x < 0 || x > 255) c += 1000; if (x * x > 65025) c += 1000; if ((x << 24) >= 0) c++; if ((x - 256) >= 0) c += 1000; if (x + 2147483647 > 2147483647) c++; } return c; }
for (let i = 0; i < 20; i++) same(ranges(1024), 512 + 1020, "ranges");
function checkOverflow(a, n) { let x = a; for (let i = 0; i < n; i++) { x = x + x; } return x; }
for (let i = 0; i < 300; i++) same(checkOverflow(1, 30), 1073741824, "inside int32");
same(checkOverflow(1, 31) + checkOverflow(1, 40) + checkOverflow(-1, 32), 2147483648 + 1099511627776 - 4294967296, "outside");
same(checkOverflow(3, 1100), Infinity, "far outside");
function unroll(a) { let s = 0; for (let i = 0; i < 4; i++) for (let j = 0; j < 3; j++) s = s * 3 + a[i * 3 + j]; return s; }
for (let i = 0; i < 1000; i++) same(unroll([1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, i]), 224838 + i, "short loops of known length");
function dead(n) { let x = { v: 1 }, y = [1, 2, 3], z = "t" + n, w = Math.sin(n), q = n / 0; for (let i = 0; i < 3; i++) { x = { v: x.v + 1 }; y = [...y]; } return n + x.v + y.length; }
for (let i = 0; i < 1000; i++) same(dead(i), i + 7, "values nobody reads");
const nan = () => { let n = NaN, c = 0; for (let i = 0; i < 100; i++) { if (n < i) c++; if (!(n >= i)) c += 100; if (n === n) c += 1e6; if (n != n) c += 10000; } return c; };
for (let i = 0; i < 60; i++) same(nan(), 1010000, "comparisons with NaN are not negated");
function strength(x) { return [x * 2, x * 8, x / 2, x / 4, x % 2, x % 16, x * -1, x * 0, x + 0, x - 0, x | 0, x * 1].map(text).join(); }
for (let i = 0; i < 200; i++) { same(strength(5), "10,40,2.5,1.25,1,5,-5,0,5,5,5,5", "powers of two"); same(strength(-0), "-0,-0,-0,-0,-0,-0,0,-0,0,-0,0,-0", "of -0"); same(strength(-2147483648), "-4294967296,-17179869184,-1073741824,-536870912,-0,-0,2147483648,-0,-2147483648,-2147483648,-2147483648,-2147483648", "of -2^31"); }
