// about: callbacks that change the array while a compiled loop walks over it.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const log = [];
const a = [1, 2, 3, 4];
a.forEach((x, i) => { log.push(x); if (i === 0) { a.push(5); a[2] = "changed"; } if (i === 1) a.pop(); });
same(log.join(), "1,2,changed,4", "forEach sees changes, not growth");
same([1, 2, 3, 4].map((x, i, all) => { if (i === 0) all.length = 2; return x; }).length, 4, "map keeps the first length");
same([1, 2, 3].reduce((s, x, i, all) => { if (i === 1) all[2] = 10; return s + x; }), 13, "reduce sees changes");
same([1, 2, 3].reduceRight((s, x) => s + "-" + x), "3-2-1", "reduceRight");
same([5, 1, 4].every(x => x > 0) + [5, 1, 4].some(x => x > 4), 2, "every and some");
same([].every(() => false) + [].some(() => true), 1, "of nothing");
same([1, 2, 3, 4].find(x => x > 2) + [1, 2, 3, 4].findIndex(x => x > 2) + [1, 2, 3, 4].findLast(x => x < 3) + [1, 2, 3, 4].findLastIndex(x => x < 3), 8, "find and its kin");
let e;
try { [].reduce((x, y) => x); } catch (x) { e = x; }
same(e instanceof TypeError, true, "reduce of nothing");
same([, 7].reduce((x, y) => x + y), 7, "reduce of one after a hole");
function sum(list) { return list.reduce((s, x) => s + x, 0); }
function squares(list) { return list.map(x => x * x).filter(x => x & 1); }
for (let i = 0; i < 200; i++) { same(sum([i, i + 0.5, 1]), 2 * i + 1.5, "hot reduce"); same(squares([1, 2, 3, i]).length, 2 + (i & 1), "hot map and filter"); }
const grown = [1];
for (const x of grown) { if (grown.length < 50) grown.push(x + 1); }
same(grown.length + grown[49], 100, "for-of follows growth");
const shrunk = [1, 2, 3, 4, 5, 6];
const seen = [];
for (const x of shrunk) { seen.push(x); shrunk.shift(); }
same(seen.join(), "1,3,5", "for-of with shift");
const it = [1, 2][Symbol.iterator]();
it.next();
it.next();
it.next();
same(it.next().done, true, "a finished iterator stays finished");
same([...[1, 2].entries()].join("|") + [..."ab"].entries().next().value.join(), "0,1|1,20,a", "entries");
same(Array.from({ length: 3 }, function (_, i) { return this.k * i; }, { k: 2 }).join(), "0,2,4", "from with this");
same(Array.from(new Map([[1, 2]]), ([k, v]) => k + v).join(), "3", "from a map");
same(Array.of(7).length + Array(7).length + Array("7").length, 9, "of and the constructor");
same([1, [2, [3]]].toString() + [null, undefined, [[]]].toString(), "1,2,3,,", "toString");
const cyclic = [1];
cyclic.push(cyclic, 2);
same(cyclic.join(), "1,,2", "a cycle joins as nothing");
same([1, 2, 3].lastIndexOf(3, -5) + [1, 2, 3].indexOf(1, -3), -1, "searches from negative places");
same([NaN].indexOf(NaN) + [NaN].findIndex(Number.isNaN), -1, "NaN");
same([3, 2, 1].keys().next().value + [..."xyz"].at(-1) + [1, 2, 3].at(5), "0zundefined", "keys and at");
same(Array.isArray(Array.prototype) && !Array.isArray({ __proto__: Array.prototype }), true, "isArray");
const nested = Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i * j) % 7));
let trace = 0;
for (let r = 0; r < 20; r++) for (let i = 0; i < 30; i++) for (let j = 0; j < 30; j++) trace += nested[i][j] === nested[j][i] ? nested[i][j] : 1000;
same(trace, 43700, "symmetric matrix");
const groups = {};
for (const w of "the quick brown fox jumps over the lazy dog the end".split(" ")) (groups[w.length] ||= []).push(w);
same(JSON.stringify(groups), '{"3":["the","fox","the","dog","the","end"],"4":["over","lazy"],"5":["quick","brown","jumps"]}', "grouping");
