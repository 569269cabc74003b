// Compiles frontend/ into tracker/static/. Run: npm install && npm run build
import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = import.meta.dirname;
const modules = join(here, "node_modules");
const target = join(here, "..", "tracker", "static");

for (const folder of ["css", "js", "fonts"]) await mkdir(join(target, folder), { recursive: true });

const style = sass.compile(join(here, "scss", "tracker.scss"), {
  style: "compressed",
  loadPaths: [modules],
  quietDeps: true,
});
await writeFile(join(target, "css", "tracker.css"), style.css + "\n");

await esbuild.build({
  entryPoints: [join(here, "js", "tracker.mjs")],
  outfile: join(target, "js", "tracker.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  banner: { js: "/* GOV.UK Frontend components, MIT, Crown copyright: see docs/licences.md */" },
  nodePaths: [modules],
});

// Latin for the four languages; latin-ext only loads when a page holds such a letter (Guaraní, for one).
const fonts = join(modules, "@fontsource-variable", "public-sans");
for (const name of ["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal"]) {
  await copyFile(join(fonts, "files", `public-sans-${name}.woff2`), join(target, "fonts", `public-sans-${name}.woff2`));
}
await copyFile(join(fonts, "LICENSE"), join(target, "fonts", "OFL.txt"));

for (const file of ["css/tracker.css", "js/tracker.js"]) {
  console.log(file, (await stat(join(target, file))).size);
}
