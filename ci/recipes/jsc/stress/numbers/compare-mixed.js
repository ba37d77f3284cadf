// about: relational and equality operators over every pair of representations; a wrong branch condition for unordered
// operands (NaN) is the classic fault of a new port.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const values = [-Infinity, -1e300, -4294967296, -2147483649, -2147483648, -1.5, -1, -5e-324, -0, 0, 5e-324, 0.5, 1, 1.5, 2147483647,
    2147483647.5, 2147483648, 4294967295, 4294967296, 9007199254740991, 9007199254740992, 1e300, Infinity];
function lt(a, b) { return a < b; }
function le(a, b) { return a <= b; }
function gt(a, b) { return a > b; }
function ge(a, b) { return a >= b; }
function eq(a, b) { return a == b; }
function eqq(a, b) { return a === b; }
function branch(a, b) { if (a < b) return -1; if (a > b) return 1; if (a === b) return 0; return 9; }
function notLess(a, b) { if (!(a < b)) return true; return false; }
for (let round = 0; round < 6; round++) for (let i = 0; i < values.length; i++) for (let j = 0; j < values.length; j++) {
    const a = values[i], b = values[j];
    // ranks of equal values: -0 and 0 share one
    const p = i - (i > 8 ? 1 : 0), q = j - (j > 8 ? 1 : 0);
    const what = `${text(a)} with ${text(b)}`;
    same(lt(a, b), p < q, what + " <");
    same(le(a, b), p <= q, what + " <=");
    same(gt(a, b), p > q, what + " >");
    same(ge(a, b), p >= q, what + " >=");
    same(eq(a, b), p === q, what + " ==");
    same(eqq(a, b), p === q, what + " ===");
    same(branch(a, b), p < q ? -1 : p > q ? 1 : 0, what + " branch");
    same(notLess(a, b), p >= q, what + " not less");
    same(lt(String(a), b), p < q, what + " string <");
    same(eq(a, String(b)), p === q, what + " == string");
    if (Number.isInteger(a)) same(lt(BigInt(a), b), p < q, what + " bigint <");
    if (Number.isInteger(b)) same(eq(a, BigInt(b)), p === q, what + " == bigint");
}
for (const v of [...values, NaN, undefined, "x", {}]) for (const f of [lt, le, gt, ge, eq, eqq]) {
    same(f(v, NaN), false, `${f.name} of ${String(v)} with NaN`);
    same(f(NaN, v), false, `${f.name} of NaN with ${String(v)}`);
    if (f !== eq && f !== eqq) same(f(undefined, v), false, `${f.name} of undefined`);
}
same(branch(NaN, 1), 9, "branch with NaN");
same(notLess(NaN, 1), true, "not less with NaN");
same(NaN != NaN, true, "NaN != NaN");
same([null == 0, null >= 0, null <= 0, null > 0, undefined == null, null == false].join(), "false,true,true,false,true,false", "null");
same(["10" < "9", "10" < 9, 10 < "9a", true < 2, "a" < "B", [2] > 1].join(), "true,false,false,true,false,true", "strings");
