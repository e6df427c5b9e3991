package cardsecure.swipe;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a plan may have, so that the swipe says what it says.
class SwipePlanTest {
    private static SwipePlan with(SwipeFormat format, String serial, SwipePlan.Hashes hashes) {
        SwipePlan usual = TestSwipes.plan(format);
        return new SwipePlan(
                format,
                usual.pan(),
                usual.name(),
                usual.expiry(),
                usual.serviceCode(),
                usual.baseKey(),
                usual.ksn(),
                usual.variant(),
                usual.cipher(),
                hashes,
                usual.tracks(),
                serial);
    }

    private static Optional<String> serialOf(SwipeFormat format, String serial) {
        SwipePlan plan = with(format, serial, SwipePlan.Hashes.ZERO);
        return TestSwipes.READER.read(SwipeMaker.make(plan)).source().serialNumber();
    }

    @ParameterizedTest
    @CsvSource({
        "IDTECH_KEYBOARD, 10",
        "IDTECH_BINARY, 10",
        "IDTECH_MANUAL_ENHANCED, 10",
        "IDTECH_EMV, 8",
        "IDTECH_EMV_MARKED, 8",
        "IDTECH_EMV_DOUBLED, 8",
        "GENERIC_TAGS, 8",
        "MAGTEK_EMV, 8",
        "MAGTEK_KEYBOARD, 16",
        "MAGTEK_HID, 16"
    })
    void aSerialNumberThatFitsIsReadWhole(SwipeFormat format, int longest) {
        String serial = "#A-1!Z~9b0CDEFGH".substring(0, longest);

        assertThat(serialOf(format, serial)).contains(serial);
        assertThat(serialOf(format, "")).isEmpty();
        assertThat(Refusals.codeOf(() -> with(format, serial + "I", SwipePlan.Hashes.ZERO)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @ParameterizedTest
    @EnumSource
    void aSerialNumberThatNoReaderHasIsRefused(SwipeFormat format) {
        for (String serial : List.of("x".repeat(500), "x".repeat(17), "SIMé", "SIM 1", "SIM\t1", "SIM\u007f")) {
            assertThat(Refusals.codeOf(() -> with(format, serial, SwipePlan.Hashes.ZERO)))
                    .as(serial)
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
    }

    @Test
    void aBarWouldEndASerialNumberInALine() {
        assertThat(Refusals.codeOf(() -> with(SwipeFormat.MAGTEK_KEYBOARD, "A|B", SwipePlan.Hashes.ZERO)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(serialOf(SwipeFormat.MAGTEK_HID, "A|B")).contains("A|B");
    }

    @ParameterizedTest
    @EnumSource
    void longHashesThatAFrameHasRoomForAreRead(SwipeFormat format) {
        boolean enhanced = switch (format) {
            case IDTECH_KEYBOARD, IDTECH_BINARY, IDTECH_MANUAL_ENHANCED -> true;
            default -> false;
        };
        if (enhanced) {
            SwipePlan plan = with(format, TestSwipes.SERIAL, SwipePlan.Hashes.SHA256);
            assertThat(TestSwipes.read(SwipeMaker.make(plan), plan.baseKey()).pan())
                    .isEqualTo(TestSwipes.pan(TestCards.VISA));
        } else {
            assertThat(Refusals.codeOf(() -> with(format, TestSwipes.SERIAL, SwipePlan.Hashes.SHA256)))
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
    }
}
