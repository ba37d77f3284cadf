// about: arc sine, cosine and tangent against exact tables (tables.py asin|acos|atan, 2 units in the last place allowed), and
// the special cases of atan2, which are exact by definition.
const view = new DataView(new ArrayBuffer(8));
function unit(x) { // the distance to the next double: 2^(exponent - 52), at least the smallest subnormal
    view.setFloat64(0, x);
    return Math.max(2 ** ((view.getUint32(0) >>> 20 & 0x7FF) - 1023 - 52), 5e-324);
}
const tables = {
    asin: [
    [0.5, 0.5235987755982989],
    [-1, -1.5707963267948966],
    [1, 1.5707963267948966],
    [1e-09, 1e-09],
    [-0.010182017356515622, -0.01018219329891513],
    [0.009023222914922196, 0.00902334536236553],
    [0.08759939788682329, 0.08771182112059574],
    [-0.19004240297414954, -0.19120533642565127],
    [-0.009161440877210747, -0.009161569038392386],
    [-0.007589683735372231, -0.0075897566023982455],
    [0.03974213601493352, 0.03975260516005093],
    [0.1612050902664608, 0.161911592114913],
    [-0.20073149738183343, -0.20210455914515466],
    [0.019513644366767644, 0.01951488298747037],
    [-0.009999979090600361, -0.010000145763721928],
    [-0.11930435938902664, -0.11958920803474606],
],
    acos: [
    [0.5, 1.0471975511965979],
    [-1, 3.141592653589793],
    [0.9999999999999999, 1.4901161193847656e-08],
    [1e-09, 1.5707963257948967],
    [0.15693064008971383, 1.413214314173411],
    [0.04580071092689408, 1.524979588002628],
    [-0.009037903703007824, 1.5798343535440016],
    [-0.058388932617576175, 1.6292184876634788],
    [0.03443668913128556, 1.5363528277001384],
    [-0.3041824653586662, 1.8798764367835696],
    [0.4790862040700104, 1.0711829556144217],
    [0.014040215029756924, 1.5567556504384776],
    [0.8087261285429892, 0.6288132128408053],
    [0.00391318325788103, 1.5668831335498488],
    [0.018991899096871972, 1.551803285807596],
    [0.04105160502508796, 1.5297331827550176],
],
    atan: [
    [1, 0.7853981633974483],
    [-1, -0.7853981633974483],
    [1e+300, 1.5707963267948966],
    [1e-300, 1e-300],
    [412567.4483350216, 1.570793902948798],
    [1.7622170305582325, 1.0546417291213417],
    [-9384.570316029029, -1.5706897689065182],
    [-57662.873922430255, -1.5707789846138385],
    [-0.006914609370327243, -0.0069144991734626],
    [-0.4504789087393929, -0.42325211565533805],
    [787.6122610218246, 1.5695266672020438],
    [-800.4698207933977, -1.5695470611089184],
    [3693.292310351696, 1.570525565671343],
    [5.698798539285002, 1.397089245907791],
    [-57.6090503582941, -1.5534396862304853],
    [0.053113145983589065, 0.05306328617659285],
],
};
for (let round = 0; round < 20; round++) for (const [name, rows] of Object.entries(tables)) for (const [x, want] of rows) {
    const got = Math[name](x);
    if (!(got === want || Math.abs(got - want) <= 2 * unit(want))) throw new Error(`${name}(${x}): expected ${want}, got ${got}`);
}
const specials = [
    [0, 1, 0], [-0, 1, -0], [0, 0, 0], [-0, 0, -0], [0, -0, Math.PI], [-0, -0, -Math.PI], [0, -1, Math.PI], [-0, -1, -Math.PI],
    [1, 0, Math.PI / 2], [1, -0, Math.PI / 2], [-1, 0, -Math.PI / 2], [Infinity, 1, Math.PI / 2], [-Infinity, 1, -Math.PI / 2], [1, Infinity, 0],
    [-1, Infinity, -0], [1, -Infinity, Math.PI], [-1, -Infinity, -Math.PI], [Infinity, Infinity, Math.PI / 4], [-Infinity, Infinity, -Math.PI / 4],
    [Infinity, -Infinity, 3 * Math.PI / 4], [-Infinity, -Infinity, -3 * Math.PI / 4], [1, 1, Math.PI / 4], [-1, 1, -Math.PI / 4], [NaN, 1, NaN],
    [1, NaN, NaN], [1, -1, 2.356194490192345], [5e-324, 5e-324, Math.PI / 4], [1e308, 1e308, Math.PI / 4], [5e-324, 1, 5e-324],
];
for (let round = 0; round < 50; round++) for (const [y, x, want] of specials)
    if (!Object.is(Math.atan2(y, x), want)) throw new Error(`atan2(${y}, ${x}): expected ${want}, got ${Math.atan2(y, x)}`);
for (const x of [1.0000000000000002, -1.0000000000000002, Infinity, NaN]) for (const f of [Math.asin, Math.acos])
    if (!Number.isNaN(f(x))) throw new Error(`${f.name}(${x}): expected NaN, got ${f(x)}`);
if (!Object.is(Math.asin(-0), -0) || !Object.is(Math.atan(-0), -0) || !Object.is(Math.acos(1), 0)) throw new Error("signs of zero");
if (Math.atan(Infinity) !== Math.PI / 2 || Math.atan(-Infinity) !== -Math.PI / 2 || Math.acos(-1) !== Math.PI) throw new Error("limits");
