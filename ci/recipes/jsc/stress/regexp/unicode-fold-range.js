// about: with the flags i and u the Kelvin sign folds to k and the long s to s, inside ranges too; matchers that fold the
// ends of a range only, or take a shortcut for ASCII, miss them.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
for (let i = 0; i < 30; i++) {
    same(/k/iu.test("\u212a"), true, "letter");
    same(/\u212a/iu.test("K"), true, "the other way");
    same(/[j-l]/iu.test("\u212a"), true, "range around k");
    same(/[a-z]/iu.test("\u017f"), true, "range with s");
    same(/[A-Z]/iu.test("\u017f"), true, "range with S");
    same(/[^a-z]/iu.test("\u212a"), false, "complement");
    same(/[a-z]/i.test("\u212a"), false, "without u it does not fold");
}
same("aAzZ\u212a\u017f".match(/[a-z]/giu).length, 6, "all six are letters");
