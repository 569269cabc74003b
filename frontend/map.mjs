// Draws the map of the Americas once, from Natural Earth's 1:50m countries, into tracker/web/map_geometry.json.
// Run: npm install && npm run map. Every State a reader may look for is there: the small ones as circles, the
// Eastern Caribbean again in an inset. Land of nobody on the list is drawn faintly and never named.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { geoArea, geoAzimuthalEqualArea, geoCentroid, geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const here = import.meta.dirname;
const source = join(here, "node_modules", "world-atlas", "countries-50m.json");
const target = join(here, "..", "tracker", "web", "map_geometry.json");

const MEMBERS = {
  "028": "ag", "032": "ar", "044": "bs", "052": "bb", "084": "bz", "068": "bo", "076": "br", "124": "ca", "152": "cl",
  "170": "co", "188": "cr", "192": "cu", "212": "dm", "214": "do", "218": "ec", "222": "sv", "308": "gd", "320": "gt",
  "328": "gy", "332": "ht", "340": "hn", "388": "jm", "484": "mx", "558": "ni", "591": "pa", "600": "py", "604": "pe",
  "659": "kn", "662": "lc", "670": "vc", "740": "sr", "780": "tt", "840": "us", "858": "uy", "862": "ve",
};
const EASTERN_CARIBBEAN = ["ag", "bb", "dm", "gd", "kn", "lc", "vc", "tt"];
const INSET = { west: -63.6, east: -58.9, south: 9.9, north: 18.3 };
const WIDTH = 6400; // tenths of a pixel, so that whole numbers are exact enough
const SMALL = 2500; // below this area a State is drawn as a circle
const LARGE = 1e-3; // sr: only States above this lose detail, and their islands below TINY
const TINY = 2e-5;

const world = JSON.parse(await readFile(source, "utf8"));
const fine = feature(world, world.objects.countries).features;
const coarse = feature(simplify(presimplify(world), 0.01), world.objects.countries).features;

const inTheAmericas = (polygon) => {
  const [lon, lat] = geoCentroid({ type: "Polygon", coordinates: polygon });
  return lon > -170 && lon < -30 && lat > -60;
};
const polygons = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);
const areaOf = (polygon) => geoArea({ type: "Polygon", coordinates: polygon });

function shape(index) {
  const whole = fine[index];
  const large = geoArea(whole) > LARGE;
  let parts = polygons((large ? coarse : fine)[index].geometry).filter(inTheAmericas);
  if (large) parts = parts.filter((part) => { const area = areaOf(part); return area > TINY && area < 6; });
  return { type: "MultiPolygon", coordinates: parts };
}

const members = {};
const others = [];
for (const [index, country] of fine.entries()) {
  const iso2 = MEMBERS[country.id];
  const geometry = shape(index);
  if (!geometry.coordinates.length) continue;
  if (iso2) members[iso2] = geometry;
  else others.push(geometry);
}

const frame = { type: "GeometryCollection", geometries: Object.values(members) };
const projection = geoAzimuthalEqualArea().rotate([88, -14]).fitWidth(WIDTH - 80, frame);
const [[left, top]] = geoPath(projection).bounds(frame);
projection.translate([projection.translate()[0] - left + 40, projection.translate()[1] - top + 40]);
const path = geoPath(projection).digits(0);
const height = Math.ceil(path.bounds(frame)[1][1] + 40);

const round = Math.round;

// "M10,20L12,21L13,25Z" as "M10,20l2,1,1,4z": half the bytes.
function relative(d) {
  let out = "";
  for (const ring of d.split("M").filter(Boolean)) {
    const points = ring.replace("Z", "").split("L").map((pair) => pair.split(",").map(Number));
    let [x, y] = points[0];
    const steps = [];
    for (const [px, py] of points.slice(1)) {
      if (px === x && py === y) continue;
      steps.push(px - x, py - y);
      [x, y] = [px, py];
    }
    if (steps.length < 4) continue;
    out += `M${points[0]}l${steps.join(" ").replaceAll(" -", "-")}z`;
  }
  return out;
}

const states = {};
for (const [iso2, geometry] of Object.entries(members).sort()) {
  const [x, y] = path.centroid(geometry);
  const entry = { x: round(x), y: round(y) };
  if (path.area(geometry) < SMALL) entry.r = 45;
  else entry.d = relative(path(geometry));
  states[iso2] = entry;
}

// The inset, in its own box in the open Pacific.
const box = { x: 300, y: 3830, width: 1850, height: 0 };
const mercator = geoMercator();
const corners = { type: "MultiPoint", coordinates: [[INSET.west, INSET.south], [INSET.east, INSET.north]] };
mercator.fitWidth(box.width, corners);
const [[insetLeft, insetTop], [, insetBottom]] = geoPath(mercator).bounds(corners);
mercator.translate([mercator.translate()[0] - insetLeft, mercator.translate()[1] - insetTop]);
box.height = Math.ceil(insetBottom - insetTop);
const insetPath = geoPath(mercator).digits(0);
const inset = { ...box, states: {} };
for (const iso2 of EASTERN_CARIBBEAN) {
  const [x, y] = insetPath.centroid(members[iso2]);
  inset.states[iso2] = { x: round(x), y: round(y) };
  if (insetPath.area(members[iso2]) > 10 * SMALL) inset.states[iso2].d = relative(insetPath(members[iso2]));
  else inset.states[iso2].r = 80;
}
const corner = [projection([INSET.west, INSET.north]), projection([INSET.east, INSET.south])].flat().map(round);

// Other land inside the picture only, so that nothing far away is carried along.
projection.clipExtent([[0, 0], [WIDTH, height]]);
const land = relative(path({ type: "GeometryCollection", geometries: others }) ?? "");

const missing = Object.values(MEMBERS).filter((iso2) => !states[iso2]);
if (missing.length) throw new Error(`not in the source: ${missing}`);
await writeFile(target, JSON.stringify({ width: WIDTH, height, land, states, inset, marked: corner }) + "\n");
console.log("map_geometry.json", (await stat(target)).size, `${WIDTH}x${height}`, JSON.stringify(box), corner);
console.log("circles:", Object.keys(states).filter((k) => states[k].r).join(" "), "land:", land.length);
