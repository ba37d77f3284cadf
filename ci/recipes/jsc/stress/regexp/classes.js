// about: character classes become bit tables or comparison trees; edges at 0x7f, 0xff, 0x7ff, 0xffff and complement.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const classes = [
    ["[a-z]", c => c >= 97 && c <= 122], ["[^a-z]", c => !(c >= 97 && c <= 122)], ["\\d", c => c >= 48 && c <= 57], ["\\D", c => !(c >= 48 && c <= 57)],
    ["\\w", c => c >= 48 && c <= 57 || c >= 65 && c <= 90 || c === 95 || c >= 97 && c <= 122], ["[\\0-\\x7f]", c => c < 128], ["[\\x80-\\xff]", c => c >= 128 && c < 256],
    ["[\\u0100-\\uffff]", c => c >= 256], ["[^\\u0100-\\uffff]", c => c < 256], [".", c => c !== 10 && c !== 13 && c !== 0x2028 && c !== 0x2029],
    ["\\s", c => c >= 9 && c <= 13 || c === 32 || c === 160 || c === 0x1680 || c >= 0x2000 && c <= 0x200a || c === 0x2028 || c === 0x2029 || c === 0x202f || c === 0x205f || c === 0x3000 || c === 0xfeff],
    ["[\\s\\S]", () => true], ["[]", () => false], ["[^]", () => true], ["[a\\-z]", c => c === 97 || c === 45 || c === 122], ["[-a]", c => c === 45 || c === 97], ["[\\]\\\\]", c => c === 93 || c === 92],
    ["[\\ud7ff-\\ue000]", c => c >= 0xd7ff && c <= 0xe000], ["[\\b]", c => c === 8], ["[aceg\\u4e00-\\u4eff\\xe9]", c => c === 97 || c === 99 || c === 101 || c === 103 || c >= 0x4e00 && c <= 0x4eff || c === 0xe9],
    ["[^\\W\\d]", c => c >= 65 && c <= 90 || c === 95 || c >= 97 && c <= 122],
];
const points = new Set([0, 1, 127, 128, 255, 256, 0x2028, 0x2029, 0x202f, 0x3000, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xfeff, 0xfffe, 0xffff, 0x4dff, 0x4e00, 0x4eff, 0x4f00, 0x1680, 0x180e, 0x1fff, 0x2000, 0x200a, 0x200b]);
for (let i = 0; i < 300; i++) points.add(i);
for (let i = 300; i < 65536; i += 641) points.add(i);
for (const [source, rule] of classes) {
    const re = new RegExp("^" + source + "$");
    for (const c of points) if (re.test(String.fromCharCode(c)) !== rule(c)) throw new Error(`${source} on ${c.toString(16)}: expected ${rule(c)}`);
}
const text8 = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
const text16 = text8 + "\u4e00";
for (const [source] of classes) if (source !== "[]") same((text8.match(new RegExp(source, "g")) || []).length, (text16.match(new RegExp(source, "g")) || []).filter(c => c < "\u0100").length, `${source} on both widths`);
// a class of many scattered characters
const scattered = Array.from({ length: 400 }, (_, i) => (i * 97 + 300) % 60000 + 200).filter(c => c < 0xd800 || c > 0xdfff);
const big = new RegExp("[" + scattered.map(c => "\\u" + c.toString(16).padStart(4, "0")).join("") + "]");
for (const c of scattered) if (!big.test(String.fromCharCode(c))) throw new Error(`${c.toString(16)} is missing from the scattered class`);
let outside = 0;
for (let c = 200; c < 60200; c += 7) if (!scattered.includes(c) && big.test(String.fromCharCode(c))) outside++;
same(outside, 0, "strangers in the scattered class");
same("aAzZ\u212a\u017f".match(/[a-z]/gi).length, 4, "ignore case without unicode");
same(/[\u03b1-\u03c9]/i.test("\u03a9"), true, "Greek range folds");
same(/\u00e5/i.test("\u212b"), false, "Angstrom does not fold without unicode");
same(/\u00e5/iu.test("\u212b"), true, "with unicode it does");
same(/[^x]/i.test("X"), false, "complement folds");
