// about: sorting has to be stable, survive bad comparators, order undefined and holes last, and compare texts by units.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let seed = 7;
const random = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed; };
for (const n of [0, 1, 2, 5, 10, 11, 31, 32, 33, 100, 513, 1000]) {
    const people = Array.from({ length: n }, (_, i) => ({ key: random() % 10, i }));
    people.sort((a, b) => a.key - b.key);
    for (let k = 1; k < n; k++) {
        const a = people[k - 1], b = people[k];
        if (a.key > b.key || (a.key === b.key && a.i > b.i)) throw new Error(`sort of ${n} is not stable at ${k}`);
    }
    const ints = Array.from({ length: n }, () => random() | 0), doubles = ints.map(x => x / 7);
    ints.sort((a, b) => a - b);
    doubles.sort((a, b) => b - a);
    for (let k = 1; k < n; k++) if (ints[k - 1] > ints[k] || doubles[k - 1] < doubles[k]) throw new Error(`numbers of ${n} at ${k}`);
    const texts = Array.from({ length: n }, () => random().toString(36)).sort();
    for (let k = 1; k < n; k++) if (texts[k - 1] > texts[k]) throw new Error(`texts of ${n} at ${k}`);
}
same([10, 9, 1, -1, 2.5, "a", null, true, undefined, [5]].sort().join(), "-1,1,10,2.5,5,9,a,,true,", "default order is that of texts");
const odd = [3, undefined, 1, , 2, undefined, ,].sort((a, b) => b - a);
same(odd.slice(0, 3).join() + odd.length + (3 in odd) + (4 in odd) + (5 in odd), "3,2,17truetruefalse", "undefined, then holes");
same([0, -0, 0].sort((a, b) => a - b).map(x => (Object.is(x, -0) ? "-" : "+")).join(""), "+-+", "zeros stay put");
same([5, 25, 100, 1].sort().join(), "1,100,25,5", "integers as texts");
same([2147483648, 4294967295, -2147483648, 0].sort().join(), "-2147483648,0,2147483648,4294967295", "big integers as texts");
for (const bad of [() => 1, () => -1, () => 0, () => NaN, () => (random() & 2) - 1, () => undefined]) {
    const a = Array.from({ length: 100 }, (_, i) => i);
    same(a.sort(bad).slice().sort((x, y) => x - y).join(), Array.from({ length: 100 }, (_, i) => i).join(), `bad comparator ${bad} loses nothing`);
}
let e;
try { [3, 2, 1].sort(() => { throw new Error("from the comparator"); }); } catch (x) { e = x; }
same(e && e.message, "from the comparator", "comparator that throws");
const shrinking = Array.from({ length: 50 }, (_, i) => 50 - i);
shrinking.sort((a, b) => { shrinking.length = 10; return a - b; });
same(shrinking[0], 1, "array that shrinks meanwhile");
for (const bad of [5, "x", null, {}]) { e = null; try { [1, 2].sort(bad); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`sort(${bad}): got ${e}`); }
same(["\u00e9", "z", "a", "\u{1F600}", "\uffff"].sort().map(s => s.codePointAt(0).toString(16)).join(), "61,7a,e9,1f600,ffff", "units, not code points");
same({ length: 3, 0: "c", 1: "a", 2: "b", sort: Array.prototype.sort }.sort()[0], "a", "sort of an array-like");
const big = Array.from({ length: 20000 }, () => random() & 0xFFFF).sort((a, b) => a - b);
for (let i = 1; i < big.length; i++) if (big[i - 1] > big[i]) throw new Error(`big sort at ${i}`);
if (Array.prototype.toSorted) same([3, 1, 2].toSorted().join(), "1,2,3", "toSorted");
