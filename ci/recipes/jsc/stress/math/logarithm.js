// about: log and log1p against exact tables (tables.py log|log1p; 1 unit in the last place allowed), log2 and log10 of exact powers.
const view = new DataView(new ArrayBuffer(8));
function unit(x) { // the distance to the next double: 2^(exponent - 52), at least the smallest subnormal
    view.setFloat64(0, x);
    return Math.max(2 ** ((view.getUint32(0) >>> 20 & 0x7FF) - 1023 - 52), 5e-324);
}
const tables = {
    log: [
    [2, 0.6931471805599453],
    [10, 2.302585092994046],
    [5e-324, -744.4400719213812],
    [1.7976931348623157e+308, 709.782712893384],
    [1.0000000000000002, 2.2204460492503128e-16],
    [0.9999999999999999, -1.1102230246251565e-16],
    [7.801028746923916e+24, 57.31629784748711],
    [3.7266537449841465e-89, -203.6145625647739],
    [3.474717270958799e-66, -150.72510302277541],
    [2.0903691436003437e-78, -178.86429657942276],
    [9.958554818135966e+48, 112.82251642620216],
    [8.107595270305108e-18, -39.35373036387691],
    [4.770332619831088e+65, 151.23044707870287],
    [8.360755174629252e+27, 64.29334626574962],
    [5.215028939379534e-28, -62.82083796613812],
    [4.8809997767196344e+39, 91.38616869792799],
    [1.637215200925997e-26, -59.37421566754292],
    [1.1586800297791147e-77, -177.15177070869194],
    [2.963364365848461e-89, -203.84374804350236],
    [2.9336271116035705e+26, 60.94345199732943],
],
    log1p: [
    [1, 0.6931471805599453],
    [-0.5, -0.6931471805599453],
    [1e-300, 1e-300],
    [-1e-10, -1.00000000005e-10],
    [1e+300, 690.7755278982137],
    [0.1290730919125794, 0.12139702347282315],
    [7.742554430233625e-06, 7.742524456813786e-06],
    [6254951.253285014, 15.64888406848631],
    [1.726740859769533e-06, 1.7267393689542508e-06],
    [0.001455161274102853, 0.0014541035529149705],
    [2096371967.9965935, 21.463474053784285],
    [47660577.42580435, 17.67961516606572],
    [0.021173158335545814, 0.020952121605305934],
    [14965.541278267307, 9.613572407183087],
    [9622.902006493381, 9.17200507540124],
    [3.248662009915101e-07, 3.2486614822249726e-07],
    [5.6764191477495806e-05, 5.676258045174419e-05],
],
};
for (let round = 0; round < 20; round++) for (const [name, rows] of Object.entries(tables)) for (const [x, want] of rows) {
    const got = Math[name](x);
    if (!(got === want || Math.abs(got - want) <= 1 * unit(want))) throw new Error(`${name}(${x}): expected ${want}, got ${got}`);
}
const exact = [[0, -Infinity], [-0, -Infinity], [1, 0], [Infinity, Infinity], [-1, NaN], [-Infinity, NaN], [NaN, NaN], [-5e-324, NaN]];
for (let round = 0; round < 50; round++) for (const f of [Math.log, Math.log2, Math.log10]) for (const [x, want] of exact)
    if (!Object.is(f(x), want)) throw new Error(`${f.name}(${x}): expected ${want}, got ${f(x)}`);
for (let e = -1074; e < 1024; e++) if (Math.log2(2 ** e) !== e) throw new Error(`log2(2^${e}): expected ${e}, got ${Math.log2(2 ** e)}`);
for (let e = 0; e <= 22; e++) if (Math.log10(10 ** e) !== e) throw new Error(`log10(10^${e}): expected ${e}, got ${Math.log10(10 ** e)}`);
for (const [x, want] of [[0, 0], [-0, -0], [-1, -Infinity], [-2, NaN], [Infinity, Infinity], [5e-324, 5e-324], [NaN, NaN]])
    if (!Object.is(Math.log1p(x), want)) throw new Error(`log1p(${x}): expected ${want}, got ${Math.log1p(x)}`);
for (let i = 1; i < 2000; i++) {
    const x = i * 1.37, back = Math.exp(Math.log(x));
    if (Math.abs(back - x) > x * 4e-15) throw new Error(`exp(log(${x})): got ${back}`);
}
