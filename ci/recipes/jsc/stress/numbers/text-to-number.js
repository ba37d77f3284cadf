// about: ToNumber of strings: prefixes, white space of both string widths, separators and rubbish.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const cases = [
    ["", 0], [" ", 0], ["\n\t\r\v\f", 0], ["\u00a0\ufeff\u2028\u2029\u3000", 0], ["12", 12], [" 12 ", 12], ["+12", 12], ["-12", -12], ["- 12", NaN],
    ["1.5", 1.5], [".5", 0.5], ["5.", 5], [".", NaN], ["+.5e1", 5], ["1e3", 1000], ["1E+3", 1000], ["1e", NaN], ["1e+", NaN], ["e1", NaN],
    ["0x10", 16], ["0X1f", 31], ["-0x10", NaN], ["+0x10", NaN], ["0x", NaN], ["0b101", 5], ["0B2", NaN], ["0o17", 15], ["0O8", NaN], ["010", 10],
    ["Infinity", Infinity], ["-Infinity", -Infinity], ["+Infinity", Infinity], ["infinity", NaN], ["INFINITY", NaN], ["Infinity1", NaN],
    ["1_000", NaN], ["1,5", NaN], ["12px", NaN], ["0x1p3", NaN], ["1n", NaN], ["NaN", NaN], ["undefined", NaN], ["\u0661", NaN], ["1\u00002", NaN],
    ["0x20000000000001", 9007199254740992], ["0b" + "1".repeat(60), 1152921504606846976], ["00000000000000000000000001", 1], ["-0", -0], ["+0", 0],
    ["\u20031\u2003", 1], ["\u180e1", NaN], ["1e1000", Infinity], ["-1e1000", -Infinity], ["1e-1000", 0], ["\u00e9", NaN],
];
for (let round = 0; round < 20; round++) for (const [source, want] of cases) {
    same(Number(source), want, `Number(${JSON.stringify(source)})`);
    same(+source, want, `+${JSON.stringify(source)}`);
    same(source * 1, want, `${JSON.stringify(source)} * 1`);
    same(source - 0, want, `${JSON.stringify(source)} - 0`);
    same(Number(("\u3042" + source).slice(1)), want, `wide ${JSON.stringify(source)}`);
}
const floats = [["3.14abc", 3.14], ["  2e3x", 2000], ["-.5.5", -0.5], ["0x10", 0], ["Infinityx", Infinity], ["-Inf", NaN], ["e5", NaN], ["1e", 1],
    ["1e+x", 1], ["1.e2", 100], ["", NaN], ["-", NaN], ["1_0", 1], ["\ufeff9", 9]];
for (const [source, want] of floats) same(parseFloat(source), want, `parseFloat(${JSON.stringify(source)})`);
for (const [value, want] of [[null, 0], [undefined, NaN], [true, 1], [[], 0], [[5], 5], [[1, 2], NaN], [{}, NaN], [new Date(7), 7], [10n, 10], [[["8"]], 8]])
    same(Number(value), want, `Number of ${typeof value} ${String(value)}`);
for (let i = 0; i < 2000; i++) {
    same(Number("" + i), i, "digits");
    same(Number("-" + i + ".25"), -i - 0.25, "with a fraction");
    same(+("0x" + i.toString(16)), i, "hex");
}
