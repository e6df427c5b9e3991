import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs a request and prints its URL.
/// `java Sign.java KEY_FILE ACTION DATA [REF [TIME]]`; BASE in the environment says where the server is.
public final class Sign {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T' HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private Sign() {}

    static String sign(byte[] key, String action, String data, String ref, String time)
            throws GeneralSecurityException {
        String text = "action=" + form(action) + "&data=" + form(data) + "&ref=" + form(ref) + "&time=" + form(time);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] sig = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        return text + "&sig=" + HexFormat.of().formatHex(sig);
    }

    private static String form(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    public static void main(String[] arguments) throws Exception {
        byte[] key =
                HexFormat.of().parseHex(Files.readString(Path.of(arguments[0])).strip());
        String ref = arguments.length > 3 ? arguments[3] : random();
        String time = arguments.length > 4 ? arguments[4] : TIME.format(Instant.now());
        String base = Optional.ofNullable(System.getenv("BASE")).orElse("http://127.0.0.1:6080");
        System.out.println(base + "/cardsecure/cs?" + sign(key, arguments[1], arguments[2], ref, time));
    }
}
