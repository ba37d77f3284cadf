// about: many arguments travel over the machine stack; its growth, alignment and argument registers belong to the port.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function count() { return arguments.length; }
function sum(...list) { let s = 0; for (const x of list) s += x; return s; }
function ends(a, b) { return [a, b, arguments[arguments.length - 1], arguments.length].join(); }
for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, 1000, 5000, 20000]) {
    const list = Array.from({ length: n }, (_, i) => i + 1), total = n * (n + 1) / 2;
    same(count(...list), n, `spread of ${n}`);
    same(count.apply(null, list), n, `apply of ${n}`);
    same(Reflect.apply(sum, null, list), total, `Reflect.apply of ${n}`);
    same(sum(...list), total, `rest of ${n}`);
    same(sum(0, ...list, 0, ...list), 2 * total, `two spreads of ${n}`);
    same(new (class { constructor(...a) { this.n = a.length; } })(...list).n, n, `construct with ${n}`);
    same([...list, ...list].length, 2 * n, `array spread of ${n}`);
    same(ends.call(null, ...list), `${n > 0 ? 1 : ""},${n > 1 ? 2 : ""},${n > 0 ? n : ""},${n}`, `ends of ${n}`);
    if (n) { same(Math.max(...list), n, `max of ${n}`); same(Math.min.apply(null, list), 1, `min of ${n}`); same(String.fromCharCode(...list).length, n, `fromCharCode of ${n}`); }
}
const doubles = [0.5, 1.5, , NaN];
same(count(...doubles), 4, "holes count");
same([...doubles].map(text).join(), "0.5,1.5,undefined,NaN", "holes become undefined");
let e;
try { count.apply(null, { length: 2 ** 31 }); } catch (x) { e = x; }
same(e instanceof RangeError, true, "far too many arguments");
try { count(...new Array(3000000)); e = new RangeError("an engine may manage"); } catch (x) { e = x; }
same(e instanceof RangeError, true, "too many arguments in a spread");
same(count.apply(null, { length: 3.9, 0: 1 }), 3, "array-like");
same(count.apply(null, null) + count.apply(), 0, "no list");
e = null;
try { count.apply(null, 5); } catch (x) { e = x; }
same(e instanceof TypeError, true, "a number is no list");
const bound = sum.bind(null, 1, 2).bind({}, 3);
for (let i = 0; i < 500; i++) { same(bound(i, ...[4, 5]), 15 + i, "bound"); same(sum(...new Set([i, i, 1000])), i === 1000 ? 1000 : i + 1000, "set"); same(sum(..."12", 3), "0123", "text"); }
function forward() { return sum.apply(this, arguments); }
for (let i = 0; i < 1000; i++) same(forward(i, 1, 2, 3, 4, 5, 6, 7, 8, 9), i + 45, "forwarded arguments");
function mixed(a, b = a + 1, ...c) { return [a, b, c.length].join(); }
for (let i = 0; i < 300; i++) { same(mixed(1), "1,2,0", "defaults"); same(mixed(1, undefined, 3), "1,2,1", "undefined takes the default"); same(mixed(...[1, null], ...[3, 4]), "1,,2", "null does not"); }
same(mixed.length + count.length + sum.length, 1, "lengths");
