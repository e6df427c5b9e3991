package cardsecure.swipe;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.secret.SecretBytes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How much of chip data is kept.
class EmvTagsTest {
    private static final List<String> WANTED = List.of("4F", "50", "82", "84", "8A", "95", "9A", "9B", "9C");

    private static Tlv.Item item(String tag, int length) {
        return new Tlv.Item(tag, Tlv.Mark.NONE, SecretBytes.owning(new byte[length]));
    }

    @Test
    void aValueThatIsTooLongIsLeftOut() {
        EmvTags tags = EmvTags.of(List.of(item("9F10", 253), item("50", 252), item("82", 2)));

        assertThat(tags.values()).containsOnlyKeys("50", "82");
    }

    @Test
    void aValueWithTheCardsNumberIsLeftOut() {
        HexFormat hex = HexFormat.of();
        List<Tlv.Item> items = List.of(
                new Tlv.Item("9F7C", Tlv.Mark.NONE, SecretBytes.owning(hex.parseHex("0" + TestCards.VISA + "F"))),
                new Tlv.Item("50", Tlv.Mark.NONE, TestCards.secret("CARD " + TestCards.VISA)),
                new Tlv.Item("9F6E", Tlv.Mark.NONE, SecretBytes.owning(hex.parseHex(TestCards.MASTERCARD))),
                new Tlv.Item("84", Tlv.Mark.NONE, TestCards.secret(TestCards.VISA.substring(0, 15))));

        assertThat(EmvTags.of(items).without(TestSwipes.pan(TestCards.VISA)).values())
                .containsOnlyKeys("9F6E", "84");
    }

    @Test
    void whatGoesBeyondTheTotalIsLeftOut() {
        List<Tlv.Item> items = new ArrayList<>();
        WANTED.forEach(tag -> items.add(item(tag, 252)));

        EmvTags tags = EmvTags.of(items);

        assertThat(tags.values()).hasSize(6);
        assertThat(tags.and(EmvTags.of(List.of(item("9F26", 8)))).values()).hasSize(6);
    }
}
