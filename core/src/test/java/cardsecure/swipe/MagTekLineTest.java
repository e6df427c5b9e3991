package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.HEX;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.plan;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines of MagTek's readers that differ from the manual's example as their settings make them.
class MagTekLineTest {
    private static final int CRC_FROM_END = 3;

    private static String[] fields() {
        return TestCards.text(SwipeMaker.make(plan(SwipeFormat.MAGTEK_KEYBOARD)))
                .split("\\|", -1);
    }

    /// A line of any fields, with the CRC of those before it.
    static String line(char separator, String... fields) {
        int crcAt = fields.length - CRC_FROM_END;
        String[] all = fields.clone();
        SecretBytes before =
                TestCards.secret(String.join(String.valueOf(separator), Arrays.copyOf(all, crcAt)) + separator);
        all[crcAt] = HEX.formatHex(MagTekKeyboard.crc(before.reveal(), before.length()));
        return String.join(String.valueOf(separator), all);
    }

    private static CardRead open(String line) {
        return OPENER.open(READER.read(TestCards.secret(line)), anyOf(TDES_KEY));
    }

    private static void requireRefused(String line, SwipeStep step) {
        assertThat(Refusals.of(() -> open(line)).reason()).startsWith("swipe, " + step.label() + ": ");
    }

    @Test
    void aTrackThatTheReaderCouldNotDecodeIsNoTrack() {
        for (int bad = 0; bad < 2; bad++) {
            String[] fields = fields();
            int track2 = fields[0].indexOf(';');
            String[] masks = {fields[0].substring(0, track2), fields[0].substring(track2)};
            masks[bad] = masks[bad].charAt(0) + "E?";
            fields[0] = masks[0] + masks[1] + "+E?";
            fields[2 + bad] = "";

            CardRead read = open(line('|', fields));

            assertThat(read.track1().isPresent()).isEqualTo(bad == 1);
            assertThat(read.track2().isPresent()).isEqualTo(bad == 0);
        }
        String[] none = fields();
        none[0] = "%E?;E?";
        none[2] = "";
        none[3] = "";
        requireRefused(line('|', none), SwipeStep.STRUCTURE);
    }

    @Test
    void aThirdTrackInClearIsRefused() {
        for (String third : List.of("+" + TestCards.VISA + "=1?", ";01" + TestCards.MASTERCARD + "=1?")) {
            String[] fields = fields();
            fields[0] += third;
            requireRefused(line('|', fields), SwipeStep.UNENCRYPTED);
        }
        String[] sent = fields();
        sent[4] = HEX.formatHex(TestCards.secret(";" + TestCards.VISA + "=1?").reveal());
        requireRefused(line('|', sent), SwipeStep.UNENCRYPTED);
        for (String mask : List.of("+5163000050000445", "+" + TestCards.MASKED_TO_PASS_LUHN)) {
            String[] masked = fields();
            masked[0] += mask + "=000000000000?";
            assertThat(open(line('|', masked)).track2()).isPresent();
        }
    }

    @Test
    void magnePrintMayBeLeftOutAndACounterPutIn() {
        List<String> fields = List.of(fields());
        List<String> without = new ArrayList<>(fields);
        without.subList(5, 7).clear();
        for (List<String> each : List.of(fields, without)) {
            List<String> counted = new ArrayList<>(each);
            counted.add(each.size() - CRC_FROM_END, "000042");
            for (List<String> line : List.of(each, counted)) {
                CardRead read = open(line('|', line.toArray(String[]::new)));

                assertThat(read.source().serialNumber()).contains(TestSwipes.SERIAL);
                assertThat(read.source().ksn()).isEqualTo(TestSwipes.TDES_KSN);
            }
        }
        List<String> ten = new ArrayList<>(without);
        ten.remove(4);
        assertThat(Refusals.codeOf(() -> open(line('|', ten.toArray(String[]::new)))))
                .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void theCrcIsCheckedWhereThereIsOne() {
        String[] fields = fields();
        String good = String.join("|", fields);
        requireRefused(good.replace(TestSwipes.NAME, "DOE/JANE R"), SwipeStep.CHECKSUM);
        for (String none : List.of("", "0000", "--")) {
            String[] without = fields.clone();
            without[fields.length - CRC_FROM_END] = none;
            assertThat(open(String.join("|", without)).track1()).isPresent();
        }
    }

    @Test
    void theCrcSaysWhichWereBlanks() {
        String line = String.join("|", fields());
        EncryptedSwipe swipe = READER.read(TestCards.secret(line.replace(' ', '+')));

        assertThat(swipe).isInstanceOfSatisfying(EncryptedSwipe.Tracks.class, tracks -> {
            EncryptedSwipe.TrackPart part = tracks.blocks().getFirst().parts().getFirst();
            assertThat(TestCards.text(part.mask().orElseThrow())).contains(TestSwipes.NAME);
        });
    }
}
