// about: normal forms and collation come from ICU, whose data file is of one endianness and one character set family.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const forms = [
    ["\u00e9", "\u00e9", "e\u0301", "\u00e9", "e\u0301"], ["e\u0301", "\u00e9", "e\u0301", "\u00e9", "e\u0301"], ["\ufb01", "\ufb01", "\ufb01", "fi", "fi"],
    ["\u1e9b\u0323", "\u1e9b\u0323", "\u017f\u0323\u0307", "\u1e69", "s\u0323\u0307"], ["\uac00", "\uac00", "\u1100\u1161", "\uac00", "\u1100\u1161"],
    ["\u1100\u1161\u11a8", "\uac01", "\u1100\u1161\u11a8", "\uac01", "\u1100\u1161\u11a8"], ["\u2126", "\u03a9", "\u03a9", "\u03a9", "\u03a9"],
    ["\u2460\u00bd", "\u2460\u00bd", "\u2460\u00bd", "11\u20442", "11\u20442"], ["\u{1D15E}", "\u{1D157}\u{1D165}", "\u{1D157}\u{1D165}", "\u{1D157}\u{1D165}", "\u{1D157}\u{1D165}"],
    ["a\u0315\u0300\u05ae\u0300", "\u00e0\u05ae\u0300\u0315", "a\u05ae\u0300\u0300\u0315", "\u00e0\u05ae\u0300\u0315", "a\u05ae\u0300\u0300\u0315"],
    ["plain", "plain", "plain", "plain", "plain"], ["", "", "", "", ""], ["\uff21\uff71\uff9e", "\uff21\uff71\uff9e", "\uff21\uff71\uff9e", "A\u30a2\u3099", "A\u30a2\u3099"],
];
for (let round = 0; round < 30; round++) for (const [source, ...wants] of forms) ["NFC", "NFD", "NFKC", "NFKD"].forEach((form, i) => {
    const got = source.normalize(form);
    same(got, wants[i], `${form} of ${JSON.stringify(source)}`);
    same(got.normalize(form), got, "idempotent");
});
same("e\u0301".normalize(), "\u00e9", "NFC is the default");
let e;
try { "a".normalize("NFX"); } catch (x) { e = x; }
same(e instanceof RangeError, true, "unknown form");
const long = "e\u0301\uac00".repeat(500);
same(long.normalize("NFC").length, 1000, "long NFC");
same(long.normalize("NFD").length, 2000, "long NFD");
for (const [a, b, sign] of [["a", "b", -1], ["b", "a", 1], ["a", "a", 0], ["a", "\u00e1", -1], ["\u00e1", "b", -1], ["z", "\u00e9", 1], ["a", "B", -1], ["", "a", -1],
    ["\u00e9", "e\u0301", 0], ["10", "9", -1], ["resume", "r\u00e9sum\u00e9", -1], ["ab", "b", -1]])
    for (let i = 0; i < 20; i++) same(Math.sign(a.localeCompare(b, "en")), sign, `localeCompare(${a}, ${b})`);
const words = ["z\u00e8bre", "apple", "\u00c9clair", "eclair", "Zebra", "\u00e5ngstr\u00f6m", "banana", "Apple"];
same(words.sort((a, b) => a.localeCompare(b, "en")).join(), "\u00e5ngstr\u00f6m,apple,Apple,banana,eclair,\u00c9clair,Zebra,z\u00e8bre", "sorted for English readers");
same(words.sort().join(), "Apple,Zebra,apple,banana,eclair,z\u00e8bre,\u00c9clair,\u00e5ngstr\u00f6m", "sorted by units");
