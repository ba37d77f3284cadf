// about: a small stack machine and an expression parser: dispatch by switch, tables of functions, and mixed values on a stack.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const OPS = "push add sub mul div lt jz jmp load store dup swap call ret print halt".split(" ");
const assemble = source => { const labels = {}, code = []; for (const line of source.trim().split("\n")) { const [op, arg] = line.trim().split(/\s+/); if (op.endsWith(":")) labels[op.slice(0, -1)] = code.length; else code.push([OPS.indexOf(op), arg]); } return code.map(([op, arg]) => [op, arg === undefined ? 0 : arg in labels ? labels[arg] : Number(arg)]); };
function run(code) {
    const stack = [], memory = new Float64Array(16), calls = [], out = [];
    for (let pc = 0, steps = 0; ; steps++) {
        if (steps > 200000) throw new Error("runaway program");
        const [op, arg] = code[pc++];
        switch (op) {
        case 0: stack.push(arg); break;
        case 1: stack.push(stack.pop() + stack.pop()); break;
        case 2: { const b = stack.pop(); stack.push(stack.pop() - b); break; }
        case 3: stack.push(stack.pop() * stack.pop()); break;
        case 4: { const b = stack.pop(); stack.push(stack.pop() / b); break; }
        case 5: { const b = stack.pop(); stack.push(stack.pop() < b ? 1 : 0); break; }
        case 6: if (!stack.pop()) pc = arg; break;
        case 7: pc = arg; break;
        case 8: stack.push(memory[arg]); break;
        case 9: memory[arg] = stack.pop(); break;
        case 10: stack.push(stack[stack.length - 1]); break;
        case 11: { const b = stack.pop(), a = stack.pop(); stack.push(b, a); break; }
        case 12: calls.push(pc); pc = arg; break;
        case 13: pc = calls.pop(); break;
        case 14: out.push(stack.pop()); break;
        case 15: return out;
        default: throw new Error(`bad opcode ${op}`);
        }
    }
}
const sum = assemble(`
    push 0
    store 0
    push 1
    store 1
    loop:
    load 1
    push 10000
    lt
    jz end
    load 0
    load 1
    add
    store 0
    load 1
    push 1
    add
    store 1
    jmp loop
    end:
    load 0
    print
    halt`);
same(run(sum)[0], 49995000, "sum by the machine");
const factorial = assemble(`
    push 20
    call fact
    print
    push 1
    push 3
    div
    print
    halt
    fact:
    dup
    push 2
    lt
    jz more
    ret
    more:
    dup
    push 1
    sub
    call fact
    mul
    ret`);
same(run(factorial).join(), "2432902008176640000,0.3333333333333333", "recursion by the machine");
function parse(source) {
    const tokens = source.match(/\d+\.?\d*|[-+*\/^()]|[a-z]+/g);
    let i = 0;
    const primary = () => { const t = tokens[i++]; if (t === "(") { const e = expression(0); i++; return e; } if (t === "-") return { op: "neg", a: expression(3) }; if (/[a-z]/.test(t)) { if (tokens[i] === "(") { i++; const a = expression(0); i++; return { op: "call", f: t, a }; } return { op: "var", name: t }; } return { op: "num", v: Number(t) }; };
    const levels = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4 };
    const expression = min => { let a = primary(); for (;;) { const op = tokens[i], level = levels[op]; if (!level || level < min) return a; i++; a = { op, a, b: expression(op === "^" ? level : level + 1) }; } };
    return expression(0);
}
const evaluate = (n, env) => { switch (n.op) { case "num": return n.v; case "var": return env[n.name]; case "neg": return -evaluate(n.a, env); case "call": return Math[n.f](evaluate(n.a, env)); case "+": return evaluate(n.a, env) + evaluate(n.b, env); case "-": return evaluate(n.a, env) - evaluate(n.b, env); case "*": return evaluate(n.a, env) * evaluate(n.b, env); case "/": return evaluate(n.a, env) / evaluate(n.b, env); default: return evaluate(n.a, env) ** evaluate(n.b, env); } };
const compile = n => n.op === "num" ? () => n.v : n.op === "var" ? e => e[n.name] : n.op === "neg" ? (f => e => -f(e))(compile(n.a)) : n.op === "call" ? (f => e => Math[n.f](f(e)))(compile(n.a)) : ((f, g) => ({ "+": e => f(e) + g(e), "-": e => f(e) - g(e), "*": e => f(e) * g(e), "/": e => f(e) / g(e), "^": e => f(e) ** g(e) })[n.op])(compile(n.a), compile(n.b));
for (const [source, want] of [["1+2*3", 7], ["(1+2)*3", 9], ["2^3^2", 512], ["-2^2", -4], ["8/4/2", 1], ["10-4-3", 3], ["x*x-y", 22.5], ["sqrt(16)+abs(-3)", 7], ["--5", 5], ["0.1+0.2", 0.30000000000000004], ["floor(x/2)*2147483647", 4294967294]]) {
    const tree = parse(source), f = compile(tree), env = { x: 5, y: 2.5 };
    for (let i = 0; i < 300; i++) { same(evaluate(tree, env), want, `${source} by the tree`); same(f(env), want, `${source} by closures`); }
}
