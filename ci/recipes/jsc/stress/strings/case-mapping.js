// about: case tables are data; special cases change the length.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
same("\u00df".toUpperCase(), "SS", "sharp s");
same("\ufb03".toUpperCase(), "FFI", "ligature");
same("\u0130".toLowerCase(), "i\u0307", "dotted capital I");
same("\u0131".toUpperCase(), "I", "dotless i");
same("\u00b5\u00ff".toUpperCase(), "\u039c\u0178", "micro and y with diaeresis leave Latin-1");
same("\u212a\u212b".toLowerCase(), "k\u00e5", "Kelvin and Angstrom come into Latin-1");
same("\u039f\u0394\u039f\u03a3".toLowerCase(), "\u03bf\u03b4\u03bf\u03c2", "final sigma");
same("\u039f\u03a3\u0394".toLowerCase(), "\u03bf\u03c3\u03b4", "sigma inside");
same("\u03a3".toLowerCase(), "\u03c3", "sigma alone");
same("\u01c5".toUpperCase() + "\u01c5".toLowerCase(), "\u01c4\u01c6", "title case letter");
same("\u1f80".toUpperCase(), "\u1f08\u0399", "Greek with iota below");
same("\u0149".toUpperCase(), "\u02bcN", "n after an apostrophe");
same("\u10d0".toUpperCase(), "\u1c90", "Georgian");
same("\u13a0".toLowerCase(), "\uab70", "Cherokee");
for (let i = 0; i < 128; i++) {
    const c = String.fromCharCode(i);
    same(c.toUpperCase().charCodeAt(0), i >= 97 && i <= 122 ? i - 32 : i, `upper case of ${i}`);
    same(c.toLowerCase().charCodeAt(0), i >= 65 && i <= 90 ? i + 32 : i, `lower case of ${i}`);
}
for (let i = 0xC0; i < 0xDF; i++) if (i !== 0xD7) same(String.fromCharCode(i).toLowerCase(), String.fromCharCode(i + 32), `lower case of ${i}`);
for (let i = 0x410; i < 0x430; i++) same(String.fromCharCode(i).toLowerCase(), String.fromCharCode(i + 32), "Cyrillic");
const long = "abcDEF\u00e9\u00c9".repeat(400);
same(long.toUpperCase(), "ABCDEF\u00c9\u00c9".repeat(400), "long narrow string");
same((long + "\u03c3").toUpperCase(), "ABCDEF\u00c9\u00c9".repeat(400) + "\u03a3", "long wide string");
same("x".repeat(1000) + "\u00df", ("X".repeat(1000) + "\u1e9e").toLowerCase(), "late special case");
const already = "lower case only 123";
same(already.toLowerCase() === already, true, "nothing to do");
let sum = 0;
for (let i = 0; i < 65536; i += 1) { const c = String.fromCharCode(i); if (c.toUpperCase() !== c) sum++; }
if (sum < 1150 || sum > 1500) throw new Error(`letters with an upper case: expected 1150 to 1500, got ${sum}`);
same("I".toLocaleLowerCase("en") + "i".toLocaleUpperCase("en"), "iI", "in English");
if (typeof Intl === "object") same("I\u0130".toLocaleLowerCase("tr") + "i\u0131".toLocaleUpperCase("tr"), "\u0131i\u0130I", "in Turkish");
