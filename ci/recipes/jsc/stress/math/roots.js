// about: IEEE 754 asks for exact square roots (table: tables.py sqrt); soft-float and x87 code that rounds twice is caught.
// cbrt may be off by 4 units in the last place (as the C library documents), hypot by 1.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [
    [2, 1.4142135623730951],
    [3, 1.7320508075688772],
    [0.5, 0.7071067811865476],
    [1e-310, 9.999999999999986e-156],
    [5e-324, 2.2227587494850775e-162],
    [1.7976931348623157e+308, 1.3407807929942596e+154],
    [2.2250738585072014e-308, 1.4916681462400413e-154],
    [0.1, 0.31622776601683794],
    [1e+300, 1e+150],
    [9007199254740991, 94906265.62425154],
    [3.4630942478505548e+283, 5.884806069744826e+141],
    [2.9278537792445663e-79, 5.410964589834761e-40],
    [8.700775683418123e+111, 9.327794853778745e+55],
    [6.64894636493218e-171, 8.154107164449201e-86],
    [5.362339267881149e-204, 2.3156725303637276e-102],
    [2.0345308355810374e+194, 1.4263698102459394e+97],
    [3.1273104746939247e-27, 5.592236113303805e-14],
    [5.270051294726863e+235, 7.259511894560724e+117],
    [3.169875247839194e+273, 5.630164516103587e+136],
    [1.2673438842687885e-40, 1.1257636893543815e-20],
    [2.7442881035148293e-156, 1.6565892983823206e-78],
    [1.6812197084723232e-101, 4.1002679284070244e-51],
    [26567126482585.633, 5154330.847218253],
    [7.455537667450287e+114, 2.7304830465414518e+57],
    [6.118460632816609e-27, 7.82205895708835e-14],
    [7.329092949249176e+257, 8.561012176868561e+128],
    [1.3124094491482072e-83, 3.622719212343412e-42],
    [9.275502229972848e+291, 9.630940883409495e+145],
    [1.1257692404810758e+164, 1.0610227332536639e+82],
    [2.412778267215144e-17, 4.9120039364959225e-09],
    [1.6893562658772953e+269, 4.11017793517178e+134],
    [3.188466782554678e+211, 5.646651027427388e+105],
    [3.1896741345005652e-21, 5.647720012979189e-11],
    [3.1321467905929803e+146, 1.769787216190969e+73],
    [7.201762078896138e-165, 8.48631962566585e-83],
    [9.154541288645663e+213, 9.567936709994303e+106],
    [1.4139164494899984e+79, 3.7602080387792357e+39],
    [7.291327248764184e-06, 0.0027002457756219495],
    [5.581466036967694e+191, 7.470920985372348e+95],
    [1.3996901810560279e-173, 3.7412433508875464e-87],
];
function root(x) { return Math.sqrt(x); }
for (let round = 0; round < 40; round++) for (const [x, want] of table) {
    same(root(x), want, `sqrt(${x})`);
    same(x ** 0.5, want, `${x} ** 0.5`);
}
for (let i = 0; i < 5000; i++) {
    same(root(i * i), i, "perfect square");
    if (i) same(root(i * i + 1) > i, true, "just above a perfect square");
}
for (let e = -537; e < 512; e++) same(root(2 ** (2 * e)), 2 ** e, `sqrt(2^${2 * e})`);
for (let i = 94906200; i < 94906265; i++) same(root(i * i), i, "perfect square near 2^53");
for (const [x, want] of [[0, 0], [-0, -0], [-1, NaN], [-5e-324, NaN], [Infinity, Infinity], [-Infinity, NaN], [NaN, NaN], [4294967296, 65536]])
    same(root(x), want, `sqrt(${text(x)})`);
for (let i = -300; i <= 300; i++) if (Math.abs(Math.cbrt(i * i * i) - i) > Math.abs(i) * 9e-16) throw new Error(`cbrt(${i * i * i}): expected ${i}, got ${Math.cbrt(i * i * i)}`);
const cubes = [
    [8, 2],
    [2, 1.2599210498948732],
    [27, 3],
    [1e-320, 2.1544266950262728e-107],
    [1e+300, 1e+100],
    [1.4275048335768245e+72, 1.1259675189090513e+24],
    [3.15618585280124e-12, 0.0001466856139580645],
    [1.567644451029316e+48, 1.161669329369493e+16],
    [1.3664122701658268e+32, 51506327436.54097],
    [2.491261918488728e-54, 1.3556257089362083e-18],
    [15693521.78612892, 250.364916610324],
    [7.440103128699164e+20, 9061351.65940596],
    [2.9589321658031374e-06, 0.014356381910943707],
    [1.9145277610729487e-69, 1.2417110788850438e-23],
    [1.7619521522683642e-82, 5.606149868234171e-28],
    [2.982002714648815e+27, 1439359719.632305],
    [1.4204199836947347e+45, 1124101665389979.6],
];
for (const [x, want] of cubes) if (Math.abs(Math.cbrt(x) - want) > want * 9e-16) throw new Error(`cbrt(${x}): expected ${want}, got ${Math.cbrt(x)}`);
for (const [x, want] of [[0, 0], [-0, -0], [Infinity, Infinity], [-Infinity, -Infinity], [NaN, NaN]]) same(Math.cbrt(x), want, `cbrt(${text(x)})`);
for (const [a, b, c] of [[3, 4, 5], [5, 12, 13], [8, 15, 17], [20, 21, 29], [696, 697, 985], [2 ** 40 * 3, 2 ** 40 * 4, 2 ** 40 * 5]]) {
    if (Math.abs(Math.hypot(a, b) - c) > c * 2.3e-16) throw new Error(`hypot(${a}, ${b}): expected ${c}, got ${Math.hypot(a, b)}`);
    if (Math.abs(Math.hypot(a, -b, 0) - c) > c * 2.3e-16) throw new Error(`hypot(${a}, ${-b}, 0): expected ${c}, got ${Math.hypot(a, -b, 0)}`);
}
same(Math.hypot(), 0, "hypot()");
same(Math.hypot(-0), 0, "hypot(-0)");
same(Math.hypot(NaN, -Infinity), Infinity, "hypot with an infinity");
same(Math.hypot(NaN, 1), NaN, "hypot with NaN");
same(Math.hypot(-7), 7, "hypot of one");
if (Math.abs(Math.hypot(3e200, 4e200) - 5e200) > 1e185) throw new Error("hypot overflows");
if (Math.abs(Math.hypot(3e-200, 4e-200) - 5e-200) > 1e-215) throw new Error("hypot underflows");
