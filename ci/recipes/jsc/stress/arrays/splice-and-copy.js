// about: splice, copyWithin, slice, concat and fill against a model, over all storage kinds; memmove in both directions.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function model(a, start, count, items) { const out = [], removed = []; for (let i = 0; i < a.length; i++) { if (i === start) for (const x of items) out.push(x); if (i >= start && i < start + count) removed.push(a[i]); else out.push(a[i]); } if (start >= a.length) for (const x of items) out.push(x); return [out, removed]; }
const kinds = { ints: i => i * 3, doubles: i => i + 0.25, texts: i => "t" + i, mixed: i => [i, i + 0.5, "m" + i, null][i & 3] };
for (const [name, kind] of Object.entries(kinds)) for (let n = 0; n < 24; n += 3) for (const start of [0, 1, 2, 5, 11, 23]) for (const count of [0, 1, 2, 7]) for (const items of [[], [kind(90)], [kind(91), kind(92), kind(93)], ["x", 1.5]]) {
    const a = Array.from({ length: n }, (_, i) => kind(i)), [want, removed] = model(a, Math.min(start, n), Math.min(count, Math.max(0, n - start)), items);
    const got = a.splice(start, count, ...items);
    if (a.join("|") !== want.join("|") || got.join("|") !== removed.join("|") || a.length !== want.length) throw new Error(`${name} of ${n} splice(${start}, ${count}, ${items}): expected ${want}, got ${a}`);
}
same([1, 2, 3, 4, 5].splice(-2).join(), "4,5", "from the end");
same([1, 2, 3].splice().length, 0, "no arguments");
same([1, 2, 3].splice(undefined).length, 3, "undefined start");
const base = Array.from({ length: 16 }, (_, i) => i);
for (let to = -18; to < 18; to += 5) for (let from = -18; from < 18; from += 4) for (const end of [undefined, 3, 9, -2]) {
    const want = base.slice(), t = to < 0 ? Math.max(16 + to, 0) : Math.min(to, 16), f = from < 0 ? Math.max(16 + from, 0) : Math.min(from, 16), e = end === undefined ? 16 : end < 0 ? 16 + end : end;
    const part = base.slice(f, Math.max(f, e));
    for (let i = 0; i < part.length && t + i < 16; i++) want[t + i] = part[i];
    same(base.slice().copyWithin(to, from, end).join(), want.join(), `copyWithin(${to}, ${from}, ${end})`);
}
same([1, , 3, 4].copyWithin(2, 0, 2).length, 4, "holes are copied");
same(3 in [1, , 3, 4].copyWithin(2, 0, 2), false, "as holes");
same([1, 2].concat(3, [4, [5]], "s", [6.5], [, 7]).length, 9, "concat");
same([1, 2].concat([1.5], ["x"], [{}]).slice(0, 4).join(), "1,2,1.5,x", "concat of kinds");
same(new Array(5).fill(0.5, 1, -1).join(), ",0.5,0.5,0.5,", "fill");
const shared = new Array(3).fill([]);
shared[0].push(1);
same(shared[2].length, 1, "fill shares");
same([3, 1, 2].reverse().join() + [1.5, , 2].reverse().join(), "2,1,32,,1.5", "reverse");
same([[1, [2, [3, [4]]]]].flat(Infinity).join(), "1,2,3,4", "flat");
same([1, 2].flatMap(x => [x, [x * 2]]).length, 4, "flatMap");
same([].concat(...Array.from({ length: 300 }, (_, i) => [i, i + 0.5])).length, 600, "concat of three hundred");
if (Array.prototype.toSpliced) {
    same([1, 2, 3].toSpliced(1, 1, "a", "b").join(), "1,a,b,3", "toSpliced");
    same([1, 2, 3].with(-1, 9).join(), "1,2,9", "with");
    same([, 1].toReversed().join("|"), "1|", "toReversed");
}
