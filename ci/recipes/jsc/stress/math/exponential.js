// about: exp and expm1 near overflow, underflow and zero (tables.py exp|expm1; 1 unit in the last place allowed).
const view = new DataView(new ArrayBuffer(8));
function unit(x) { // the distance to the next double: 2^(exponent - 52), at least the smallest subnormal
    view.setFloat64(0, x);
    return Math.max(2 ** ((view.getUint32(0) >>> 20 & 0x7FF) - 1023 - 52), 5e-324);
}
const tables = {
    exp: [
    [1, 2.718281828459045],
    [-1, 0.36787944117144233],
    [709.782712893384, 1.7976931348622732e+308],
    [-745.1332191019411, 5e-324],
    [-740.5, 2.5e-322],
    [1e-10, 1.0000000001],
    [-0.12174155258135577, 0.8853771623779034],
    [0.03275894078417052, 1.0333014223859591],
    [0.024731060351266237, 1.02503940971252],
    [-1.0859470725018152, 0.3375819198970318],
    [-0.03877070754335598, 0.961971256613115],
    [14.614815209278145, 2223993.9394426476],
    [19.571837577052396, 316184852.5845181],
    [1.5855413218526342, 4.881933360578088],
    [0.01907941663645367, 1.019262591809952],
    [0.08869619903619816, 1.092748627807271],
    [5.23392704358556, 187.5277892169349],
    [12.652794670530003, 312635.94280120544],
    [4.389722337331935, 80.61803125485064],
    [8.476810946413371, 4802.111261862637],
],
    expm1: [
    [1, 1.7182818284590453],
    [-1, -0.6321205588285577],
    [1e-300, 1e-300],
    [-1e-10, -9.999999999500001e-11],
    [700.5, 1.6721859620674984e+304],
    [0.021412673990515784, 0.021643570385710527],
    [6.350938239722282e-09, 6.3509382598894904e-09],
    [4.9897618745537375, 145.90143835986854],
    [-3.0582175027231433e-09, -3.058217498046796e-09],
    [-0.02270518969598526, -0.022449366704142347],
    [0.03725721159949678, 0.03795996184852394],
    [-2.2988446437101887e-09, -2.2988446410678454e-09],
    [-1.4076638414171456, -0.7552856926783755],
    [6.797675311111006e-05, 6.797906358294431e-05],
    [-2.703417566752924e-08, -2.7034175302105916e-08],
    [0.028586441578983605, 0.028998955284686448],
    [0.0020665128917306138, 0.002068649601088769],
    [2.1721109224330375, 7.776791626163501],
    [8.623090168550995e-07, 8.623093886436267e-07],
],
};
for (let round = 0; round < 20; round++) for (const [name, rows] of Object.entries(tables)) for (const [x, want] of rows) {
    const got = Math[name](x);
    if (!(got === want || Math.abs(got - want) <= 1 * unit(want))) throw new Error(`${name}(${x}): expected ${want}, got ${got}`);
}
const exact = [[0, 1], [-0, 1], [Infinity, Infinity], [-Infinity, 0], [NaN, NaN], [709.782712893385, Infinity], [-745.1332191019412, 0], [-746, 0], [1e300, Infinity], [-1e300, 0], [5e-324, 1]];
for (let round = 0; round < 50; round++) for (const [x, want] of exact)
    if (!Object.is(Math.exp(x), want)) throw new Error(`exp(${x}): expected ${want}, got ${Math.exp(x)}`);
const exactLess1 = [[0, 0], [-0, -0], [Infinity, Infinity], [-Infinity, -1], [NaN, NaN], [-50, -1], [5e-324, 5e-324], [710, Infinity]];
for (let round = 0; round < 50; round++) for (const [x, want] of exactLess1)
    if (!Object.is(Math.expm1(x), want)) throw new Error(`expm1(${x}): expected ${want}, got ${Math.expm1(x)}`);
let last = 0;
for (let x = -700; x < 709; x += 0.73) {
    const y = Math.exp(x);
    if (!(y > last)) throw new Error(`exp does not grow at ${x}`);
    last = y;
}
