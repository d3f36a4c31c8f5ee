// sharp's side of the bench of pictures: what `python -m bench.peers.pictures` does, in Node. Copied beside its packages.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

const SIZES = {
  instagram: [1080, 1350],
  x: [1600, 900],
  facebook: [2048, 1365],
  linkedin: [1200, 627],
  bluesky: [2000, 2000],
};
const QUALITY = 80;
const AT_A_TIME = 2;

const photos = process.argv.slice(2).map((file) => readFileSync(file));

const make = (photo) =>
  Promise.all(
    Object.values(SIZES).map(([width, height]) =>
      sharp(photo).rotate().resize(width, height).jpeg({ quality: QUALITY }).toBuffer({ resolveWithObject: true }),
    ),
  );

const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

const status = (field) =>
  1024 * Number(readFileSync("/proc/self/status", "utf8").match(new RegExp(`^${field}:\\s+(\\d+)`, "m"))[1]);

const first = await make(photos[0]);
const sizes = Object.keys(SIZES).map((name, at) => [name, [first[at].info.width, first[at].info.height, first[at].data.length]]);
say({ version: `${sharp.versions.sharp} with libvips ${sharp.versions.vips} on Node ${process.versions.node}`, sizes: Object.fromEntries(sizes) });

let next = 0;
for await (const line of createInterface({ input: process.stdin })) {
  let left = Number(line);
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const worker = async () => {
    while (left-- > 0) await make(photos[next++ % photos.length]);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const used = process.cpuUsage(cpu);
  say({
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
    cpu_seconds: (used.user + used.system) / 1e6,
    resident_bytes: status("VmRSS"),
    peak_bytes: status("VmHWM"),
  });
}
