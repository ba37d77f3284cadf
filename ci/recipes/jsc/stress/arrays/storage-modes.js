// about: arrays change between int32, double, generic, slow-put and sparse storage; 32-bit builds keep doubles and tagged values
// in different layouts from 64-bit ones.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function grow(values) { const a = []; for (const v of values) a.push(v); return a; }
function read(a, i) { return a[i]; }
function write(a, i, v) { a[i] = v; }
const sequences = [[1, 2, 3], [1, 2, 3.5], [1.5, 2, 3], [1, "s", 3], [1.5, {}, 2], [NaN, 1, 2], [-0, 0, 1], [2147483648, 1, -1], [undefined, 1], [null, 0.5], [true, 1], [1n, 1, 1.5], [[], 1], [1.5, NaN, Infinity, -Infinity, 5e-324]];
for (let round = 0; round < 60; round++) for (const values of sequences) {
    const a = grow(values);
    values.forEach((v, i) => same(read(a, i), v, `element ${i} of ${values.map(String)}`));
    same(read(a, values.length), undefined, "past the end");
    write(a, 0, 0.5);
    same(read(a, 0), 0.5, "double stored");
    write(a, 0, "text");
    same(read(a, 0), "text", "text stored");
    values.slice(1).forEach((v, i) => same(read(a, i + 1), v, "neighbours kept"));
    write(a, values.length, NaN);
    same(a.length, values.length + 1, "appended");
}
const sparse = [];
sparse[5] = "five";
sparse[100000] = "far";
sparse[3000000000] = "very far";
same(sparse.length, 3000000001, "length of a sparse array");
same(Object.keys(sparse).join(), "5,100000,3000000000", "keys of a sparse array");
same(sparse.indexOf("far"), 100000, "indexOf");
let visits = 0;
sparse.length = 200000;
sparse.forEach(() => visits++);
same(visits, 2, "forEach skips holes");
for (let i = 0; i < 6; i++) sparse[i] = i;
same(sparse.slice(0, 7).join(), "0,1,2,3,4,5,", "filled in front");
const holes = [1, , 3, , 5];
same([0, 1, 2, 3, 4].map(i => i in holes).join(), "true,false,true,false,true", "holes");
same(holes.map(x => x * 2).length + Object.keys(holes.map(x => x)).join(), "50,2,4", "map keeps holes");
same(holes.reduce((s, x) => s + x), 9, "reduce skips holes");
same([...holes].join("|"), "1||3||5", "iteration does not");
same(holes.findIndex(x => x === undefined), 1, "neither does findIndex");
same(holes.indexOf(undefined), -1, "indexOf does");
same(holes.includes(undefined), true, "includes does not");
same(holes.flat().length + holes.filter(() => true).length, 6, "flat and filter drop them");
const doubles = [1.5, , 2.5];
doubles[1] = NaN;
same(doubles[1], NaN, "NaN in a double array is no hole");
same(1 in doubles, true, "it is there");
delete doubles[0];
same(0 in doubles, false, "deleted");
same(doubles[0], undefined, "and gone");
const frozen = Object.freeze([1, 2.5, "x"]);
let e;
try { (function () { "use strict"; frozen.push(1); })(); } catch (x) { e = x; }
same(e instanceof TypeError && frozen.join(), "1,2.5,x", "frozen");
const big = new Array(100000);
for (let i = 0; i < big.length; i += 1000) big[i] = i;
same(big.filter(() => true).length, 100, "preallocated");
const copyOnWrite = () => [1, 2, 3];
const first = copyOnWrite();
first[0] = 9;
same(copyOnWrite().join() + first.join(), "1,2,39,2,3", "a literal is made anew");
for (let i = 0; i < 300; i++) { const c = copyOnWrite(); c.push(i); c[1] = i + 0.5; same(copyOnWrite().length + c.length, 7, "literals do not share"); }
