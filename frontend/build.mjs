// Bundles the page modules and makes the shapes of maps: node build.mjs [FOLDER]

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import mexico from "@svg-maps/mexico";
import { geoPath } from "d3-geo";
import { build } from "esbuild";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "src", "convenio", "web", "assets");
const find = createRequire(import.meta.url).resolve;

// INEGI's codes of the Mexican states, by the last part of their ISO 3166-2 code
const INEGI = {
  agu: "01", bcn: "02", bcs: "03", cam: "04", coa: "05", col: "06", chp: "07", chh: "08", cmx: "09", dif: "09", dur: "10",
  gua: "11", gro: "12", hid: "13", jal: "14", mex: "15", mic: "16", mor: "17", nay: "18", nle: "19", oax: "20", pue: "21",
  que: "22", roo: "23", slp: "24", sin: "25", son: "26", tab: "27", tam: "28", tla: "29", ver: "30", yuc: "31", zac: "32",
};

async function unitedStates(file, object) {
  const topology = JSON.parse(await readFile(find(`us-atlas/${file}.json`), "utf8"));
  const path = geoPath(null).digits(1);
  const shapes = feature(topology, topology.objects[object]).features.map((each) => ({
    id: each.id,
    name: each.properties.name,
    path: path(each) ?? "",
  }));
  return { width: 975, height: 610, source: "us-atlas 3.0.1, from the US Census Bureau (ISC)", shapes };
}

function mexicanStates() {
  const [, , width, height] = mexico.viewBox.split(" ").map(Number);
  const shapes = mexico.locations.map(({ id, name, path }) => {
    if (!INEGI[id]) throw new Error(`no INEGI code for ${id}`);
    return { id: INEGI[id], name, path: path.replace(/(\.\d{2})\d+/g, "$1") };
  });
  return { width, height, source: "@svg-maps/mexico 2.0.0 (CC BY 4.0)", shapes };
}

await mkdir(out, { recursive: true });
const made = {
  "us-states": await unitedStates("states-albers-10m", "states"),
  "us-counties": await unitedStates("counties-albers-10m", "counties"),
  "mx-states": mexicanStates(),
};
for (const [name, shapes] of Object.entries(made)) {
  await writeFile(join(out, `${name}.shapes.json`), JSON.stringify(shapes));
}
await build({
  entryPoints: [join(here, "src", "graph.js")],
  outdir: out,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "linked",
});
