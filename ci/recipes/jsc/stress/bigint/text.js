// about: parsing and printing in every radix; conversion chunks have as many digits as fit a machine word.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const big = 2n ** 200n - 987654321n, negative = -(3n ** 150n);
for (let radix = 2; radix <= 36; radix++) for (const x of [0n, 1n, BigInt(radix), 4294967295n, 4294967296n, 18446744073709551615n, 18446744073709551616n, big, negative]) {
    const shown = x.toString(radix), sign = x < 0n ? -1n : 1n;
    let back = 0n;
    for (const c of shown.replace("-", "")) back = back * BigInt(radix) + BigInt(parseInt(c, 36));
    same(back * sign, x, `${x} in radix ${radix}`);
    let by = "", left = x * sign;
    do { by = (left % BigInt(radix)).toString(36) + by; left /= BigInt(radix); } while (left);
    same(shown, (x < 0n ? "-" : "") + by, `digits of ${x} in radix ${radix}`);
}
same(String(2n ** 256n), "115792089237316195423570985008687907853269984665640564039457584007913129639936", "2^256");
same(BigInt("115792089237316195423570985008687907853269984665640564039457584007913129639936"), 2n ** 256n, "2^256 from text");
same(BigInt("0x" + "f".repeat(40)), 2n ** 160n - 1n, "hex");
same(BigInt("0b1" + "0".repeat(100)), 2n ** 100n, "binary");
same(BigInt("0o" + "7".repeat(43)), 2n ** 129n - 1n, "octal");
same((-(2n ** 130n)).toString(16), "-4" + "0".repeat(32), "negative hex");
same((2n ** 130n).toString(32), "1" + "0".repeat(26), "radix 32");
for (const [source, want] of [["", 0n], ["  12\n", 12n], ["-12", -12n], ["+7", 7n], ["000123", 123n], ["-0", 0n], ["0XfF", 255n], ["\u00a05\ufeff", 5n]]) same(BigInt(source), want, `BigInt(${JSON.stringify(source)})`);
for (const bad of ["1n", "1.5", "1e3", "0x", "-0x1", "x", "1 2", "--1", "0b2", "1_0", "Infinity"]) throws(SyntaxError, () => BigInt(bad), `BigInt(${JSON.stringify(bad)})`);
let decimal = "";
for (let i = 0; i < 300; i++) decimal += (i * i * 7 + i) % 10;
decimal = "9" + decimal;
same(String(BigInt(decimal)), decimal, "301 digits");
for (let n = 1; n < 120; n++) {
    same(BigInt("9".repeat(n)) + 1n, 10n ** BigInt(n), `${n} nines`);
    same(String(10n ** BigInt(n)), "1" + "0".repeat(n), `10^${n}`);
}
same(`${2n ** 64n}|${[-1n, 2n]}|${JSON.stringify({ n: String(7n) })}`, '18446744073709551616|-1,2|{"n":"7"}', "templates and lists");
throws(TypeError, () => JSON.stringify({ n: 1n }), "JSON");
throws(RangeError, () => (1n).toString(37), "radix 37");
same(Number.parseInt("123456789012345678901234567890n"), 1.2345678901234568e29, "parseInt stops at n");
