// about: assertions that run backwards; compilers read characters at negative offsets, in two widths.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const cases = [
    [/(?<=\$)\d+/, "cost $42", "42"], [/(?<!\$)\b\d+/, "cost $42 or 17", "17"], [/(?<=(\d+)(\d+))$/, "1053", ",1,053"], [/(?<=\1(a))b/, "aab", "b,a"],
    [/(?<=^|,)[^,]*$/, "a,b,c", "c"], [/(?<=(?<a>\w){3})f/, "abcdef", "f,c"], [/(?<=(?:ab){2})c/, "ababc", "c"], [/(?<!ab)c/, "abcxc", "c"],
    [/(?=(a*))\1b/, "aaab", "aaab,aaa"], [/(?!foo)...$/, "foobar", "bar"], [/(?<=a(?=b))b/, "ab", "b"], [/(?<=(?<!x)y)z/, "xyz yz", "z"], [/(?<=\u4e00)a/, "\u4e00a", "a"],
    [/(?<=[\u{1F600}-\u{1F64F}])!/u, "\u{1F603}!", "!"], [/(?<!\u{1F600})!/u, "\u{1F600}!x!", "!"], [/\b(?=\w{4}\b)\w+/, "one four three", "four"], [/(?<=\b)x/, "ax x", "x"],
    [/(?<=([^f]|f)*)g/, "abcg", "g,a"], [/(?<=^[a-c]{3})def$/, "abcdef", "def"], [/(?<=\d{2,}?)x/, "1234x", "x"], [/^(?!.*(.).*\1)[a-z]+$/, "abcdef", "abcdef,"],
];
for (let round = 0; round < 60; round++) for (const [re, input, want] of cases) {
    const m = re.exec(input);
    if (!m || m.join() !== want) throw new Error(`${re} on ${input}: expected ${want}, got ${m}`);
}
same(/^(?!.*(.).*\1)[a-z]+$/.test("abcdea"), false, "a letter twice");
same("1234567.891".replace(/\B(?=(\d{3})+(?!\d)\.)/g, ","), "1,234,567.891", "thousands");
same("camelCaseString".split(/(?=[A-Z])/).join("_"), "camel_Case_String", "split before capitals");
same("a1b2c3".split(/(?<=\d)/).join("|"), "a1|b2|c3", "split after digits");
same("aXbxc".match(/(?<=x)./gi).join(), "b,c", "look behind without case");
same(/(?<=\n)b$/m.test("a\nb\nc"), true, "look behind over lines");
same("  x  ".replace(/^\s+|(?<=\S)\s+$/g, ""), "x", "trim");
same((/(?<!^)a/g[Symbol.replace])("aaa", "-"), "a--", "not at the start");
const wide = ("ab".repeat(300) + "\u4e00").match(/(?<=b)a/g);
same(wide.length, 299, "look behind in a wide string");
same("ab".repeat(300).match(/(?<=b)a/g).length, 299, "look behind in a narrow string");
