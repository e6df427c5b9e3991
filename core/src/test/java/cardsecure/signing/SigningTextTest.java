package cardsecure.signing;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.site.SigningForm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTextTest {
    private static final String TIME = "2014-01-01T 00:00:01Z";

    @Test
    void theGuidesRequestIsSignedAsItsUrlHasIt() {
        assertThat(text(SigningText.of(SigningForm.ENCODED, "CE", secret(TestCards.VISA), "1234", TIME)))
                .isEqualTo("action=CE&data=" + TestCards.VISA + "&ref=1234&time=2014-01-01T+00%3A00%3A01Z");
        assertThat(text(SigningText.of(SigningForm.DECODED, "CE", secret(TestCards.VISA), "1234", TIME)))
                .isEqualTo("action=CE&data=" + TestCards.VISA + "&ref=1234&time=2014-01-01T 00:00:01Z");
    }

    /// The JDK's encoder of forms was written by others.
    @ParameterizedTest
    @ValueSource(strings = {"", "a&b=c+d e", "*-._~!'()/", "José \u20ac \ud83d\ude00", "%2B", "\u0000\t\r\n\u007f"})
    void theEncodedFormIsThatOfForms(String value) {
        assertThat(text(SigningText.of(SigningForm.ENCODED, "PE", secret(value), value, TIME)))
                .isEqualTo("action=PE&data=" + form(value) + "&ref=" + form(value) + "&time=" + form(TIME));
        assertThat(text(SigningText.of(SigningForm.DECODED, "PE", secret(value), value, TIME)))
                .isEqualTo("action=PE&data=" + value + "&ref=" + value + "&time=" + TIME);
    }

    @Test
    void everyCharacterIsEncodedAsByTheJdk() {
        Seeded.forAll(500, random -> {
            String value = random.ints(random.nextInt(60), 1, 0x11000)
                    .filter(Character::isDefined)
                    .filter(c -> !Character.isSurrogate((char) c) || c > 0xffff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(text(SigningText.of(SigningForm.ENCODED, "PE", secret(value), value, TIME)))
                    .isEqualTo("action=PE&data=" + form(value) + "&ref=" + form(value) + "&time=" + form(TIME));
        });
    }

    /// Of pieces that could be taken for the text's own, no two requests have one text, in either form, but for
    /// those that are ambiguous and so refused.
    @Test
    void noTwoRequestsHaveOneText() {
        String[] pieces = {"&", "ref=", "&ref=", "&time=", "data=", "&data=", "=", "a", "&re", "f="};
        for (SigningForm form : SigningForm.values()) {
            Map<String, String> seen = new HashMap<>();
            Seeded.forAll(20_000, random -> {
                String data = drawn(random, pieces);
                String ref = drawn(random, pieces);
                if (!SigningText.isAmbiguous(form, ref)) {
                    String request = data + " | " + ref;
                    String signed = text(SigningText.of(form, "CE", secret(data), ref, TIME));
                    assertThat(seen.getOrDefault(signed, request)).isEqualTo(request);
                    seen.put(signed, request);
                }
            });
        }
        assertThat(SigningText.isAmbiguous(SigningForm.DECODED, "1&ref=2")).isTrue();
        assertThat(SigningText.isAmbiguous(SigningForm.ENCODED, "1&ref=2")).isFalse();
    }

    private static String drawn(RandomGenerator random, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(5); left > 0; left--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String form(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
