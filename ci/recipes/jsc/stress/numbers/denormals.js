// about: units that flush subnormals to zero (ARM NEON for singles, Alpha, some SH4 and MIPS modes) lose gradual underflow.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function half(x) { return x / 2; }
function times(x, y) { return x * y; }
let x = 2.2250738585072014e-308, steps = 0;
while (x > 0) { x = half(x); steps++; }
same(steps, 53, "halvings from the smallest normal to zero");
x = 5e-324;
for (let i = 0; i < 1074; i++) x = times(x, 2);
same(x, 1, "doublings of the smallest subnormal");
same(times(1e-200, 1e-200), 0, "underflow");
same(times(-1e-200, 1e-200), -0, "underflow keeps the sign");
same(times(1e-160, 1e-160), 1e-320, "subnormal product");
same(times(3e-162, 3e-162), 1e-323, "subnormal product rounds");
same(times(5e-324, 0.5), 0, "half of the smallest: tie to even");
same(times(5e-324, 0.5000000000000001), 5e-324, "a bit over half rounds up");
same(times(1.5e-323, 0.5), 1e-323, "tie to even goes up");
same(2.2250738585072014e-308 - 5e-324, 2.225073858507201e-308, "smallest normal less one");
same(2.225073858507201e-308 + 5e-324, 2.2250738585072014e-308, "largest subnormal and one");
same(5e-324 + 5e-324, 1e-323, "sum");
same(3e-308 - 2.9e-308 > 0, true, "gradual underflow of a difference");
for (let i = 1; i < 2000; i++) {
    const d = i * 5e-324;
    same(d / 5e-324, i, "subnormal ratio");
    same(d > 0 && d < 1e-300, true, "subnormal comparison");
    if (d - (i - 1) * 5e-324 !== 5e-324) throw new Error(`difference of subnormals ${i}`);
}
same(5e-324 > 0, true, "smallest is above zero");
same(5e-324 === 0, false, "and not equal to it");
same(5e-324 ? 1 : 0, 1, "and truthy");
same(Math.sqrt(5e-324), 2.2227587494850775e-162, "square root");
same(Math.abs(-5e-324), 5e-324, "abs");
same(Math.max(5e-324, 0), 5e-324, "max");
same(1e-310 % 3e-311, 1.0000000000004e-311, "remainder");
same(Math.fround(1.401298464324817e-45), 1.401298464324817e-45, "smallest single");
same(Math.fround(1e-45), 1.401298464324817e-45, "rounds to the smallest single");
same(Math.fround(7.006492321624085e-46), 0, "half of the smallest single: tie to even");
const singles = new Float32Array(2);
singles[0] = 1.1754943508222875e-38;
let n = 0;
while (singles[0] > 0) { singles[0] = singles[0] / 2; n++; }
same(n, 24, "halvings of the smallest normal single");
singles[0] = 1e-40;
singles[1] = 1e-40;
same(singles[0] + singles[1], 1.999989220222952e-40, "sum of subnormal singles");
same(String(singles[0]), "9.99994610111476e-41", "text of a subnormal single");
const view = new DataView(new ArrayBuffer(8));
view.setUint32(4, 7);
same(view.getFloat64(0), 3.5e-323, "subnormal from bits");
view.setFloat64(0, 2.225073858507201e-308);
same(view.getUint32(0), 0xFFFFF, "bits of the largest subnormal, high");
same(view.getUint32(4), 0xFFFFFFFF, "bits of the largest subnormal, low");
