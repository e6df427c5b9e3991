package cardsecure.protocol;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.token.Token;
import cardsecure.vault.Action;
import cardsecure.vault.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
    private static final FrameHeader FRAMED = FrameHeader.usual(FrameDialect.FRAMED);
    private static final FrameHeader BARE = new FrameHeader(FrameDialect.BARE, "t\u00ff 1", "k0\u0000");

    @Test
    void anErrorIsTheGuidesSample() {
        assertThat(encoded(FRAMED, new Reply.Refused(ErrorCode.DATA_NOT_FOUND, "0123456789")))
                .isEqualTo("FF0031ER01;;;;   0049::Data not found");
    }

    @Test
    void aReplyHasTheDialectTheTraceAndTheKeyIdOfItsRequest() {
        Reply reply = new Reply.Tokenized(Action.CE, new Token("9441149619831111"));

        assertThat(encoded(FRAMED, reply)).isEqualTo("FF0027CE01;;;;   9441149619831111");
        assertThat(encoded(BARE, reply)).isEqualTo("0025CEt\u00ff 1k0\u00009441149619831111");
    }

    @Test
    void theKeyThatWasUsedStandsInTheKeyIdField() {
        assertThat(encoded(FRAMED, new Reply.Encrypted(Action.EC, "E02", "E02abc")))
                .isEqualTo("FF0017EC01;;;;E02E02abc");
        assertThat(encoded(BARE, new Reply.Decrypted(Action.DE, "E01", secret(TestCards.VISA))))
                .isEqualTo("0025DEt\u00ff 1E01" + TestCards.VISA);
        assertThat(encoded(BARE, new Reply.Refused(ErrorCode.KEY_ID_NOT_FOUND, "")))
                .isEqualTo("0031ERt\u00ff 1k0\u00000012::Key ID not found");
    }

    @Test
    void theLengthCountsBytes() {
        assertThat(encoded(FRAMED, new Reply.Revealed(Action.PD, secret("M\u00fcller"))))
                .isEqualTo("FF0018PD01;;;;   M\u00c3\u00bcller");
        assertThat(encoded(FRAMED, new Reply.Told(Action.CV, "\u00e9"))).startsWith("FF0013CV");
    }

    @Test
    void whatOnlyHttpCanSayHasTheNearestCode() {
        assertThat(encoded(FRAMED, new Reply.CredentialsNeeded("")))
                .isEqualTo("FF0034ER01;;;;   0047::Unauthorized host");
        assertThat(encoded(FRAMED, new Reply.TooManyRequests("", Duration.ZERO)))
                .isEqualTo("FF0030ER01;;;;   0043::Server failed");
        assertThat(encoded(FRAMED, new Reply.Overloaded(""))).isEqualTo("FF0030ER01;;;;   0043::Server failed");
    }

    @Test
    void whatNoFrameCanHoldIsNotEncoded() {
        assertThat(encoded(FRAMED, told(9_999 - 11))).startsWith("FF9999HI");
        assertThat(FrameEncoder.encode(FRAMED, told(9_999 - 10))).isEmpty();
        assertThat(encoded(BARE, told(9_999 - 9))).startsWith("9999HI");
        assertThat(FrameEncoder.encode(BARE, told(9_999 - 8))).isEmpty();
    }

    @Test
    void aReplyReadsAsAFrameOfTheSameDialect() {
        for (FrameHeader header : new FrameHeader[] {FRAMED, BARE}) {
            byte[] frame = FrameEncoder.encode(header, told(300)).orElseThrow();
            FrameDecoder decoder = new FrameDecoder(FrameDecoder.LENGTH_MAX);
            decoder.space().put(frame);
            assertThat(decoder.next()).isInstanceOf(FrameDecoder.Frame.class);
            assertThat(decoder.isEmpty()).isTrue();
        }
    }

    @Test
    void aHeaderHasFourBytesAndThreeAndDoesNotPrintThem() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameHeader(FrameDialect.BARE, "abc", "   "));
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameHeader(FrameDialect.BARE, "abcd", ""));
        assertThat(new FrameHeader(FrameDialect.BARE, "4111", "111")).asString().doesNotContain("4111", "111");
    }

    private static Reply told(int length) {
        return new Reply.Told(Action.HI, "x".repeat(length));
    }

    private static String encoded(FrameHeader header, Reply reply) {
        return new String(FrameEncoder.encode(header, reply).orElseThrow(), StandardCharsets.ISO_8859_1);
    }
}
