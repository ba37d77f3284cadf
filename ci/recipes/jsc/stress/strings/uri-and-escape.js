// about: UTF-8 by hand in both directions, over every length of sequence and every way to be wrong.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const samples = [["\u007f", "%7F"], ["\u0080", "%C2%80"], ["\u07ff", "%DF%BF"], ["\u0800", "%E0%A0%80"], ["\ud7ff", "%ED%9F%BF"], ["\ue000", "%EE%80%80"], ["\uffff", "%EF%BF%BF"],
    ["\u{10000}", "%F0%90%80%80"], ["\u{10ffff}", "%F4%8F%BF%BF"], [" ", "%20"], ["\u20ac", "%E2%82%AC"], ["%", "%25"]];
for (let i = 0; i < 50; i++) for (const [raw, coded] of samples) {
    same(encodeURIComponent(raw), coded, `encode ${coded}`);
    same(decodeURIComponent(coded), raw, `decode ${coded}`);
    same(decodeURIComponent(coded.toLowerCase()), raw, "lower case");
    same(encodeURIComponent("x" + raw + "y"), "x" + coded + "y", "inside");
}
for (const bad of ["%", "%2", "%G0", "%80", "%C0%80", "%C1%BF", "%C2", "%C2%", "%C2%41", "%E0%80%80", "%E0%9F%BF", "%ED%A0%80", "%ED%BF%BF", "%F0%80%80%80", "%F0%8F%BF%BF", "%F4%90%80%80", "%F5%80%80%80", "%FF", "%E2%82", "%E2%82%"])
    throws(URIError, () => decodeURIComponent(bad), `decode ${bad}`);
same(encodeURI("http://x/a b?c=d&e=#f\u00e9[]"), "http://x/a%20b?c=d&e=#f%C3%A9%5B%5D", "encodeURI");
same(decodeURI("%41%2F%3f%23%20"), "A%2F%3f%23 ", "decodeURI keeps reserved ones");
same(encodeURIComponent("-_.!~*'();/?:@&=+$,#"), "-_.!~*'()%3B%2F%3F%3A%40%26%3D%2B%24%2C%23", "unreserved");
same(escape("a\u00e9\u20ac+ /@*_-."), "a%E9%u20AC+%20/@*_-.", "escape");
same(unescape("%u20AC%E9%zz%u12"), "\u20ac\u00e9%zz%u12", "unescape");
let all = "";
for (let i = 0; i < 0xD800; i += 97) all += String.fromCharCode(i);
same(decodeURIComponent(encodeURIComponent(all)), all, "round trip");
same(unescape(escape(all)), all, "round trip of escape");
// a UTF-8 coder in JavaScript agrees
const bytes = [];
for (const c of all + "\u{1F600}\u{10FFFF}") {
    const p = c.codePointAt(0);
    if (p < 0x80) bytes.push(p);
    else if (p < 0x800) bytes.push(0xC0 | p >> 6, 0x80 | p & 63);
    else if (p < 0x10000) bytes.push(0xE0 | p >> 12, 0x80 | p >> 6 & 63, 0x80 | p & 63);
    else bytes.push(0xF0 | p >> 18, 0x80 | p >> 12 & 63, 0x80 | p >> 6 & 63, 0x80 | p & 63);
}
same(decodeURIComponent(bytes.map(b => "%" + (b < 16 ? "0" : "") + b.toString(16)).join("")), all + "\u{1F600}\u{10FFFF}", "bytes made by hand");
