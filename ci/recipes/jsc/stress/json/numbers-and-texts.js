// about: parsing and printing of numbers and escapes, in narrow and wide sources, against tables.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
for (const [source, want] of [["0", 0], ["-0", -0], ["-0.0", -0], ["1e2", 100], ["1E+2", 100], ["1e-7", 1e-7], ["123456789012345678", 123456789012345680], ["2147483647", 2147483647], ["2147483648", 2147483648], ["-2147483648", -2147483648], ["4294967296", 4294967296], ["9007199254740993", 9007199254740992], ["0.1", 0.1], ["1e400", Infinity], ["-1e400", -Infinity], ["1e-400", 0], ["5e-324", 5e-324], ["true", true], ["null", null], [" \t\r\n1 ", 1], ["\"\"", ""], ["\"a\\u0041\\n\\/\\\\\\\"\"", "aA\n/\\\""], ["\"\\ud83d\\ude00\"", "\u{1F600}"], ["\"\\ud83d\"", "\ud83d"], ["\"\u2028\u00e9\u4e00\"", "\u2028\u00e9\u4e00"]])
    for (let i = 0; i < 60; i++) {
        same(JSON.parse(source), want, `parse ${source}`);
        same(JSON.parse(`[${source},"\u4e00"]`)[0], want, `parse ${source} in a wide text`);
        same(JSON.parse(`{"k":${source}}`).k, want, `parse ${source} as a property`);
    }
for (const bad of ["", "01", "1.", ".5", "+1", "1e", "0x1", "NaN", "Infinity", "'a'", "\"\n\"", "\"\\x41\"", "\"\\u12\"", "[1,]", "{\"a\":1,}", "{a:1}", "[", "{\"a\"", "1 2", "tru", "\u00a01", "\"", "undefined", "[1 2]", "--1", "-", "1n", "/**/1"]) { let e; try { JSON.parse(bad); } catch (x) { e = x; } if (!(e instanceof SyntaxError)) throw new Error(`parse ${JSON.stringify(bad)}: got ${e}`); }
for (const [value, want] of [[-0, "0"], [NaN, "null"], [Infinity, "null"], [1e21, "1e+21"], [0.1, "0.1"], ["\u0000\u001f\u007f\u0080\"\\/", '"\\u0000\\u001f\u007f\u0080\\"\\\\/"'], ["\b\f\n\r\t", '"\\b\\f\\n\\r\\t"'], ["\u2028", '"\u2028"'], ["\udc00\ud800", '"\\udc00\\ud800"'], [[undefined, () => 1, Symbol()], "[null,null,null]"], [{ a: undefined, b: () => 1, c: 1 }, '{"c":1}'], [new Date(0), '"1970-01-01T00:00:00.000Z"'], [new Number(3), "3"], [Object("s"), '"s"'], [new Boolean(false), "false"], [[], "[]"], [{}, "{}"], [[[]], "[[]]"], [new Map([[1, 2]]), "{}"], [{ toJSON: k => "k" + k }, '"k"'], [[{ toJSON: k => "k" + k }], '["k0"]'], [[, 1], "[null,1]"]])
    for (let i = 0; i < 20; i++) same(JSON.stringify(value), want, `stringify ${want}`);
same(JSON.stringify(undefined), undefined, "undefined");
same(JSON.stringify({ a: [1, { b: 2 }], c: "x" }, null, 2), '{\n  "a": [\n    1,\n    {\n      "b": 2\n    }\n  ],\n  "c": "x"\n}', "indented");
same(JSON.stringify([1, [2]], null, "\u2192").length, 17, "indented by a text");
same(JSON.stringify([1], null, 99), "[\n          1\n]", "at most ten");
same(JSON.stringify({ a: 1, b: { a: 2, c: 3 } }, ["a", "b"]), '{"a":1,"b":{"a":2}}', "list of names");
same(JSON.stringify({ a: 1, b: [2] }, (k, v) => (typeof v === "number" ? v * 10 : v)), '{"a":10,"b":[20]}', "replacer");
same(JSON.stringify(JSON.parse('{"a":[1,2,{"b":3}]}', function (k, v) { return Array.isArray(v) ? v.length : v; })), '{"a":3}', "reviver");
same(JSON.stringify(JSON.parse('{"a":1,"b":2}', (k, v) => (k === "a" ? undefined : v))), '{"b":2}', "reviver that deletes");
const o = JSON.parse('{"__proto__":1,"2":"two","1":"one","a":1,"a":2,"":3}');
same(Object.keys(o).join() + o.a + Object.getOwnPropertyDescriptor(o, "__proto__").value, "1,2,__proto__,a,21", "names");
const cyclic = { a: [] };
cyclic.a.push(cyclic);
let e;
try { JSON.stringify(cyclic); } catch (x) { e = x; }
same(e instanceof TypeError, true, "cycle");
