// Runs the ABAP of the documents. Reads a request a line (JSON: action, data, params) and says what the class made of it; what
// the class calls is said too, and answered by the next line.
import readline from "node:readline";

await import("./output/init.mjs");

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (message) => process.stdout.write(JSON.stringify(message) + "\n");

const destination = {
  async call(name, signature) {
    const inputs = {};
    for (const [parameter, value] of Object.entries(signature.exporting ?? {})) {
      inputs[parameter.toUpperCase()] = value.get();
    }
    tell({ call: name, inputs, outputs: Object.keys(signature.importing ?? {}).map((each) => each.toUpperCase()) });
    const answer = JSON.parse((await lines.next()).value);
    if (answer.exception) {
      throw { classic: answer.exception, text: answer.text ?? "" };
    }
    for (const [parameter, value] of Object.entries(signature.importing ?? {})) {
      value.set(answer.outputs[parameter.toUpperCase()] ?? "");
    }
  },
};
// This runtime finds a destination by its name as it is held, with the blanks of its type.
abap.context.RFCDestinations["CARDSECURE".padEnd(32)] = destination;

const vault = new abap.Classes["ZCL_CARDSECURE"]();
await vault.constructor_({});
const text = (value) => new abap.types.String().set(value);
for (let next = await lines.next(); !next.done; next = await lines.next()) {
  const { action, data, params } = JSON.parse(next.value);
  const result = (await vault.call({ iv_action: text(action), iv_data: text(data), iv_params: text(params) })).get();
  const shown = {};
  for (const [name, value] of Object.entries(result)) {
    shown[name] = value.get().trimEnd();
  }
  tell({ result: shown });
}
