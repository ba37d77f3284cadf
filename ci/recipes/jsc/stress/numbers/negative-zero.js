// about: -0 is a double in every engine that keeps small integers apart; each int32 fast path has to notice when it is due.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const isNegativeZero = x => x === 0 && 1 / x < 0;
function check(x, want, what) { if (isNegativeZero(x) !== want) throw new Error(`${what}: expected ${want ? "-0" : "+0"}, got ${text(x)}`); }
const zero = [0], minus = [-1, -5, -2147483648];
for (let i = 0; i < 2000; i++) {
    for (const m of minus) {
        check(zero[0] * m, true, `0 * ${m}`);
        check(m * zero[0], true, `${m} * 0`);
        check(zero[0] / m, true, `0 / ${m}`);
        check(m % 1, true, `${m} % 1`);
    }
    check(-zero[0], true, "-0");
    check(zero[0] - zero[0], false, "0 - 0");
    check(-zero[0] + zero[0], false, "-0 + 0");
    check(-zero[0] - zero[0], true, "-0 - 0");
}
check(Math.round(-0.5), true, "round(-0.5)");
check(Math.round(-0.2), true, "round(-0.2)");
check(Math.round(0.4), false, "round(0.4)");
check(Math.ceil(-0.9), true, "ceil(-0.9)");
check(Math.trunc(-0.9), true, "trunc(-0.9)");
check(Math.floor(-0), true, "floor(-0)");
check(Math.abs(-0), false, "abs(-0)");
check(Math.sqrt(-0), true, "sqrt(-0)");
check(Math.cbrt(-0), true, "cbrt(-0)");
check(Math.sin(-0), true, "sin(-0)");
check(Math.tan(-0), true, "tan(-0)");
check(Math.atan2(-0, 1), true, "atan2(-0, 1)");
check(Math.min(0, -0), true, "min(0, -0)");
check(Math.max(-0, 0), false, "max(-0, 0)");
check(Math.pow(-0, 3), true, "pow(-0, 3)");
check(Math.pow(-0, 2), false, "pow(-0, 2)");
check(Math.sign(-0), true, "sign(-0)");
check(Math.fround(-1e-60), true, "fround(-1e-60)");
check(Math.expm1(-0), true, "expm1(-0)");
check(-0 | 0, false, "-0 | 0");
check(+"-0", true, "+'-0'");
check(parseFloat("-0.0"), true, "parseFloat('-0.0')");
check(parseInt("-0"), true, "parseInt('-0')");
check(JSON.parse("-0"), true, "JSON.parse('-0')");
check(-1e-200 * 1e-200, true, "underflow");
check([-0][0], true, "array literal");
check([1, -0, 2].slice(1, 2)[0], true, "slice");
check(Array.of(-0).concat([1.5])[0], true, "concat");
check({ x: -0 }.x, true, "property");
check((() => { let a = -0; const f = () => a; return f(); })(), true, "closure");
check(new Float64Array([-0])[0], true, "Float64Array");
check(new Float32Array([-0])[0], true, "Float32Array");
check(new Int32Array([-0])[0], false, "Int32Array");
same(-0 === 0, true, "===");
same(Object.is(-0, 0), false, "Object.is");
same(String(-0), "0", "String(-0)");
same(JSON.stringify([-0]), "[0]", "JSON");
same([-0].includes(0), true, "includes");
same([-0].indexOf(0), 0, "indexOf");
same(`${-0} ${(-0).toFixed(2)} ${(-0).toExponential(1)} ${(-0).toPrecision(2)}`, "0 0.00 0.0e+0 0.0", "formats");
function sumOf(list) { let s = -0; for (const v of list) s += v; return s; }
for (let i = 0; i < 2000; i++) check(sumOf([-0, -0]), true, "sum of -0");
check(sumOf([-0, 0]), false, "sum with +0");
