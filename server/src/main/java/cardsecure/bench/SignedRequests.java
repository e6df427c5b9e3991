package cardsecure.bench;

import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningText;
import cardsecure.signing.SigningTime;
import cardsecure.site.SigningForm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Signs requests in the encoded form, each with a reference of its own. Safe for threads.
final class SignedRequests {
    private static final int NAMES_LENGTH = "&ref=&time=&sig=".length();
    private static final int REF_LENGTH = 16;
    private static final int SIG_LENGTH = 64;

    /// How much longer a signature makes a query or a form.
    static final int HTTP_LENGTH = NAMES_LENGTH + REF_LENGTH + "2014-01-01T+00%3A00%3A01Z".length() + SIG_LENGTH;

    /// How much longer a signature makes a frame.
    static final int SOCKET_LENGTH = NAMES_LENGTH + REF_LENGTH + "2014-01-01T 00:00:01Z".length() + SIG_LENGTH;

    private record Clocked(long second, String raw, String encoded) {
        static Clocked at(Instant now) {
            String raw = SigningTime.format(now);
            return new Clocked(now.getEpochSecond(), raw, URLEncoder.encode(raw, StandardCharsets.UTF_8));
        }
    }

    private final RequestSigner signer;
    private final InstantSource clock;
    private final AtomicLong refs = new AtomicLong(RandomGenerator.getDefault().nextLong());
    private volatile Clocked time;

    SignedRequests(SecretBytes key, InstantSource clock) {
        this.signer = new RequestSigner(key);
        this.clock = clock;
        this.time = Clocked.at(clock.instant());
    }

    /// Signs the requests of an action, or none.
    static RequestTemplate.Signing forHttp(Optional<SignedRequests> signed, String action) {
        return signed.<RequestTemplate.Signing>map(there -> data -> there.parameters(action, data, true))
                .orElse(_ -> new byte[0]);
    }

    /// The same for frames.
    static RequestTemplate.Signing forSocket(Optional<SignedRequests> signed, String action) {
        return signed.<RequestTemplate.Signing>map(there -> data -> there.parameters(action, data, false))
                .orElse(_ -> new byte[0]);
    }

    private byte[] parameters(String action, byte[] data, boolean encoded) {
        String ref = HexFormat.of().toHexDigits(refs.incrementAndGet());
        Clocked now = now();
        SecretBytes text = SigningText.of(SigningForm.ENCODED, action, SecretBytes.owning(data), ref, now.raw());
        String sig = HexFormat.of().formatHex(signer.sign(text));
        return ("&ref=" + ref + "&time=" + (encoded ? now.encoded() : now.raw()) + "&sig=" + sig)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Clocked now() {
        Instant instant = clock.instant();
        Clocked last = time;
        if (last.second() != instant.getEpochSecond()) {
            last = Clocked.at(instant);
            time = last;
        }
        return last;
    }
}
