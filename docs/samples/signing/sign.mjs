// Signs a request and prints its URL.
// node sign.mjs KEY_FILE ACTION DATA [REF [TIME]]; BASE in the environment says where the server is
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

function sign(key, action, data, ref, time) {
  // URLSearchParams encodes as forms do, and keeps the order.
  const text = new URLSearchParams([["action", action], ["data", data], ["ref", ref], ["time", time]]).toString();
  const sig = createHmac("sha256", key).update(text, "ascii").digest("hex");
  return `${text}&sig=${sig}`;
}

const now = () => new Date().toISOString().replace("T", "T ").replace(/\.\d+Z$/, "Z");
const [keyFile, action, data, ref = randomBytes(16).toString("hex"), time = now()] = process.argv.slice(2);
const key = Buffer.from(readFileSync(keyFile, "ascii").trim(), "hex");
const base = process.env.BASE ?? "http://127.0.0.1:6080";
console.log(`${base}/cardsecure/cs?${sign(key, action, data, ref, time)}`);
