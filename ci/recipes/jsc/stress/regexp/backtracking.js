// about: greedy, lazy and nested quantifiers; the compiler and the interpreter of expressions keep their own stacks, whose
// frames differ by word size.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const cases = [
    ["(a+)(a+)(a+)", "aaaaaa", "aaaaaa,aaaa,a,a"], ["(a+?)(a+?)(a+)", "aaaaaa", "aaaaaa,a,a,aaaa"], ["^(a|ab)(c|bcd)(d*)$", "abcd", "abcd,a,bcd,"],
    ["(?:(a)|b)*", "ab", "ab,"], ["(z)((a+)?(b+)?(c))*", "zaacbbbcac", "zaacbbbcac,z,ac,a,,c"], ["(a*)*", "b", ","], ["(?=(a+))a*b\\1", "baaabac", "aba,a"],
    ["(.*?)a(?!(a+)b\\2c)\\2(.*)", "baaabaac", "baaabaac,ba,,abaac"], ["((a)|b){2,3}?c", "abac", "abac,a,a"], ["a{2,4}", "aaaaaa", "aaaa"], ["a{2,4}?", "aaaaaa", "aa"],
    ["(\\w+)\\s+\\1", "the the cat", "the the,the"], ["(?:a|ab|abc)*d", "abcababcd", "abcababcd"], ["x*", "aaa", ""], ["(?:x|y?)*z", "xyz", "xyz"], ["^(?:(\\d+)x)?\\s*(\\d+)$", "12x 34", "12x 34,12,34"],
    ["^(?:(\\d+)x)?\\s*(\\d+)$", "34", "34,,34"], ["(a?b??)*", "ab", "ab,b"], ["(?:)|a", "a", ""], ["(a{0,2}){3}b", "aaaaab", "aaaaab,a"], ["(aa|aabaac|ba|b|c)*", "aabaac", "aaba,ba"],
    ["\\b\\w{5}\\b", "one three five", "three"], ["[^]*?end", "be\nend end", "be\nend"], ["(?<!\\d)\\d{2}(?!\\d)", "123 45 6", "45"], ["(a|b)*?c(\\1)", "abcb", "abcb,b,b"],
];
for (let round = 0; round < 40; round++) for (const [source, input, want] of cases) {
    const m = new RegExp(source).exec(input);
    if (!m || m.join() !== want) throw new Error(`/${source}/ on ${input}: expected ${want}, got ${m}`);
}
const hot = cases.map(([source, input, want]) => [new RegExp(source), input, want]);
for (let i = 0; i < 200; i++) for (const [re, input, want] of hot) if (re.exec(input).join() !== want) throw new Error(`${re} when hot: expected ${want}, got ${re.exec(input)}`);
same(/^(a+)+$/.test("a".repeat(18) + "b"), false, "exponential but short");
same(/(x+x+)+y/.test("x".repeat(16)), false, "another");
same(/^(?:a?){15}a{15}$/.test("a".repeat(15)), true, "optional before required");
same(/(?:ab?)*c/.exec("ab".repeat(2000) + "c")[0].length, 4001, "long repetition");
same(/^(?:.|\n)*$/.test("x".repeat(3000)), true, "alternatives in a star");
same(/a.*b.*c.*d/.exec("a" + "-".repeat(1000) + "bcd")[0].length, 1004, "dots over a long gap");
same("aBc".replace(/b/i, "x"), "axc", "ignore case");
let depth = "";
for (let i = 0; i < 60; i++) depth = "(?:" + depth + "a)?";
same(new RegExp("^" + depth + "$").test("a".repeat(60)), true, "sixty nested groups");
const many = Array.from({ length: 120 }, (_, i) => `(${String.fromCharCode(97 + i % 26)})?`).join("");
same(new RegExp(many).exec("abcz").slice(1, 5).join(), "a,b,c,", "120 groups");
same(new RegExp(Array.from({ length: 300 }, (_, i) => "w" + i).reverse().join("|")).exec("xw299w3")[0], "w299", "300 alternatives");
