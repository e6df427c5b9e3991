package cardsecure.swipe;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.card.Luhn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is card data that nobody encrypted, and what is a reader's mask of zeros. Masks are told from cards by their
/// zeros alone, so each case tries some thousand.
class ClearTracksTest {
    private static final int SEEDS = 20;
    private static final int NUMBERS = 500;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String digits(Random random, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    /// A BIN, zeros, last four digits: as they are, or with one digit that makes the whole pass Luhn's check, or any.
    private static List<String> masks(Random random, int length) {
        String bin = (1 + random.nextInt(8)) + digits(random, 5);
        String last = digits(random, 4);
        String plain = bin + "0".repeat(length - 10) + last;
        char[] corrected = plain.toCharArray();
        int at = 6 + random.nextInt(length - 10);
        for (char digit = '0'; !Luhn.isValid(bytes(new String(corrected))) && digit <= '9'; digit++) {
            corrected[at] = digit;
        }
        char[] any = plain.toCharArray();
        any[at] = (char) ('0' + random.nextInt(10));
        return List.of(plain, new String(corrected), new String(any));
    }

    @Test
    void aMaskOfZerosIsNoTrackWhateverItShows() {
        for (int length : new int[] {14, 15, 16, 19}) {
            Seeded.forAll(SEEDS, random -> {
                for (int i = 0; i < NUMBERS; i++) {
                    for (String mask : masks(random, length)) {
                        for (String track : List.of(
                                ";" + mask + "=29112010000?",
                                "%B" + mask + "^DOE/J^2911201?",
                                mask + "D2911",
                                ";01" + mask + "=29112010000?")) {
                            assertThat(ClearTracks.hasTrack(bytes(track)))
                                    .as(track)
                                    .isFalse();
                        }
                        for (String track : List.of(";" + mask + "=1?", "+" + mask + "=1?", ";01" + mask + "=1?")) {
                            assertThat(ClearTracks.isPanInMaskedTrack3(bytes(track)))
                                    .as(track)
                                    .isFalse();
                        }
                    }
                }
            });
        }
    }

    /// @param first how many digits stand before `middle`
    private static String card(Random random, int first, String middle, int length) {
        String begin = (1 + random.nextInt(8)) + digits(random, first - 1) + middle;
        byte[] card = bytes(begin + digits(random, length - begin.length()));
        card[length - 1] = Luhn.checkDigit(card, length - 1);
        return new String(card, StandardCharsets.US_ASCII);
    }

    private static void requireFound(String card) {
        for (String track : List.of(";" + card + "=2911?", "%B" + card + "^DOE/J^2911?", ";01" + card + "=2911?")) {
            assertThat(ClearTracks.hasTrack(bytes(track))).isTrue();
        }
        for (String track : List.of(";" + card + "=1?", ";01" + card + "=1?", "+" + card + "=1?")) {
            assertThat(ClearTracks.isPanInMaskedTrack3(bytes(track))).isTrue();
            assertThat(ClearTracks.isPanInTrack3(bytes(track))).isTrue();
        }
    }

    @Test
    void aTrackInClearIsOneWhateverItsNumber() {
        for (int length : new int[] {12, 13, 14, 15, 16, 19}) {
            Seeded.forAll(SEEDS, random -> {
                for (int i = 0; i < NUMBERS; i++) {
                    // Middle digits of which none is 0: hidden is nothing.
                    String middle = digits(random, length - 10).replace('0', '7');
                    requireFound(card(random, 6, middle, length));
                }
            });
        }
        List.of(
                        TestCards.VISA,
                        TestCards.VISA_13,
                        TestCards.MASTERCARD,
                        TestCards.AMEX,
                        TestCards.DINERS,
                        TestCards.JCB)
                .forEach(ClearTracksTest::requireFound);
    }

    /// With its format code it is as long as a mask, and has as many zeros where a mask has them.
    @Test
    void aShortNumberWithZerosIsFoundBehindItsFormatCode() {
        requireFound(TestCards.MAESTRO_12);
        requireFoundBehind("95", TestCards.MAESTRO_12);
        for (int code = 0; code < 100; code = code == 9 ? 90 : code + 1) {
            String digits = String.format(Locale.ROOT, "%02d", code);
            Seeded.forAll(SEEDS, random -> {
                for (int length : new int[] {12, 13}) {
                    char[] middle = "0".repeat(length - 8).toCharArray();
                    middle[random.nextInt(middle.length)] = (char) ('0' + random.nextInt(10));
                    requireFoundBehind(digits, card(random, 4, new String(middle), length));
                }
            });
        }
    }

    @Test
    void aNumberThatHidesNothingIsFoundBehindAnyFormatCode() {
        for (int code = 0; code < 100; code++) {
            String digits = String.format(Locale.ROOT, "%02d", code);
            Seeded.forAll(SEEDS, random -> {
                for (int length = 12; length <= 19; length++) {
                    String middle = digits(random, length - 10).replace('0', '7');
                    requireFoundBehind(digits, card(random, 6, middle, length));
                }
            });
        }
    }

    private static void requireFoundBehind(String formatCode, String card) {
        byte[] track = bytes(";" + formatCode + card + "=2911?");
        assertThat(ClearTracks.hasTrack(track)).as(formatCode).isTrue();
        assertThat(ClearTracks.isPanInMaskedTrack3(track)).as(formatCode).isTrue();
        assertThat(ClearTracks.isPanInTrack3(track)).as(formatCode).isTrue();
    }
}
