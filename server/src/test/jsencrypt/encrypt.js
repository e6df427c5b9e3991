// node encrypt.js pkcs1|oaep KEY TEXT...: a line of Base64 for each text, encrypted as a web page does it.
const loaded = require("jsencrypt");
const JSEncrypt = loaded.JSEncrypt || loaded.default || loaded;

const [padding, key, ...texts] = process.argv.slice(2);
const encryption = new JSEncrypt();
encryption.setPublicKey(key);
for (const text of texts) {
  // Its OAEP takes characters for bytes.
  const utf8 = unescape(encodeURIComponent(text));
  console.log(padding === "oaep" ? encryption.encryptOAEP(utf8) : encryption.encrypt(text));
}
