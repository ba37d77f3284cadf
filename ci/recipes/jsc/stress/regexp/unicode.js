// about: code points beyond 16 bits, properties and case folding by tables; a compiled matcher reads pairs as 32-bit units.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
for (const [re, input, want] of [
    [/^.$/u, "\u{1F600}", true], [/^..$/u, "\u{1F600}", false], [/^[\u{1F600}-\u{1F610}]$/u, "\u{1F605}", true], [/^[^a]$/u, "\u{10FFFF}", true], [/\u{1F600}{2}/u, "\u{1F600}\u{1F600}", true],
    [/^\S$/u, "\u{1F600}", true], [/\ud83d/u, "\u{1F600}", false], [/\ud83d/, "\u{1F600}", true], [/^[\ud83d\ude00]$/u, "\u{1F600}", true], [/\p{L}/u, "\u4e00", true], [/\p{Lu}/u, "a", false],
    [/^\p{Script=Greek}+$/u, "\u03b1\u03b2\u03b3", true], [/\P{ASCII}/u, "abc", false], [/\p{Nd}/u, "\u0665", true], [/^\p{Emoji_Presentation}$/u, "\u{1F600}", true], [/\p{ASCII_Hex_Digit}/u, "g", false],
    [/\p{General_Category=Uppercase_Letter}/u, "\u00c9", true], [/^\p{sc=Han}{2}$/u, "\u4e00\u{20000}", true], [/\p{Any}/u, "\u0000", true], [/\p{ID_Start}/u, "\u2118", true], [/\p{Zs}/u, "\u00a0", true],
    [/^\w$/iu, "\u017f", true], [/^\w$/u, "\u017f", false], [/\u{10400}/iu, "\u{10428}", true], [/[\u{10400}-\u{10427}]/iu, "\u{10430}", true], [/\u00df/iu, "\u1e9e", true], [/\u1e9e/iu, "ss", false],
    [/^\x41\u0042\u{43}$/u, "ABC", true], [/^(?:\u{1F468}\u200d\u{1F469})$/u, "\u{1F468}\u200d\u{1F469}", true],
]) for (let i = 0; i < 60; i++) same(re.test(input), want, `${re} on ${JSON.stringify(input)}`);
for (const bad of ["\\u{110000}", "\\p{Unknown}", "\\p{Script=Nope}", "\\-", "{", "a{1", "\\u{", "[b-a]", "(?<n>a)\\k<m>", "\\1(?:)(?!)x\\2", "]", "\\c", "\\00"]) throws(SyntaxError, () => new RegExp(bad, "u"), `/${bad}/u`);
for (const fine of ["\\u{110000}", "\\-", "a{1", "]", "{", "\\k<m>", "\\c"]) same(new RegExp(fine) instanceof RegExp, true, `/${fine}/`);
let pairs = "";
for (let cp = 0x1F300; cp < 0x1F600; cp++) pairs += String.fromCodePoint(cp);
same(pairs.match(/./gu).length, 768, "characters");
same(pairs.match(/./g).length, 1536, "units");
same(pairs.match(/[\u{1F400}-\u{1F4FF}]/gu).length, 256, "a range");
same(pairs.replace(/[^\u{1F400}-\u{1F4FF}]/gu, "").length, 512, "and its complement");
same("\ud83d".repeat(3).match(/\p{Cs}/gu).length, 3, "lone halves are surrogates");
same("I\u0131\u0130i".replace(/i/giu, "-"), "-\u0131\u0130-", "dotless and dotted i do not fold");
same("\u03c3\u03c2\u03a3".replace(/\u03c3/giu, "s"), "sss", "all sigmas fold");
let letters = 0;
for (let c = 0; c < 0x3000; c++) if (/\p{Alphabetic}/u.test(String.fromCodePoint(c))) letters++;
if (letters < 5000 || letters > 8000) throw new Error(`alphabetic characters below 3000: expected 5000 to 8000, got ${letters}`);
let sets = false;
try { sets = new RegExp("[\\p{L}--[a-z]]", "v").test("A"); } catch { sets = null; }
if (sets !== null) {
    same(sets, true, "difference of sets");
    same(new RegExp("^[\\p{L}--[a-z]]$", "v").test("b"), false, "what was taken away");
    same(new RegExp("^[[a-f]&&[d-z]]+$", "v").test("def"), true, "intersection of sets");
    same(new RegExp("^[\\q{abc|d}]$", "v").test("abc"), true, "strings in a set");
}
