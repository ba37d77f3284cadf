// about: without the flag u an empty match advances by one 16-bit unit, into the middle of a surrogate pair if need be.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
for (let i = 0; i < 30; i++) {
    same("\u{1F600}".match(/(?:)/g).length, 3, "match");
    same("\u{1F600}".replace(/(?:)/gu, "-"), "-\u{1F600}-", "replace by characters");
    same("\u{1F600}".split(/(?:)/).length, 2, "split");
    same([..."\u{1F600}".matchAll(/(?:)/g)].length, 3, "matchAll");
    same("\u{1F600}".replace(/(?:)/g, "-"), "-\ud83d-\ude00-", "replace by units");
    same("a\u{1F600}".replace(/x*/g, () => "."), ".a.\ud83d.\ude00.", "replace by a function");
}
