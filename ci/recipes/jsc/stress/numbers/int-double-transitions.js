// about: one variable, property or element that is int32 for long, then double, then int32 again: each tier guesses a
// representation and must give it up without losing the value.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function step(state, x) { state.v = state.v + x; return state.v; }
const state = { v: 0 };
for (let i = 0; i < 3000; i++) step(state, 1);
same(state.v, 3000, "integers");
for (let i = 0; i < 3000; i++) step(state, 0.5);
same(state.v, 4500, "halves");
for (let i = 0; i < 3000; i++) step(state, -1);
same(state.v, 1500, "integers again");
step(state, "!");
same(state.v, "1500!", "then a string");
function lerp(a, b, t) { return a + (b - a) * t; }
for (let i = 0; i < 3000; i++) same(lerp(0, 10, i & 1), (i & 1) * 10, "lerp of ints");
same(lerp(0, 10, 0.25), 2.5, "lerp with a fraction");
same(lerp(0, 2147483648, 1), 2147483648, "lerp past int32");
same(lerp(-2147483648, 2147483647, 1), 2147483647, "lerp over the whole range");
function total(list) { let s = 0; for (let i = 0; i < list.length; i++) s += list[i]; return s; }
const ints = [], doubles = [], switching = [];
for (let i = 0; i < 1000; i++) { ints.push(i); doubles.push(i + 0.25); switching.push(i < 500 ? i : i + 0.5); }
for (let i = 0; i < 10; i++) {
    same(total(ints), 499500, "ints");
    same(total(doubles), 499750, "doubles");
    same(total(switching), 499750, "switching");
    same(total([2147483647, 1, -1]), 2147483647, "edge");
    same(total([1, , 2]), NaN, "hole");
}
function average(a, b) { return (a + b) / 2; }
for (let i = 0; i < 3000; i++) same(average(i, i + 2), i + 1, "average exact");
same(average(1, 2), 1.5, "average with a half");
same(average(2147483647, 2147483647), 2147483647, "average at the edge");
let flip = 1;
for (let i = 0; i < 2000; i++) {
    flip = (i % 3 === 0) ? flip / 2 : flip * 2;
    same(Number.isInteger(flip), flip >= 1, "integer or fraction");
}
same(Math.log2(flip), 666, "powers of two stay exact");
const fields = [1, 1.5, -0, NaN, 2147483648, 4294967295, -2147483649, 1e300];
for (let i = 0; i < 2000; i++) {
    const o = { a: i, b: fields[i & 7] };
    o.a = o.b;
    same(o.a, fields[i & 7], "field representation");
}
