// about: a switch over ints that lie far apart becomes a binary search of compares with large constants, and compares with -2^31
// may be turned round or negated by a code generator; ARM's encodings of constants invite to both.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function edges(x) { switch (x) { case 2147483647: return "max"; case 2147483646: return "max-1"; case 2147483645: return "max-2"; case 2147483644: return "max-3"; default: return "none"; case -2147483648: return "min"; case -2147483647: return "min+1"; case 0: return "zero"; case -1: return "minus"; case -1000000000: return "far"; } }
function less(x) { return [x < -2147483648, x <= -2147483648, x > -2147483648, x >= -2147483648, x === -2147483648, -2147483648 < x].join(); }
const cases = [[2147483647, "max"], [2147483644, "max-3"], [2147483643, "none"], [-2147483648, "min"], [-2147483647, "min+1"], [-2147483646, "none"], [0, "zero"], [-1, "minus"], [1, "none"], [-1000000000, "far"]];
for (let round = 0; round < 5000; round++) for (const [x, want] of cases) {
    const got = edges(x);
    if (got !== want) throw new Error(`switch on ${x} in round ${round}: expected ${want}, got ${got}`);
}
for (let round = 0; round < 1500; round++) {
    same(less(-2147483648), "false,true,false,true,true,false", "comparisons of -2^31 with itself");
    same(less(-2147483647), "false,false,true,true,false,true", "of the next");
    same(less(2147483647), "false,false,true,true,false,true", "of the largest");
    same(less(0), "false,false,true,true,false,true", "of 0");
}
