package cardsecure.vault;

import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.CardRead;
import cardsecure.wallet.WalletPayload;
import cardsecure.wallet.WalletStep;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is kept beside a token for one use, as the JSON text (RFC 8259) that `TD` answers with. In bytes that are
/// overwritten, never in strings. Not safe for threads; made for one text.
final class ShortLivedJson {
    private static final DateTimeFormatter MMYY = DateTimeFormatter.ofPattern("MMuu", Locale.ROOT);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private byte[] bytes = new byte[512];
    private int length;

    private ShortLivedJson() {}

    /// Of a swiped, dipped or tapped card.
    static SecretBytes of(CardRead read) {
        ShortLivedJson json = new ShortLivedJson();
        json.put('{');
        json.text("source", "reader");
        json.text("entry", read.entryMode().name().toLowerCase(Locale.ROOT));
        json.text("expiry", read.expiry().mmyy());
        json.secret("track1", read.track1().map(TrackData::text));
        json.secret("track2", read.track2().map(TrackData::text));
        if (!read.emvTags().values().isEmpty()) {
            json.name("emv");
            json.put('{');
            for (Map.Entry<String, SecretBytes> tag : read.emvTags().values().entrySet()) {
                json.name(tag.getKey());
                json.put('"');
                for (byte b : tag.getValue().reveal()) {
                    json.put(HEX.toHighHexDigit(b));
                    json.put(HEX.toLowHexDigit(b));
                }
                json.put('"');
            }
            json.put('}');
        }
        json.text("ksn", read.source().ksn().hex());
        read.serialNumber().ifPresent(serial -> json.text("serial", serial));
        return json.end();
    }

    /// Of a wallet's payment.
    ///
    /// @param id which payment it is: Apple's transactionId in hex, or Google's messageId
    /// @throws cardsecure.error.Refusal `0024` if that is too long to be kept
    static SecretBytes of(WalletPayload payload, String id) {
        ShortLivedJson json = new ShortLivedJson();
        json.put('{');
        json.text("source", payload.wallet().label());
        json.text("id", id);
        json.text("expiry", MMYY.format(payload.expiry()));
        json.text("credential", payload.credential().label());
        json.secret("cryptogram", payload.cryptogram());
        payload.eci().ifPresent(eci -> json.text("eci", eci));
        json.secret("emv", payload.emv());
        json.secret("encryptedPin", payload.encryptedPin());
        payload.amount().ifPresent(amount -> json.number("amount", amount));
        payload.currency().ifPresent(currency -> json.text("currency", currency));
        SecretBytes text = json.end();
        if (text.length() > ShortLivedData.LENGTH_MAX) {
            text.destroy();
            throw WalletStep.CONTENT.refusal("more than " + ShortLivedData.LENGTH_MAX + " bytes would be kept");
        }
        return text;
    }

    private SecretBytes end() {
        put('}');
        SecretBytes exact = SecretBytes.copyOf(bytes, 0, length);
        Arrays.fill(bytes, (byte) 0);
        return exact;
    }

    private void text(String name, String value) {
        name(name);
        string(value.getBytes(StandardCharsets.UTF_8));
    }

    private void number(String name, long value) {
        name(name);
        for (char digit : Long.toString(value).toCharArray()) {
            put(digit);
        }
    }

    private void secret(String name, Optional<SecretBytes> value) {
        value.ifPresent(present -> {
            name(name);
            string(present.reveal());
        });
    }

    private void name(String name) {
        if (bytes[length - 1] != '{') {
            put(',');
        }
        string(name.getBytes(StandardCharsets.UTF_8));
        put(':');
    }

    /// UTF-8, in quotes.
    private void string(byte[] text) {
        put('"');
        for (byte b : text) {
            if (b == '"' || b == '\\') {
                put('\\');
                put((char) b);
            } else if (b >= 0 && b < ' ') {
                for (char c : String.format("\\u%04x", b).toCharArray()) {
                    put(c);
                }
            } else {
                put((char) (b & 0xFF));
            }
        }
        put('"');
    }

    private void put(char b) {
        if (length == bytes.length) {
            byte[] larger = Arrays.copyOf(bytes, 2 * length);
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        bytes[length] = (byte) b;
        length++;
    }
}
