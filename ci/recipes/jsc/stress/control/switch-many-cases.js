// about: with hundreds of cases a switch becomes a deep tree of compares, whose branches may be out of short reach.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const wide = new Function("x", "switch (x) {" + Array.from({ length: 600 }, (_, i) => `case ${i * 3 - 900}: return ${i};`).join("") + "} return -1;");
for (let i = -1000; i < 1000; i++) same(wide(i), (i + 900) % 3 === 0 && i >= -900 && i < 900 ? (i + 900) / 3 : -1, "600 cases");
